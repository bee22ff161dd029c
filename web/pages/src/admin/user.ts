/** One user in a dialog: what is known, and what the person who looks may do about it. */

import type { ListedUser, User, UserDetails } from "@latchkey/client";

import type { App } from "../app";
import { openDialog } from "../dialog";
import { type Child, fill, h } from "../dom";
import { moment } from "../format";
import { loaded } from "../loaded";
import { type NoticeBox, noticeBox } from "../notice-box";
import { actions, nameForm, roleForm } from "./user-acts";
import { status } from "./users";

export interface UserEvents {
  /** The user is another now, or gone (null); and what was done, where the dialog doesn't say it itself. */
  changed(id: string, user: ListedUser | null, done: string | null): void;
  /** The dialog is closed. */
  closed(id: string): void;
  showTrail(email: string): void;
}

/** What an act in the dialog works with. */
export interface Opened {
  app: App;
  me: User;
  user: UserDetails;
  notices: NoticeBox;
  /** Shows the user as he is now, and says what was done. */
  done(text: string): Promise<void>;
  /** Closes the dialog: the user is gone. */
  gone(text: string): void;
  showTrail(): void;
}

export function openUser(app: App, me: User, id: string, events: UserEvents): void {
  const notices = noticeBox(app.t);
  const look = async (): Promise<UserDetails> => {
    const user = await app.auth.admin.user(id);
    events.changed(id, user, null);
    return user;
  };
  const body = loaded(app, look, (user) => {
    const done = async (text: string): Promise<void> => {
      await body.load();
      notices.good(text);
      heading()?.focus();
    };
    const gone = (text: string): void => {
      dialog.close();
      events.changed(id, null, text);
    };
    const showTrail = (): void => {
      dialog.close();
      events.showTrail(user.email);
    };
    fill(heading() ?? h("h2"), user.name ?? user.email);
    return draw({ app, me, user, notices, done, gone, showTrail });
  });
  const dialog = openDialog(app, app.t.loading, notices.element, body.element);
  dialog.element.addEventListener("close", () => events.closed(id));
  const heading = (): HTMLElement | null => dialog.element.querySelector("h2");
}

function draw(opened: Opened): Child[] {
  const { app, me, user } = opened;
  const words = app.t.admin.user;
  const mayChange = me.role === "admin" || user.role === "member";
  return [
    h("p", { class: "who" }, user.name !== null && h("span", {}, user.email), status(app, user)),
    facts(app, user),
    !mayChange && h("p", { class: "hint" }, words.readOnly),
    mayChange && nameForm(opened),
    mayChange && (user.id === me.id ? h("p", { class: "hint" }, words.self) : roleForm(opened)),
    mayChange && actions(opened),
    me.role === "admin" && h("button", { type: "button", class: "link", onclick: opened.showTrail }, words.trail),
  ];
}

function facts({ t }: App, user: UserDetails): HTMLElement {
  const words = t.admin.user;
  const fact = (term: string, value: string): HTMLElement => h("div", {}, h("dt", {}, term), h("dd", {}, value));
  return h(
    "dl",
    { class: "facts" },
    fact(t.account.role, t.roles[user.role]),
    fact(words.facts.password, user.has_password ? words.hasPassword : words.hasNoPassword),
    fact(words.facts.lock, lock(user, t)),
    fact(words.facts.created, moment(user.created_at)),
    fact(words.facts.lastSignIn, user.last_login === null ? t.admin.never : moment(user.last_login)),
    fact(words.facts.id, user.id),
  );
}

/** The e-mail's lock, and that of a device which counts its own failures. */
function lock({ lockout, device_locked_until: device }: UserDetails, t: App["t"]): string {
  const words = t.admin.user;
  const told = [
    lockout && (lockout.locked ? words.lockedUntil(moment(lockout.until)) : words.attempts(lockout.attempts)),
    device && words.deviceLockedUntil(moment(device)),
  ].filter((part) => part !== null);
  return told.length === 0 ? words.notLocked : told.join("; ");
}
