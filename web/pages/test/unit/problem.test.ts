import { AuthError } from "@latchkey/client";
import { expect, test, vi } from "vitest";

import { DEFAULTS } from "../../src/config";
import { obstacleOf, problemOf } from "../../src/problem";
import { en } from "../../src/texts/en";

vi.stubGlobal("navigator", { languages: ["en-GB"], onLine: true });

const ORIGIN = "Origin not allowed. Add it to ALLOWED_ORIGINS if it is your front end's.";
const http = (status: number, detail = "Some words"): AuthError => new AuthError("http", detail, { status });

test("only what can't be asked is said to be out of reach", () => {
  const unreachable = "The service can't be reached";
  for (const [thrown, title] of [
    [new TypeError("Failed to fetch"), unreachable],
    [new AuthError("network", "The server could not be reached."), unreachable],
    [new AuthError("malformed", "The answer is not the API's."), unreachable],
    [http(500), unreachable],
    [http(502), unreachable],
    [http(503), unreachable],
    [http(429), "Too many attempts"],
    [http(400), "Something went wrong"],
    [http(404), "Something went wrong"],
    [http(403, ORIGIN), "This page may not use the service"],
    [http(403, "Forbidden"), "This page may not use the service"],
    [http(403, "User account is inactive"), "This account is not active"],
  ] as const) {
    expect(obstacleOf(thrown, en).title, `${thrown}`).toBe(title);
  }
});

test("a refusal that is not the user's fault is told in the server's words", () => {
  for (const [detail, title, text] of [
    [ORIGIN, "This page may not use the service", ORIGIN],
    ["Forbidden", "This page may not use the service", "Forbidden"],
    ["Not enough permissions", null, "You may not do that."],
  ] as const) {
    const { title: told, text: words } = problemOf(http(403, detail), en, DEFAULTS);
    expect([told, words], detail).toEqual([title, text]);
  }
});

test("without a network it is the network that is told, whatever was thrown", () => {
  vi.stubGlobal("navigator", { languages: ["en-GB"], onLine: false });
  expect(obstacleOf(new AuthError("network", "x"), en).title).toBe("You are offline");
  expect(obstacleOf(new AuthError("network", "x"), en, "Waiting.").text).toBe("Waiting.");
  vi.stubGlobal("navigator", { languages: ["en-GB"], onLine: true });
});
