/** `/reset-password`: a new password for who has the link of the mail; without one, the page asks for it. */

import { AuthError } from "@latchkey/client";

import { linkToken, onNewToken } from "../link-token";
import { type App, openPage } from "../app";
import { askForMail } from "../ask-for-mail";
import { type Child, h } from "../dom";
import { form } from "../form";
import { GOOD, WARNING } from "../icons";
import { newPasswordField } from "../new-password";
import { linkButton, stateCard } from "../state-card";

let stage: "choose" | "done" | "dead" = "choose";

function content(app: App): Child[] {
  const { t, auth } = app;
  const back = h("p", { class: "below" }, h("a", { href: "/" }, t.forgot.back));
  const token = linkToken();
  if (stage === "done") {
    return [stateCard(GOOD, "good", t.reset.doneTitle, h("p", {}, t.reset.done), linkButton("/", t.signIn.title))];
  }
  if (stage === "dead") {
    const ask = linkButton("/forgot-password", t.reset.ask);
    return [stateCard(WARNING, "bad", t.reset.deadTitle, h("p", {}, t.reset.dead), ask)];
  }
  if (token === null) return askForMail(app, t.forgot, auth.forgotPassword, back);
  return [h("div", { class: "card" }, h("h1", {}, t.reset.title), choose(app, token)), back];
}

function choose(app: App, token: string): HTMLElement {
  const { t, auth, config } = app;
  const password = newPasswordField({ label: t.fields.newPassword, email: null }, t, config);
  const settle = (next: typeof stage): void => {
    stage = next;
    app.redraw();
  };
  return form(app, {
    fields: [password],
    submit: t.reset.submit,
    async send() {
      await auth.resetPassword({ token, newPassword: password.input.value });
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
  title: (t) => (stage === "choose" && linkToken() === null ? t.forgot.title : t.reset.title),
  width: "form",
  content,
  before: async (app) =>
    onNewToken(() => {
      stage = "choose";
      app.redraw();
    }),
});
