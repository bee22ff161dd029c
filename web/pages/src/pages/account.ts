/** `/account`: who one is, where one is signed in, another password, another address. */

import type { User } from "@latchkey/client";

import "../style/account.css";
import { emailSection } from "../account/email";
import { passwordSection } from "../account/password";
import { sessionsSection } from "../account/sessions";
import { type App, openOwnPage } from "../app";
import { type Child, h } from "../dom";
import { day, moment } from "../format";

function content(app: App, user: User): Child[] {
  const sessions = sessionsSection(app);
  return [
    profile(app, user),
    h("div", { class: "stack" }, sessions.element, passwordSection(app, user, sessions.load), emailSection(app)),
  ];
}

function profile({ t }: App, user: User): HTMLElement {
  const fact = (term: string, value: string): Child[] => [h("div", {}, h("dt", {}, term), h("dd", {}, value))];
  return h(
    "div",
    { class: "profile" },
    h("h1", {}, user.name === null ? t.account.title : t.account.greeting(user.name)),
    h("p", { class: "hint" }, user.email),
    h(
      "dl",
      { class: "facts" },
      ...fact(t.account.role, t.roles[user.role]),
      ...fact(t.account.memberSince, day(user.created_at)),
      ...(user.last_login === null ? [] : fact(t.account.lastSignIn, moment(user.last_login))),
    ),
  );
}

void openOwnPage({ title: (t) => t.account.title, width: "text", content });
