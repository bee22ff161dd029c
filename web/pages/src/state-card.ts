/** What stands in place of a form once there is nothing more to fill in. */

import { type Child, h, icon } from "./dom";

export function stateCard(
  drawing: string,
  kind: "good" | "bad" | "plain",
  title: string,
  ...content: Child[]
): HTMLElement {
  return h("div", { class: `card state ${kind}` }, icon(drawing), h("h1", {}, title), ...content);
}

/** A link that looks like the button it stands in place of. */
export function linkButton(href: string, text: string, kind: "primary" | "plain" = "primary"): HTMLElement {
  return h("a", { class: `button ${kind}`, href }, text);
}
