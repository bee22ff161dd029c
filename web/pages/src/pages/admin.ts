/** `/admin`: users and the audit trail, for admins; users, for leads. */

import type { User } from "@latchkey/client";

import "../style/admin.css";
import { trailView } from "../admin/trail";
import { usersView } from "../admin/users";
import { type App, openOwnPage } from "../app";
import { type Child, fill, h, set } from "../dom";
import { LOCK } from "../icons";
import { linkButton, stateCard } from "../state-card";

function content(app: App, me: User): Child[] {
  const words = app.t.admin;
  if (me.role === "member") {
    const back = linkButton("/account", app.t.changeEmail.toAccount);
    return [stateCard(LOCK, "plain", words.onlyManagers, h("p", {}, words.onlyManagersText), back)];
  }
  const view = h("div", {});
  const tab = (name: string, text: string): HTMLAnchorElement => h("a", { href: `#${name}` }, text);
  const users = tab("users", words.users);
  const trail = tab("trail", words.trail);
  const tabs = h("nav", { class: "tabs", "aria-label": words.views }, users, trail);

  const show = (email?: string): void => {
    const isTrail = me.role === "admin" && location.hash === "#trail";
    set(users, { "aria-current": isTrail ? null : "page" });
    set(trail, { "aria-current": isTrail ? "page" : null });
    fill(view, isTrail ? trailView(app, email) : usersView(app, me, showTrailOf));
  };
  const showTrailOf = (email: string): void => {
    history.pushState(null, "", "#trail");
    show(email);
    trail.focus();
  };
  listening?.abort();
  listening = new AbortController();
  addEventListener("hashchange", () => show(), { signal: listening.signal });
  show();
  return [h("h1", {}, words.title), me.role === "admin" && tabs, view];
}

/** Ends with the next drawing of the page. */
let listening: AbortController | null = null;

void openOwnPage({ title: (t) => t.admin.title, width: "table", content });
