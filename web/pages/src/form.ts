/** A form: looks at its fields, sends once, says what came of it, and puts the focus where the next step is. */

import type { App } from "./app";
import { type Child, h } from "./dom";
import type { Field } from "./field";
import { leaveIfNotKept } from "./leaving";
import { type NoticeBox, noticeBox } from "./notice-box";
import { problemOf } from "./problem";

interface Options {
  fields: Field[];
  submit: string;
  /** What the submit button does; what it throws is told. */
  send(): Promise<void>;
  /** Looks at what was thrown first; true: it was dealt with. */
  intercept?(thrown: unknown): boolean;
  /** Between the last field and the button. */
  before?: Child[];
  /** Beside the button. */
  beside?: Child[];
  kind?: "primary" | "plain";
  /** A 401 is about what was typed, and not about the session. */
  signsIn?: boolean;
}

export interface Form {
  element: HTMLFormElement;
  notices: NoticeBox;
}

export function form(app: App, options: Options): Form {
  const notices = noticeBox(app.t);
  const button = h("button", { class: options.kind ?? "primary" }, options.submit);
  const element = h(
    "form",
    { novalidate: true, method: "post" },
    notices.element,
    ...options.fields.map((field) => field.element),
    ...(options.before ?? []),
    h("div", { class: "actions" }, button, ...(options.beside ?? [])),
  );

  let isBusy = false;
  const busy = (now: boolean): void => {
    isBusy = now;
    button.setAttribute("aria-disabled", String(now));
    button.classList.toggle("busy", now);
  };

  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isBusy || notices.isWaiting()) return;
    notices.clear();
    if (!complete(options.fields)) return;
    for (const field of options.fields) field.settle();
    busy(true);
    try {
      await options.send();
    } catch (thrown) {
      if (options.intercept?.(thrown) || (!options.signsIn && leaveIfNotKept(thrown))) return;
      tell(thrown, app, options.fields, notices);
    } finally {
      busy(false);
    }
  });
  return { element, notices };
}

function complete(fields: Field[]): boolean {
  const complaints = fields.map((field) => ({ field, complaint: field.complaint() }));
  for (const { field, complaint } of complaints) field.refuse(complaint === null ? [] : [complaint]);
  const first = complaints.find(({ complaint }) => complaint !== null);
  first?.field.input.focus();
  return first === undefined;
}

/** What is wrong with a field of the form stands at the field, and everything else above the form. */
function tell(thrown: unknown, app: App, fields: Field[], notices: NoticeBox): void {
  const problem = problemOf(thrown, app.t, app.config);
  const refused = fields.filter((field) => problem.fields.has(field.name));
  for (const field of refused) field.refuse(problem.fields.get(field.name) ?? []);
  if (refused.length > 0) {
    refused[0]?.input.focus();
    return;
  }
  const ofNoField = [...problem.fields.values()].flat().join(" ");
  notices.problem(ofNoField === "" ? problem : { ...problem, text: ofNoField });
}
