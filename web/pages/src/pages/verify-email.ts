/** `/verify-email`: makes the account of who has the link of a registration's mail. */

import { AuthError } from "@latchkey/client";

import { linkToken, onNewToken } from "../link-token";
import { type App, openPage } from "../app";
import { type Child, h } from "../dom";
import { field } from "../field";
import { form } from "../form";
import { GOOD, MAIL, WARNING } from "../icons";
import { newPasswordField } from "../new-password";
import { linkButton, stateCard } from "../state-card";

let stage: "choose" | "done" | "dead" = "choose";

function content(app: App): Child[] {
  const { t } = app;
  const token = linkToken();
  if (stage === "done") {
    return [stateCard(GOOD, "good", t.verify.doneTitle, h("p", {}, t.verify.done), linkButton("/", t.signIn.title))];
  }
  if (stage === "dead") {
    const again = linkButton("/register", t.verify.again);
    return [stateCard(WARNING, "bad", t.verify.deadTitle, h("p", {}, t.verify.dead), again)];
  }
  if (token === null) {
    const again = linkButton("/register", t.verify.again, "plain");
    return [stateCard(MAIL, "plain", t.verify.noTokenTitle, h("p", {}, t.verify.noToken), again)];
  }
  return [h("div", { class: "card" }, h("h1", {}, t.verify.title), h("p", {}, t.verify.text), create(app, token))];
}

function create(app: App, token: string): HTMLElement {
  const { t, auth, config } = app;
  const password = newPasswordField({ label: t.fields.password, email: null }, t, config);
  const name = field({ name: "name", label: t.fields.nameOptional, hint: t.fields.nameHint, autocomplete: "name" }, t);
  const settle = (next: typeof stage): void => {
    stage = next;
    app.redraw();
  };
  return form(app, {
    fields: [name, password],
    submit: t.verify.submit,
    async send() {
      const called = name.input.value.trim();
      await auth.verifyEmail({ token, newPassword: password.input.value, ...(called === "" ? {} : { name: called }) });
      settle("done");
    },
    intercept(thrown) {
      const isDead = thrown instanceof AuthError && thrown.status === 400;
      if (isDead) settle("dead");
      return isDead;
    },
  }).element;
}

void openPage({
  title: (t) => t.verify.title,
  width: "form",
  content,
  before: async (app) =>
    onNewToken(() => {
      stage = "choose";
      app.redraw();
    }),
});
