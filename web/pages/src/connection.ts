/** Offline and back: says so, and goes on by itself. */

import { AuthError } from "@latchkey/client";

import { DEFAULTS } from "./config";
import { fill, h, icon } from "./dom";
import { OFFLINE } from "./icons";
import { problemOf } from "./problem";
import type { Shell } from "./shell";
import { type Texts, texts } from "./texts";

/** So long an unreachable server is left alone before it is asked again, in milliseconds. */
const PATIENCE = 3_000;

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
  for (;;) {
    try {
      return await work();
    } catch (thrown) {
      const again = h("button", { class: "plain" }, waiting.t.problems.tryAgain);
      const { title, text } = words(thrown, waiting);
      const state = h("div", { role: "alert" }, icon(OFFLINE), h("h1", {}, title), h("p", {}, text));
      fill(waiting.shell.main, h("div", { class: "card state" }, state, again));
      await connectionOr(again);
    }
  }
}

function words(thrown: unknown, { t, text }: Waiting): { title: string; text: string } {
  const { problems } = t;
  if (!navigator.onLine) return { title: problems.offlineTitle, text: text ?? problems.offline };
  if (thrown instanceof AuthError && thrown.status !== 0) {
    const problem = problemOf(thrown, t, DEFAULTS);
    return { title: problem.title ?? problems.unreachableTitle, text: problem.text };
  }
  return { title: problems.unreachableTitle, text: text ?? problems.unreachable };
}

/** Resolves when the browser is online again, when the button is pressed, or after a while. */
function connectionOr(button: HTMLButtonElement): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, PATIENCE);
    addEventListener("online", done);
    button.addEventListener("click", done);
  });
}
