import { expect, test, vi } from "vitest";

import { ago, duration } from "../../src/format";

vi.stubGlobal("navigator", { languages: ["en-GB"] });

test("a time is told as people say it", () => {
  const now = new Date("2026-11-26T12:00:00Z");
  for (const [time, expected] of [
    ["2026-11-26T12:00:00Z", "now"],
    ["2026-11-26T12:00:05Z", "now"],
    ["2026-11-26T11:59:01Z", "now"],
    ["2026-11-26T11:59:00Z", "1 minute ago"],
    ["2026-11-26T10:01:00Z", "1 hour ago"],
    ["2026-11-25T12:00:00Z", "yesterday"],
    ["2026-11-22T12:00:00Z", "4 days ago"],
    ["2026-11-01T12:00:00Z", "1 Nov 2026"],
  ] as const) {
    expect(ago(time, now), time).toBe(expected);
  }
});

test("a time to wait is told in minutes and seconds", () => {
  expect([1, 59, 60, 61, 150].map(duration)).toEqual([
    "1 second",
    "59 seconds",
    "1 minute",
    "1 minute 1 second",
    "2 minutes 30 seconds",
  ]);
});
