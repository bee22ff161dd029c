/** Offline and back: says so, and goes on by itself. */

import { AuthError } from "@latchkey/client";

import { fill, h, icon } from "./dom";
import { LOCK, OFFLINE } from "./icons";
import { obstacleOf } from "./problem";
import type { Shell } from "./shell";
import { type Texts, texts } from "./texts";

/** So long an unreachable server is left alone before it is asked again, in milliseconds: at first, and at last. */
const PATIENCE = 3_000;
const LONGEST_PATIENCE = 30_000;

/** How long "connected again" stays. */
const RELIEF = 4_000;

/** Keeps a line at the top of the page while the browser knows that it is offline. */
export function watchConnection(shell: Shell): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    clearTimeout(timer);
    const { problems } = texts();
    if (!navigator.onLine) shell.banner("warn", icon(OFFLINE), `${problems.offlineTitle}. ${problems.offline}`);
    else if (shell.hasBanner()) {
      shell.banner("good", problems.backOnline);
      timer = setTimeout(() => shell.banner("none"), RELIEF);
    }
  };
  addEventListener("online", look);
  addEventListener("offline", look);
  shell.onLanguage(look);
  look();
}

interface Waiting {
  t: Texts;
  shell: Shell;
  /** What the page waits for, if that is not just its content. */
  text?: string;
}

/** Does what a page can't be without, again and again until the server answers; the page says what it waits for. */
export async function retrying<T>(waiting: Waiting, work: () => Promise<T>): Promise<T> {
  const { main } = waiting.shell;
  const again = h("button", { type: "button", class: "plain" }, waiting.t.problems.tryAgain);
  const state = h("div", { role: "alert" });
  const card = h("div", { class: "card state" }, state, again);
  let said = "";
  for (let failures = 0; ; failures++) {
    try {
      return await work();
    } catch (thrown) {
      const { title, text } = obstacleOf(thrown, waiting.t, waiting.text);
      const drawing = icon(isRefusal(thrown) ? LOCK : OFFLINE);
      // Only what is new: a screen reader would read all of it out with each try, and the button lose the focus.
      if (said !== title + text) fill(state, drawing, h("h1", {}, title), h("p", {}, text));
      said = title + text;
      if (!card.isConnected) fill(main, card);
      main.removeAttribute("aria-busy");
      again.classList.remove("busy");
      await connectionOr(again, patience(thrown, failures));
      again.classList.add("busy");
    }
  }
}

function isRefusal(thrown: unknown): boolean {
  return thrown instanceof AuthError && thrown.status === 403;
}

/** Longer from failure to failure, and as long as the server asks for. */
function patience(thrown: unknown, failures: number): number {
  const asked = thrown instanceof AuthError ? (thrown.retryAfter ?? 0) * 1000 : 0;
  return Math.max(asked, Math.min(PATIENCE * 2 ** failures, LONGEST_PATIENCE));
}

/** Resolves when the browser is online again, when the button is pressed, or after a while. */
function connectionOr(button: HTMLButtonElement, wait: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      removeEventListener("online", done);
      button.removeEventListener("click", done);
      resolve();
    };
    const timer = setTimeout(done, wait);
    addEventListener("online", done);
    button.addEventListener("click", done);
  });
}
