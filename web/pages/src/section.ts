/** A titled part of a page. */

import { type Child, h } from "./dom";

export function section(id: string, title: string, text: string | null, ...content: Child[]): HTMLElement {
  const head = h(
    "div",
    { class: "card-head" },
    h("h2", { id: `${id}-title` }, title),
    text !== null && h("p", {}, text),
  );
  return h("section", { id, class: "card", "aria-labelledby": `${id}-title` }, head, ...content);
}
