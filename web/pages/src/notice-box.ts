/** A box that says what happened: read out at once, with a clock where one must wait. */

import { fill, h, icon } from "./dom";
import { duration } from "./format";
import { CLOCK, GOOD, INFO, LOCK, OFFLINE, WARNING } from "./icons";
import type { Problem } from "./problem";
import type { Texts } from "./texts";

export interface NoticeBox {
  element: HTMLElement;
  good(text: string): void;
  info(text: string): void;
  problem(problem: Problem): void;
  clear(): void;
  /** Whether the time to wait is not over; if so, it is told again how long it is. */
  isWaiting(): boolean;
}

export function noticeBox(t: Texts): NoticeBox {
  const element = h("div", { class: "notices", role: "alert" });
  let clock: ReturnType<typeof setInterval> | undefined;
  let until = 0;
  /** How long one has to wait, for who hears it. */
  let heard: HTMLElement | null = null;

  const say = (kind: string, drawing: string, ...lines: (Node | string | null)[]): void => {
    clearInterval(clock);
    const children = lines.filter((line) => line !== null && line !== "");
    fill(element, h("div", { class: `notice ${kind}` }, icon(drawing), h("div", {}, ...children)));
    if (element.isConnected) element.scrollIntoView({ block: "nearest" });
  };

  const problem = (told: Problem): void => {
    const title = told.title === null ? null : h("p", { class: "notice-title" }, told.title);
    const link = told.link === null ? null : h("p", {}, h("a", { href: told.link.href }, told.link.text));
    const text = h("p", {}, told.text);
    const drawing = told.wait !== null ? CLOCK : told.link !== null ? LOCK : told.isNetwork ? OFFLINE : WARNING;
    say(told.wait !== null || told.isNetwork ? "warn" : "bad", drawing, title, text, link);
    if (told.wait !== null) count(text, told.wait);
  };

  /** Counts down for eyes; screen readers were told once, and are told the end. */
  const count = (text: HTMLElement, seconds: number): void => {
    until = Date.now() + seconds * 1000;
    const seen = h("span", { "aria-hidden": "true" }, text.textContent);
    heard = h("span", { class: "visually-hidden" }, text.textContent);
    fill(text, heard, seen);
    clock = setInterval(() => {
      const left = Math.ceil((until - Date.now()) / 1000);
      if (left > 0) fill(seen, t.problems.throttled(duration(left)));
      else say("good", GOOD, h("p", {}, t.problems.throttledOver));
    }, 1000);
  };

  return {
    element,
    problem,
    good: (text) => say("good", GOOD, h("p", {}, text)),
    info: (text) => say("plain", INFO, h("p", {}, text)),
    clear: () => {
      clearInterval(clock);
      fill(element);
    },
    isWaiting: () => {
      const left = Math.ceil((until - Date.now()) / 1000);
      if (left > 0 && heard !== null) fill(heard, t.problems.throttled(duration(left)));
      return left > 0;
    },
  };
}
