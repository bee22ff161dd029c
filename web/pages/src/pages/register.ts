/** `/register`: asks for the mail with which an account begins. */

import { type App, openPage } from "../app";
import { askForMail } from "../ask-for-mail";
import { type Child, h } from "../dom";
import { LOCK } from "../icons";
import { linkButton, stateCard } from "../state-card";

function content(app: App): Child[] {
  const { t, auth, config } = app;
  if (config.registration === "off") {
    const back = linkButton("/", t.signIn.title);
    return [stateCard(LOCK, "plain", t.register.title, h("p", {}, t.register.closed), back)];
  }
  const below = h("p", { class: "below" }, `${t.register.haveAccount} `, h("a", { href: "/" }, t.signIn.title));
  return askForMail(app, t.register, auth.register, below);
}

void openPage({ title: (t) => t.register.title, width: "form", content });
