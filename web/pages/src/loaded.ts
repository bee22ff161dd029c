/** A part of a page that comes from the server: waits, shows what came, or says why nothing did and tries again. */

import type { App } from "./app";
import { type Child, fill, h } from "./dom";
import { noticeBox } from "./notice-box";
import { tell } from "./tell";

export interface Loaded {
  element: HTMLElement;
  /** Asks anew; what is shown stays until the answer is there. */
  load(): Promise<void>;
}

export function loaded<T>(app: App, ask: () => Promise<T>, draw: (answer: T) => Child[]): Loaded {
  const element = h("div", { class: "loaded" });
  let asked = 0;
  const load = async (): Promise<void> => {
    const mine = ++asked;
    element.setAttribute("aria-busy", "true");
    if (!element.hasChildNodes()) fill(element, h("p", { class: "waiting" }, app.t.loading));
    try {
      const answer = await ask();
      if (mine === asked) fill(element, ...draw(answer));
    } catch (thrown) {
      if (mine === asked) fail(thrown);
    } finally {
      if (mine === asked) element.removeAttribute("aria-busy");
    }
  };
  const fail = (thrown: unknown): void => {
    const notices = noticeBox(app.t);
    const again = h(
      "button",
      { type: "button", class: "plain small", onclick: () => void load() },
      app.t.problems.tryAgain,
    );
    fill(element, notices.element, again);
    if (tell(thrown, app, notices)?.isNetwork)
      addEventListener("online", () => element.isConnected && void load(), { once: true });
  };
  void load();
  return { element, load };
}
