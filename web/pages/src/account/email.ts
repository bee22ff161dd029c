/** Another address: a link to it makes it the user's. */

import type { App } from "../app";
import { field, passwordField } from "../field";
import { form } from "../form";
import { section } from "../section";

export function emailSection(app: App): HTMLElement {
  const { t, auth } = app;
  const email = field(
    {
      name: "new_email",
      type: "email",
      label: t.fields.newEmail,
      autocomplete: "email",
      missing: t.fields.missing.newEmail,
    },
    t,
  );
  const current = passwordField(
    {
      id: "current_password_for_email",
      name: "current_password",
      label: t.fields.currentPassword,
      autocomplete: "current-password",
      missing: t.fields.missing.currentPassword,
    },
    t,
  );
  const made = form(app, {
    fields: [email, current],
    submit: t.account.email.submit,
    async send() {
      const newEmail = email.input.value.trim();
      await auth.changeEmail({ newEmail, currentPassword: current.input.value });
      email.input.value = "";
      current.input.value = "";
      made.notices.good(t.account.email.done(newEmail));
    },
  });
  return section("email", t.account.email.title, t.account.email.text, made.element);
}
