import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { BROWSERS, SYSTEMS, deviceInWords, deviceOf } from "../../src/device";
import { de } from "../../src/texts/de";

const source = readFileSync(fileURLToPath(new URL("../../../../shared/src/domain/device.rs", import.meta.url)), "utf8");

function namesOf(list: string): string[][] {
  const text = source.slice(source.indexOf(`const ${list}`)).split("];")[0]!;
  return [...text.matchAll(/\("([^"]+)", "([^"]+)"\)/g)].map(([, token, name]) => [token!, name!]);
}

test("the pages know the browsers and systems that the server knows, in the same order", () => {
  expect(BROWSERS).toEqual(namesOf("BROWSERS"));
  expect(SYSTEMS).toEqual(namesOf("SYSTEMS"));
});

test("a browser is told by name, in the language of the page", () => {
  const chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
  for (const [userAgent, device, words] of [
    [chrome, "Chrome on Linux", "Chrome unter Linux"],
    [`${chrome} Edg/140.0.0.0`, "Edge on Linux", "Edge unter Linux"],
    ["curl/8.14.1", "curl", "curl"],
    ["Something/1.0 (Linux)", "Linux", "Linux"],
    ["<b>Firefox</b>", "an unknown device", "Unbekanntes Gerät"],
  ] as const) {
    expect(deviceOf(userAgent)).toBe(device);
    expect(deviceInWords(device, de)).toBe(words);
  }
});
