/** The audit trail: who did what to whom, when and from where. */

import type { AuditEntry } from "@latchkey/client";

import type { App } from "../app";
import { deviceInWords, deviceOf } from "../device";
import { type Child, fill, h } from "../dom";
import { field } from "../field";
import { exact } from "../format";
import { address } from "./address";
import { changeInWords } from "./change";
import { pages } from "./pages";
import { table } from "./table";

interface Query {
  email: string;
  since: string;
  until: string;
}

const ROWS = 50;

/** Of everybody, or of the user with this e-mail. */
export function trailView(app: App, email = ""): HTMLElement {
  const { t } = app;
  const words = t.admin.audit;
  const place = h("div", {});
  const who = field(
    { name: "email", id: "trail-email", type: "email", label: words.email, autocomplete: "off", value: email },
    t,
  );
  const since = field(
    { name: "since", id: "trail-since", type: "datetime-local", label: words.since, autocomplete: "off" },
    t,
  );
  const until = field(
    { name: "until", id: "trail-until", type: "datetime-local", label: words.until, autocomplete: "off" },
    t,
  );
  const show = (): void => {
    const query = { email: who.input.value.trim(), since: since.input.value, until: until.input.value };
    fill(place, entriesOf(app, query));
  };
  const everything = h("button", { type: "button", class: "link" }, words.everything);
  everything.addEventListener("click", () => {
    for (const { input } of [who, since, until]) input.value = "";
    show();
  });
  const search = h(
    "form",
    { role: "search", class: "search", novalidate: true },
    who.element,
    since.element,
    until.element,
    h("button", { class: "plain" }, words.show),
    everything,
  );
  search.addEventListener("submit", (event) => {
    event.preventDefault();
    const complaint = who.complaint();
    who.refuse(complaint === null ? [] : [complaint]);
    const isTurned = since.input.value !== "" && until.input.value !== "" && since.input.value > until.input.value;
    until.refuse(isTurned ? [t.server.untilBeforeSince] : []);
    if (complaint === null && !isTurned) show();
  });
  show();
  return h(
    "div",
    { class: "card" },
    h("div", { class: "tools" }, search),
    h("p", { class: "hint" }, words.hint),
    place,
  );
}

function entriesOf(app: App, query: Query): HTMLElement {
  const words = app.t.admin.audit;
  const asked = {
    limit: ROWS,
    ...(query.email === "" ? {} : { email: query.email }),
    ...(query.since === "" ? {} : { since: new Date(query.since) }),
    ...(query.until === "" ? {} : { until: new Date(query.until) }),
  };
  return pages<AuditEntry>(app, {
    async ask(cursor) {
      const { entries, nextCursor } = await app.auth.admin.audit({
        ...asked,
        ...(cursor === undefined ? {} : { cursor }),
      });
      return { items: entries, nextCursor };
    },
    draw: (entries) => table(app.t.admin.trail, columns(app), entries),
    nothing: words.none,
    more: words.older,
    count: words.count,
  }).element;
}

function columns(app: App) {
  const words = app.t.admin.audit;
  return [
    {
      title: words.columns.at,
      cell: (entry: AuditEntry): Child[] => [h("time", { datetime: entry.at }, exact(entry.at))],
    },
    { title: words.columns.event, isWide: true, cell: (entry: AuditEntry): Child[] => what(app, entry) },
    { title: words.columns.who, isWide: true, cell: (entry: AuditEntry): Child[] => whom(app, entry) },
    { title: words.columns.from, cell: (entry: AuditEntry): Child[] => from(app, entry) },
  ];
}

function what({ t }: App, entry: AuditEntry): Child[] {
  const more = [
    entry.reason === null ? null : (t.reasons[entry.reason] ?? entry.reason.replaceAll("_", " ")),
    entry.change && changeInWords(entry.change, t),
  ];
  const said = more.filter((part) => part !== null).join("; ");
  return [
    h(
      "span",
      { class: "name" },
      t.events[entry.event] ?? entry.event.replaceAll("_", " "),
      entry.outcome === "failure" && h("span", { class: "badge bad" }, t.admin.audit.failed),
    ),
    said !== "" && h("span", { class: "hint" }, said),
  ];
}

function whom({ t }: App, entry: AuditEntry): Child[] {
  const words = t.admin.audit;
  const isKnown = entry.user_id !== null;
  const subject =
    entry.email ?? (isKnown ? words.goneUser : entry.key_id === null ? words.unknownEmail : words.signingKey);
  const { actor } = entry;
  const by =
    actor === null
      ? null
      : "operator" in actor
        ? words.operator(actor.operator)
        : (entry.actor_email ?? words.goneUser);
  return [address(subject), by !== null && address(words.by(by), "hint")];
}

function from({ t }: App, entry: AuditEntry): Child[] {
  const agent = entry.user_agent;
  return [
    h("span", {}, entry.address ?? "–"),
    agent !== null && h("span", { class: "hint agent", title: agent }, deviceInWords(deviceOf(agent), t)),
  ];
}
