/** `/change-email`: confirms a new address, by the signed-in user who asked for it. */

import { AuthError } from "@latchkey/client";

import { linkToken, onNewToken } from "../link-token";
import { type App, openPage } from "../app";
import { retrying } from "../connection";
import { type Child, h } from "../dom";
import { form } from "../form";
import { GOOD, MAIL, WARNING } from "../icons";
import { signInForm } from "../sign-in-form";
import { linkButton, stateCard } from "../state-card";

let stage: "confirm" | "done" | "dead" = "confirm";

/** Whether the session is refused, though nobody ended it. */
let isRefused = false;

function content(app: App): Child[] {
  const { t, auth } = app;
  const { user } = auth.state;
  const token = linkToken();
  const toAccount = linkButton("/account", t.changeEmail.toAccount);
  if (stage === "done") {
    const done = h("p", {}, t.changeEmail.done(user?.email ?? ""));
    return [stateCard(GOOD, "good", t.changeEmail.doneTitle, done, toAccount)];
  }
  if (stage === "dead") {
    return [stateCard(WARNING, "bad", t.changeEmail.deadTitle, h("p", {}, t.changeEmail.dead), toAccount)];
  }
  if (token === null) {
    return [stateCard(MAIL, "plain", t.changeEmail.noTokenTitle, h("p", {}, t.changeEmail.noToken), toAccount)];
  }
  const [text, element] = user === null || isRefused ? signInFirst(app) : confirm(app, token, user.email);
  return [h("div", { class: "card" }, h("h1", {}, t.changeEmail.title), h("p", {}, text), element)];
}

function signInFirst(app: App): [string, HTMLElement] {
  const { element, notices } = signInForm(app, () => {
    isRefused = false;
    app.redraw();
  });
  if (isRefused) notices.info(app.t.signIn.notKept);
  return [app.t.changeEmail.signInFirst, element];
}

/** A click and not the visit: programs that look into mails open links, too. */
function confirm(app: App, token: string, email: string): [string, HTMLElement] {
  const { t, auth } = app;
  const settle = (next: typeof stage): void => {
    stage = next;
    app.redraw();
  };
  const { element } = form(app, {
    fields: [],
    submit: t.changeEmail.submit,
    async send() {
      await auth.confirmEmail(token);
      settle("done");
    },
    intercept(thrown) {
      const status = thrown instanceof AuthError ? thrown.status : 0;
      if (status === 400) settle("dead");
      if (status === 401) {
        isRefused = auth.state.user !== null;
        app.redraw();
      }
      return status === 400 || status === 401;
    },
  });
  return [t.changeEmail.text(email), element];
}

void openPage({
  title: (t) => t.changeEmail.title,
  width: "form",
  content,
  async before(app) {
    onNewToken(() => {
      stage = "confirm";
      app.redraw();
    });
    await retrying(app, async () => {
      try {
        await app.auth.restore();
      } catch (thrown) {
        isRefused = thrown instanceof AuthError && thrown.status === 401;
        if (!isRefused) throw thrown;
      }
    });
    app.auth.onAuthStateChange(({ status }) => {
      if (status === "signedOut" && stage === "confirm") app.redraw();
    });
  },
});
