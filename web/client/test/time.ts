// Time that a test makes pass.

import { vi } from "vitest";

import { settle } from "./browser.js";

/** Fakes what tells or measures time; sockets go on in real time. */
export function fakeTime() {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
}

/** Lets time pass, in steps in which answers can arrive. */
export async function pass(seconds: number) {
  for (let n = 0; n < seconds; n += 5) {
    await vi.advanceTimersByTimeAsync(Math.min(5, seconds - n) * 1000);
    await settle(2);
  }
}
