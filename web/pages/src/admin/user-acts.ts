/** What one may do about a user: each act is one call; what can't be undone, or shuts somebody out, asks first. */

import type { Role } from "@latchkey/client";

import { busyWith } from "../busy";
import { ask } from "../dialog";
import { h } from "../dom";
import { field } from "../field";
import { form } from "../form";
import { tell } from "../tell";
import { roleSelect } from "./role-select";
import type { Opened } from "./user";

export function nameForm({ app, user, done, notices }: Opened): HTMLElement {
  const { t } = app;
  const name = field(
    { name: "name", id: "user-name", label: t.fields.name, autocomplete: "off", value: user.name ?? "" },
    t,
  );
  const made = form(app, {
    fields: [name],
    submit: t.admin.user.save,
    kind: "plain",
    async send() {
      notices.clear();
      const called = name.input.value.trim();
      await app.auth.admin.update(user.id, { name: called === "" ? null : called });
      await done(t.admin.user.saved);
    },
  });
  made.element.classList.add("line");
  return made.element;
}

export function roleForm({ app, me, user, done }: Opened): HTMLElement | null {
  const words = app.t.admin.user;
  // A lead makes nobody more than a member.
  if (me.role !== "admin") return null;
  const role = roleSelect(app, "user-role", ["member", "lead", "admin"], user.role);
  const { element } = form(app, {
    fields: [],
    before: [role.element],
    submit: words.confirm.role,
    kind: "plain",
    async send() {
      const chosen = role.select.value as Role;
      if (chosen === user.role) return;
      const isDone = await ask(app, {
        title: words.roleAsk(user.email, app.t.roles[chosen]),
        text: words.roleText[chosen],
        confirm: words.confirm.role,
        kind: "primary",
        act: () => app.auth.admin.update(user.id, { role: chosen }),
      });
      if (isDone) await done(words.saved);
    },
  });
  element.classList.add("line");
  return element;
}

export function actions(opened: Opened): HTMLElement {
  const { app, me, user, done, gone } = opened;
  const words = app.t.admin.user;
  const { admin } = app.auth;
  const isSelf = user.id === me.id;
  const isActive = user.status === "active";
  const mail = user.has_password ? words.sendReset : words.sendInvitation;
  const other = app.t.statuses;

  const change = async (): Promise<void> => {
    const isDone = await ask(app, {
      title: isActive ? words.disableAsk(user.email) : words.enableAsk(user.email),
      text: isActive ? words.disableText : words.enableText,
      confirm: isActive ? words.confirm.disable : words.confirm.enable,
      kind: isActive ? "danger" : "primary",
      act: () => admin.update(user.id, { status: isActive ? "inactive" : "active" }),
    });
    if (isDone) await done(`${other[isActive ? "inactive" : "active"]}.`);
  };
  const end = async (): Promise<void> => {
    const isDone = await ask(app, {
      title: words.endSessionsAsk(user.email),
      text: words.endSessionsText,
      confirm: words.confirm.endSessions,
      kind: "danger",
      act: () => admin.endSessions(user.id),
    });
    if (isDone) await done(words.sessionsEnded);
  };
  const remove = async (): Promise<void> => {
    const isDone = await ask(app, {
      title: words.removeAsk(user.email),
      text: words.removeText,
      confirm: words.confirm.remove,
      kind: "danger",
      act: () => admin.remove(user.id),
    });
    if (isDone) gone(words.removed(user.email));
  };
  const at = (act: (id: string) => Promise<void>, said: string) => async (): Promise<void> => {
    try {
      await act(user.id);
      await done(said);
    } catch (thrown) {
      tell(thrown, app, opened.notices);
    }
  };
  const button = (text: string, kind: string, onclick: () => void): HTMLButtonElement =>
    h("button", { type: "button", class: `${kind} small`, onclick }, text);
  const acting = (text: string, act: () => Promise<void>): HTMLButtonElement => {
    const made = button(text, "plain", () => void busyWith(made, act));
    return made;
  };
  return h(
    "div",
    { class: "acts" },
    (user.lockout !== null || user.device_locked_until !== null) && acting(words.unlock, at(admin.unlock, words.unlocked)),
    isActive && acting(mail, at(admin.sendReset, words.resetSent)),
    button(words.endSessions, "plain", () => void end()),
    // Together, so that neither falls onto a line of its own.
    !isSelf &&
      h(
        "div",
        { class: "acts" },
        button(
          isActive ? words.confirm.disable : words.confirm.enable,
          isActive ? "danger" : "plain",
          () => void change(),
        ),
        button(words.remove, "danger", () => void remove()),
      ),
  );
}
