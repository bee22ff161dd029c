/** A labelled input with its hint and what is wrong with it, all of it told to screen readers. */

import { type Child, fill, h, icon } from "./dom";
import { WARNING } from "./icons";
import type { Texts } from "./texts";

export interface Field {
  element: HTMLElement;
  input: HTMLInputElement;
  /** The server's name for it. */
  name: string;
  /** What is wrong with what was typed, as far as can be seen here. */
  complaint(): string | null;
  /** Says what is wrong; nothing takes it back. */
  refuse(messages: string[]): void;
  /** Calls before the form is sent. */
  settle(): void;
}

interface Options {
  name: string;
  label: string;
  autocomplete: AutoFill;
  /** Where two forms of a page have a field of one name. */
  id?: string;
  /** What to say when it is empty; without it, it may be. */
  missing?: string;
  hint?: string;
  value?: string;
  type?: "text" | "email" | "password" | "datetime-local";
  /** Stands behind the input, inside its frame. */
  after?: Child;
  /** Stands below the input. */
  below?: Child[];
}

/** An input of one line. */
export function field(options: Options, t: Texts): Field {
  const { name, id = name, label, type = "text", missing, hint } = options;
  const error = h("div", { id: `${id}-error`, class: "field-error" });
  const input = h("input", {
    id,
    name,
    type,
    value: options.value,
    autocomplete: options.autocomplete,
    required: missing !== undefined,
    "aria-describedby": [hint === undefined ? "" : `${id}-hint`, `${id}-error`].join(" ").trim(),
    ...(type === "email" ? { spellcheck: "false", autocapitalize: "none" } : {}),
  });
  const refuse = (messages: string[]): void => {
    if (messages.length > 0) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    fill(error, ...messages.map((message) => h("p", {}, icon(WARNING), h("span", {}, message))));
  };
  input.addEventListener("input", () => refuse([]));
  const complaint = (): string | null => {
    const isEmpty = type === "password" ? input.value === "" : input.value.trim() === "";
    if (isEmpty) return missing ?? null;
    return input.validity.typeMismatch ? t.fields.noEmail : null;
  };
  const element = h(
    "div",
    { class: "field" },
    h("label", { for: id }, label),
    hint !== undefined && h("p", { id: `${id}-hint`, class: "hint" }, hint),
    h("div", { class: "control" }, input, options.after),
    error,
    ...(options.below ?? []),
  );
  return { element, input, name, complaint, refuse, settle: () => {} };
}

/** A password with a button that shows it, and a word about Caps Lock. */
export function passwordField(options: Omit<Options, "type" | "after">, t: Texts): Field {
  const capsLock = h("p", { class: "hint caps-lock", role: "status" });
  const button = h("button", { type: "button", class: "show", "aria-controls": options.id ?? options.name });
  const below = [capsLock, ...(options.below ?? [])];
  const made = field({ ...options, type: "password", after: button, below }, t);
  const show = (isShown: boolean): void => {
    made.input.type = isShown ? "text" : "password";
    fill(button, isShown ? t.fields.hide : t.fields.show);
    button.setAttribute("aria-label", isShown ? t.fields.hidePassword : t.fields.showPassword);
  };
  show(false);
  button.addEventListener("click", () => show(made.input.type === "password"));
  made.input.addEventListener("keyup", (event) => {
    fill(capsLock, event.getModifierState("CapsLock") && t.fields.capsLock);
  });
  // Browsers keep what a field of another type held among their suggestions.
  return { ...made, settle: () => show(false) };
}
