/** Dialogs: the browser keeps the focus inside, closes on Escape, and puts the focus back. */

import { busyWith } from "./busy";
import { type Child, h, icon } from "./dom";
import { CLOSE } from "./icons";
import type { NoticeBox } from "./notice-box";
import { noticeBox } from "./notice-box";
import { tell } from "./tell";
import type { App } from "./app";

export interface Dialog {
  element: HTMLDialogElement;
  close(): void;
}

/** Opens a dialog; it is gone from the page once it is closed. */
export function openDialog(app: App, title: string, ...content: Child[]): Dialog {
  const close = (): void => element.close();
  const button = h(
    "button",
    { type: "button", class: "close", "aria-label": app.t.admin.close, onclick: close },
    icon(CLOSE),
  );
  const heading = h("h2", { id: nextId(), tabindex: "-1" }, title);
  const head = h("div", { class: "dialog-head" }, heading, button);
  const element = h("dialog", { "aria-labelledby": heading.id }, h("div", { class: "dialog" }, head, ...content));
  element.addEventListener("close", () => element.remove());
  document.body.append(element);
  element.showModal();
  heading.focus();
  return { element, close };
}

interface Question {
  title: string;
  text: string;
  /** What the button says that does it. */
  confirm: string;
  kind: "primary" | "danger";
  act(): Promise<unknown>;
}

/** Asks before it acts; resolves to whether it was done. What goes wrong is told in the dialog. */
export function ask(app: App, { title, text, confirm, kind, act }: Question): Promise<boolean> {
  return new Promise((resolve) => {
    let isDone = false;
    const notices: NoticeBox = noticeBox(app.t);
    const yes = h("button", { type: "button", class: kind }, confirm);
    const no = h("button", { type: "button", class: "plain" }, app.t.admin.cancel);
    const dialog = openDialog(app, title, h("p", {}, text), notices.element, h("div", { class: "actions" }, no, yes));
    dialog.element.addEventListener("close", () => resolve(isDone));
    no.addEventListener("click", dialog.close);
    const doIt = async (): Promise<void> => {
      try {
        await act();
        isDone = true;
        dialog.close();
      } catch (thrown) {
        tell(thrown, app, notices);
      }
    };
    yes.addEventListener("click", () => void busyWith(yes, doIt));
  });
}

let count = 0;

function nextId(): string {
  return `dialog-${++count}`;
}
