/** What an entry of the audit trail says is different now (functions/admin/src/change.rs and its like), in words. */

import type { Role, Status } from "@latchkey/client";

import { exact } from "../format";
import type { Texts } from "../texts";

/** `role member -> lead, name` in the language of the page; what isn't known stays as it is. */
export function changeInWords(change: string, t: Texts): string {
  const parts = change.split(", ").map((part) => inWords(part, t));
  return parts.join(", ");
}

function inWords(part: string, t: Texts): string {
  const { changes: words } = t;
  const role = (name: string | undefined): string => t.roles[name as Role] ?? name ?? "";
  const status = (name: string | undefined): string => t.statuses[name as Status] ?? name ?? "";
  const [what, from, arrow, to] = part.split(" ");
  if (what === "role" && arrow === "->") return words.role(role(from), role(to));
  if (what === "status" && arrow === "->") return words.status(status(from), status(to));
  if (what === "role" && arrow === undefined) return words.as(role(from));
  if (part.startsWith("signs from ")) return words.signsFrom(exact(part.slice("signs from ".length)));
  if (part.startsWith("from session ")) return words.fromSession;
  const known: Record<string, string> = {
    name: words.name,
    invited: words.invited,
    "with a password": words.withPassword,
  };
  return known[part] ?? part;
}
