/** Who has an account: found by e-mail or looked through, each opened in a dialog; and new ones invited. */

import type { ListedUser, User } from "@latchkey/client";

import type { App } from "../app";
import { type Child, fill, h } from "../dom";
import { field } from "../field";
import { ago, day } from "../format";
import { noticeBox } from "../notice-box";
import { invite } from "./invite";
import { type Pages, pages } from "./pages";
import { table } from "./table";
import { openUser } from "./user";

/** As many rows as a screen or two. */
const ROWS = 25;

/** `showTrail` goes to what happened to a user. */
export function usersView(app: App, me: User, showTrail: (email: string) => void): HTMLElement {
  const words = app.t.admin;
  const notices = noticeBox(app.t);
  const place = h("div", {});
  const email = field(
    { name: "email", id: "search", type: "email", label: words.search, hint: words.searchHint, autocomplete: "off" },
    app.t,
  );

  let list: Pages<ListedUser>;
  const show = (wanted: string): void => {
    list = usersOf(app, me, wanted, (user) => openUser(app, me, user.id, { changed, closed, showTrail }));
    fill(place, list.element);
  };
  const changed = (id: string, user: ListedUser | null, done: string | null): void => {
    list.replace((other) => other.id === id, user);
    if (done !== null) notices.good(done);
  };
  // The row that the dialog was opened from was drawn anew meanwhile, or is gone with its user.
  const closed = (id: string): void => {
    if (document.activeElement === document.body) (document.getElementById(rowOf(id)) ?? email.input).focus();
  };

  const all = h("button", { type: "button", class: "link" }, words.showAll);
  all.hidden = true;
  all.addEventListener("click", () => {
    email.input.value = "";
    all.hidden = true;
    show("");
    email.input.focus();
  });
  const search = h(
    "form",
    { role: "search", class: "search", novalidate: true },
    email.element,
    h("button", { class: "plain" }, words.find),
    all,
  );
  search.addEventListener("submit", (event) => {
    event.preventDefault();
    const complaint = email.complaint();
    email.refuse(complaint === null ? [] : [complaint]);
    if (complaint !== null) return;
    const wanted = email.input.value.trim();
    all.hidden = wanted === "";
    show(wanted);
  });
  const inviting = h("button", { type: "button", class: "primary" }, words.invite);
  inviting.addEventListener("click", async () => {
    const user = await invite(app, me);
    if (user === null) return;
    if (user.mail === null) notices.info(words.invitation.notMailed(user.email));
    else notices.good(words.invitation.done(user.email));
    show(email.input.value.trim());
  });
  show("");
  return h("div", { class: "card" }, h("div", { class: "tools" }, search, inviting), notices.element, place);
}

function usersOf(app: App, me: User, email: string, open: (user: ListedUser) => void): Pages<ListedUser> {
  const words = app.t.admin;
  return pages<ListedUser>(app, {
    async ask(cursor) {
      const query = { limit: ROWS, ...(cursor === undefined ? {} : { cursor }), ...(email === "" ? {} : { email }) };
      const { users, nextCursor } = await app.auth.admin.users(query);
      return { items: users, nextCursor };
    },
    draw: (users) => table(words.users, columns(app, me, open), users),
    nothing: email === "" ? words.nobody : words.nobodyHas(email),
    more: words.more,
    count: words.shown,
  });
}

function columns(app: App, me: User, open: (user: ListedUser) => void) {
  const { admin: words, roles } = app.t;
  return [
    { title: words.columns.user, isWide: true, cell: (user: ListedUser): Child[] => who(app, me, user, open) },
    { title: words.columns.role, cell: (user: ListedUser): Child[] => [roles[user.role]] },
    { title: words.columns.status, cell: (user: ListedUser): Child[] => [status(app, user)] },
    { title: words.columns.created, cell: (user: ListedUser): Child[] => [day(user.created_at)] },
    {
      title: words.columns.lastSignIn,
      cell: (user: ListedUser): Child[] => [user.last_login === null ? words.never : ago(user.last_login)],
    },
  ];
}

function who(app: App, me: User, user: ListedUser, open: (user: ListedUser) => void): Child[] {
  const name = h(
    "span",
    { class: "name" },
    user.name ?? user.email,
    user.id === me.id && h("span", { class: "badge" }, app.t.admin.you),
  );
  const email = user.name !== null && h("span", { class: "hint" }, user.email);
  return [h("button", { type: "button", id: rowOf(user.id), class: "row", onclick: () => open(user) }, name, email)];
}

function rowOf(id: string): string {
  return `user-${id}`;
}

/** Disabled, waiting for a password, or in use. */
export function status(app: App, user: ListedUser): HTMLElement {
  const { statuses, admin } = app.t;
  if (user.status === "inactive") return h("span", { class: "badge bad" }, statuses.inactive);
  if (!user.has_password) return h("span", { class: "badge warn" }, admin.noPassword);
  return h("span", { class: "badge good" }, statuses.active);
}
