/** A table that becomes a list of cards on a phone: each cell then says the name of its column. */

import { type Child, h } from "../dom";

export interface Column<T> {
  title: string;
  /** Takes the room that the others leave, and breaks its lines. */
  isWide?: boolean;
  cell(row: T): Child[];
}

export function table<T>(caption: string, columns: Column<T>[], rows: T[]): HTMLElement {
  const head = columns.map(({ title }) => h("th", { scope: "col", role: "columnheader" }, title));
  const row = (of: T): HTMLElement =>
    h(
      "tr",
      { role: "row" },
      ...columns.map(({ title, cell, isWide = false }) =>
        h("td", { role: "cell", class: isWide ? "wide" : null, "data-title": title }, h("div", {}, ...cell(of))),
      ),
    );
  // Roles are said again, since a table that is shown otherwise loses them.
  return h(
    "table",
    { role: "table" },
    h("caption", { class: "visually-hidden" }, caption),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...head)),
    h("tbody", { role: "rowgroup" }, ...rows.map(row)),
  );
}
