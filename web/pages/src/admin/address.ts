/** An e-mail in a narrow column. */

import { h } from "../dom";

/** A line with e-mails in it, which breaks before the @ or a dot of the domain if it must. */
export function address(text: string, kind = ""): HTMLElement {
  const [first, ...rest] = text.split(/(?=@)|(?<=@\S*)(?=\.)/);
  const parts = rest.flatMap((part) => [h("wbr"), part]);
  return h("span", { class: `address ${kind}`.trim() }, first, ...parts);
}
