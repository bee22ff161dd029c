/** A new password for who knows the current one. */

import type { User } from "@latchkey/client";

import type { App } from "../app";
import { h } from "../dom";
import { passwordField } from "../field";
import { form } from "../form";
import { newPasswordField } from "../new-password";
import { section } from "../section";

/** `changed` is called once all other sessions have ended. */
export function passwordSection(app: App, user: User, changed: () => Promise<void>): HTMLElement {
  const { t, auth, config } = app;
  const current = passwordField(
    {
      name: "current_password",
      label: t.fields.currentPassword,
      autocomplete: "current-password",
      missing: t.fields.missing.currentPassword,
    },
    t,
  );
  const chosen = newPasswordField({ label: t.fields.newPassword, email: user.email }, t, config);
  const made = form(app, {
    fields: [current, chosen],
    submit: t.account.password.submit,
    async send() {
      await auth.changePassword({ currentPassword: current.input.value, newPassword: chosen.input.value });
      for (const { input } of [current, chosen]) {
        input.value = "";
        input.dispatchEvent(new Event("input"));
      }
      made.notices.good(t.account.password.done);
      await changed();
    },
  });
  // Whose password it is, for password managers.
  made.element.prepend(
    h("input", {
      type: "email",
      name: "username",
      autocomplete: "username",
      value: user.email,
      readonly: true,
      hidden: true,
    }),
  );
  return section("password", t.account.password.title, t.account.password.text, made.element);
}
