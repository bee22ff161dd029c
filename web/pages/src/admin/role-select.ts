/** The choice of a role. */

import type { Role } from "@latchkey/client";

import type { App } from "../app";
import { h } from "../dom";

interface RoleSelect {
  element: HTMLElement;
  select: HTMLSelectElement;
}

export function roleSelect({ t }: App, id: string, roles: Role[], chosen: Role): RoleSelect {
  const about = h("p", { class: "hint", id: `${id}-hint` });
  const options = roles.map((role) => h("option", { value: role, selected: role === chosen }, t.roles[role]));
  const select = h("select", { id, "aria-describedby": about.id }, ...options);
  const explain = (): void => {
    about.textContent = t.admin.user.roleText[select.value as Role];
  };
  select.addEventListener("change", explain);
  explain();
  return { element: h("div", { class: "field" }, h("label", { for: id }, t.account.role), select, about), select };
}
