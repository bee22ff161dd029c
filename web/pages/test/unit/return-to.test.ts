import { expect, test } from "vitest";

import { destination } from "../../src/return-to";

const here = "https://auth.example.com/";

// FE4
test("a link leads back to our own pages and to apps on the list, and nowhere else", () => {
  const allowed = ["https://app.example.com"];
  for (const [wanted, expected] of [
    ["/admin#trail", "https://auth.example.com/admin#trail"],
    ["https://app.example.com/start?x=1", "https://app.example.com/start?x=1"],
    ["https://app.example.com@evil.example/", "/account"],
    ["https://app.example.com.evil.example/", "/account"],
    ["http://app.example.com/", "/account"],
    ["//evil.example", "/account"],
    ["/\\evil.example", "/account"],
    ["\\\\evil.example", "/account"],
    ["https:evil.example", "https://auth.example.com/evil.example"],
    ["javascript:alert(1)", "/account"],
    ["data:text/html,x", "/account"],
    ["blob:https://auth.example.com/x", "/account"],
    ["http://[", "/account"],
    ["", "/account"],
    ["/", "/account"],
    ["/index.html", "/account"],
  ] as const) {
    const query = `?return_to=${encodeURIComponent(wanted)}`;
    expect(destination(query, here, allowed), wanted).toBe(expected);
  }
  expect(destination("", here, allowed)).toBe("/account");
});
