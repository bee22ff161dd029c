/** A word that one page leaves for the next one in the same tab. */

export type Notice = "signedOut" | "ended" | "goOn" | "notKept";

const KEY = "latchkey.notice";
const EMAIL = "latchkey.email";

export function leaveNotice(notice: Notice): void {
  write(KEY, notice);
}

/** The word that was left, once. */
export function takeNotice(): Notice | null {
  return take(KEY) as Notice | null;
}

/** Spares typing the address again on the page behind a link. */
export function leaveEmail(email: string): void {
  write(EMAIL, email);
}

export function takeEmail(): string {
  return take(EMAIL) ?? "";
}

function write(key: string, value: string): void {
  try {
    sessionStorage.setItem(key, value);
  } catch {
    // A browser that stores nothing shows the next page without the word.
  }
}

function take(key: string): string | null {
  try {
    const value = sessionStorage.getItem(key);
    sessionStorage.removeItem(key);
    return value;
  } catch {
    return null;
  }
}
