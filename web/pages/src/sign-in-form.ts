/** E-mail and password, for every page on which one signs in. */

import type { App } from "./app";
import { type Field, field, passwordField } from "./field";
import { type Form, form } from "./form";
import { takeEmail } from "./notice";

/** `done` is called with the user signed in. */
export function signInForm(app: App, done: () => void): Form & { email: Field; password: Field } {
  const { t, auth } = app;
  const email = field(
    {
      name: "email",
      type: "email",
      label: t.fields.email,
      autocomplete: "username",
      missing: t.fields.missing.email,
      value: takeEmail(),
    },
    t,
  );
  const password = passwordField(
    {
      name: "password",
      label: t.fields.password,
      autocomplete: "current-password",
      missing: t.fields.missing.password,
    },
    t,
  );
  const made = form(app, {
    fields: [email, password],
    submit: t.signIn.submit,
    signsIn: true,
    async send() {
      try {
        await auth.login({ email: email.input.value.trim(), password: password.input.value });
        done();
      } catch (thrown) {
        password.input.select();
        throw thrown;
      }
    },
  });
  return { ...made, email, password };
}
