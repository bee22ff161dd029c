/** Which language is spoken: the one that was chosen on a page, or else the first of the browser's that is here. */

import { de } from "./de";
import { en, type Texts } from "./en";

export type { Texts };

export const LANGUAGES: Record<string, Texts> = { en, de };

const CHOSEN = "latchkey.language";

/** The code of the language to speak. */
export function language(): string {
  const wanted = [remembered(), ...navigator.languages.map((tag) => tag.split("-")[0] ?? "")];
  return wanted.find((code) => code !== null && Object.hasOwn(LANGUAGES, code)) ?? "en";
}

/** That language as the person's region writes times and numbers: `en-GB`. */
export function locale(): string {
  const code = language();
  return navigator.languages.find((tag) => tag.split("-")[0] === code) ?? code;
}

/** The words of the language to speak. */
export function texts(): Texts {
  return LANGUAGES[language()] ?? en;
}

/** Speaks this language from now on, on every page. */
export function choose(code: string): void {
  try {
    localStorage.setItem(CHOSEN, code);
  } catch {
    chosenHere = code;
  }
}

/** For a browser that lets us store nothing. */
let chosenHere: string | null = null;

function remembered(): string | null {
  try {
    return localStorage.getItem(CHOSEN) ?? chosenHere;
  } catch {
    return chosenHere;
  }
}
