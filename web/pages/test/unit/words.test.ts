import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { sentence } from "../../src/problem";
import { de } from "../../src/texts/de";
import { en } from "../../src/texts/en";

/** Where each word stands; functions are words, too. */
function leaves(words: object, path = ""): [string, unknown][] {
  return Object.entries(words).flatMap(([name, word]) =>
    typeof word === "object" ? leaves(word, `${path}${name}.`) : [[path + name, word] as [string, unknown]],
  );
}

test("each language has every word, and none is empty or left in another language", () => {
  const german = new Map(leaves(de));
  expect([...german.keys()]).toEqual(leaves(en).map(([path]) => path));
  const alike = leaves(en).filter(([path, word]) => typeof word === "string" && german.get(path) === word);
  // Names, and words that are the same in both.
  expect(alike.map(([path]) => path)).toEqual([
    "dev.about",
    "fields.name",
    "roles.admin",
    "admin.columns.status",
    "admin.user.facts.id",
    "events.mail",
  ]);
  expect(leaves(de).filter(([, word]) => word === "")).toEqual([]);
});

test("no word of a page stands outside the texts", () => {
  const src = fileURLToPath(new URL("../../src/", import.meta.url));
  const sources = readdirSync(src, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !name.startsWith("texts"),
  );
  expect(sources.length).toBeGreaterThan(20);
  for (const name of sources) {
    const code = readFileSync(src + name, "utf8");
    // A child of an element that is a sentence or a word by itself.
    expect(code.match(/h\("\w+", \{[^}]*\}, "[A-Za-z][^"]+"/g), name).toBeNull();
  }
});

test("every event that the audit trail may have is told in words", () => {
  const source = readFileSync(fileURLToPath(new URL("../../../../shared/src/event_names.rs", import.meta.url)), "utf8");
  const audited = source.slice(source.indexOf("AUDITED"), source.indexOf("LOGGED"));
  const names = [...audited.matchAll(/^ {4}\("([a-z_]+)"/gm)].map((match) => match[1]!);
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter((name) => en.events[name] === undefined || de.events[name] === undefined)).toEqual([]);
});

test("every mail that the audit trail may name is told in words", () => {
  const mails = fileURLToPath(new URL("../../../../functions/mailer/mails/en/", import.meta.url));
  const names = readdirSync(mails).flatMap((file) => /^(\w+)\.html$/.exec(file)?.[1] ?? []);
  const told = names.filter((name) => name !== "frame");
  expect(told.length).toBeGreaterThan(8);
  expect(told.filter((name) => en.reasons[name] === undefined || de.reasons[name] === undefined)).toEqual([]);
});

test("what the server says about a field is told in the language of the page", () => {
  for (const [told, expected] of [
    ["must have at least 12 characters", "Das Passwort braucht mindestens 12 Zeichen."],
    [
      "must have at most 72 bytes in UTF-8; this one has 73",
      "Das Passwort ist zu lang: höchstens 72 Bytes; dieses hat 73.",
    ],
    [
      "must have at most 1024 bytes in UTF-8; this one has 1025",
      "Das Passwort ist zu lang: höchstens 1024 Bytes; dieses hat 1025.",
    ],
    ["must not contain the name $&", "Das Passwort darf den Namen $& nicht enthalten."],
    ["is not the current password", "Das ist nicht Ihr aktuelles Passwort."],
    ["must be something new", "must be something new"],
  ] as const) {
    expect(sentence(told, de)).toBe(expected);
  }
});
