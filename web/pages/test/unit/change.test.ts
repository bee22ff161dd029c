import { expect, test, vi } from "vitest";

import { changeInWords } from "../../src/admin/change";
import { de } from "../../src/texts/de";

vi.stubGlobal("navigator", { languages: ["de-AT"] });
vi.stubEnv("TZ", "Europe/Vienna");

test("what an entry of the trail says is different is told in the language of the page", () => {
  for (const [change, expected] of [
    ["role member -> lead", "Rolle Mitglied → Leitung"],
    ["status active -> inactive, name", "Status Aktiv → Inaktiv, Name"],
    ["role admin, with a password", "als Admin, mit Passwort"],
    ["role member, invited", "als Mitglied, durch Einladung"],
    ["from session 2920d024-0307-4034-911c-a642d6284d9d", "aus einer anderen Sitzung"],
    ["ES256, signs from 2026-11-26T12:41:21Z", "ES256, signiert ab 26.11.2026, 13:41:21"],
    ["something else", "something else"],
  ] as const) {
    expect(changeInWords(change, de)).toBe(expected);
  }
});
