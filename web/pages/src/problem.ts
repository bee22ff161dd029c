/** What went wrong, in the words of the person whom it happened to. */

import { AuthError } from "@latchkey/client";

import { type Config, DEFAULTS } from "./config";
import { duration } from "./format";
import type { Texts } from "./texts";

export interface Problem {
  title: string | null;
  text: string;
  /** Where to go on from here. */
  link: { text: string; href: string } | null;
  /** What is wrong with which field, by the server's name for it. */
  fields: Map<string, string[]>;
  /** Seconds until the same may be tried again. */
  wait: number | null;
  /** Whether no answer came. */
  isNetwork: boolean;
}

/** The server's sentences (functions/, shared/src/domain), whose words in each language are in `texts`. */
const SENTENCES: [RegExp, keyof Texts["server"]][] = [
  [/^must have at least (\d+) characters$/, "tooShort"],
  [/^must have an upper-case letter$/, "noUpper"],
  [/^must have a lower-case letter$/, "noLower"],
  [/^must have a digit$/, "noDigit"],
  [/^must have a special character: one of (.*)$/, "noSpecial"],
  [/^must not contain the name of your e-mail address$/, "hasEmail"],
  [/^must not contain the name (.*)$/, "hasProduct"],
  [/^must not be a common password/, "common"],
  [/^must differ from the current password$/, "same"],
  [/^must have at most (\d+) bytes in UTF-8; this one has (\d+)$/, "tooLong"],
  [/^must not contain the NUL character$/, "nul"],
  [/^is not the current password$/, "notCurrent"],
  [/^is your address already$/, "ownAddress"],
  [/^must be an e-mail address such as (.*)$/, "noEmail"],
  [/^must be written in ASCII/, "notAscii"],
  [/^must have at most 254 characters/, "longEmail"],
  [/^must be 1 to 100 printable characters/, "noName"],
  [/^must not be before since$/, "untilBeforeSince"],
  [/^Another admin must do this/, "ownAccount"],
  [/^This e-mail has an account already/, "taken"],
  [/^The user was changed at the same moment/, "stale"],
  [/^This user is inactive, and no link/, "inactiveUser"],
  [/^Such a mail was sent a moment ago/, "mailedBefore"],
  [/^There is no such user\.$/, "noUser"],
  [/^Origin not allowed/, "foreignOrigin"],
];

/** The words for what was thrown. A fault of the pages themselves is thrown on. */
export function problemOf(thrown: unknown, t: Texts, config: Config): Problem {
  if (!(thrown instanceof AuthError)) throw thrown;
  const fields = new Map<string, string[]>();
  for (const { field, message } of thrown.fieldErrors) {
    fields.set(field, [...(fields.get(field) ?? []), sentence(message, t)]);
  }
  const isNetwork = thrown.status === 0 && thrown.code !== "userChanged";
  const base: Problem = { title: null, text: "", link: null, fields, wait: null, isNetwork };
  return { ...base, ...inWords(thrown, t, config) };
}

/** What stands in place of a page that can't be shown. Who refuses is not out of reach: only who can't be asked is. */
export function obstacleOf(thrown: unknown, t: Texts, waitsFor?: string): { title: string; text: string } {
  const { problems } = t;
  if (!navigator.onLine) return { title: problems.offlineTitle, text: waitsFor ?? problems.offline };
  if (!(thrown instanceof AuthError) || thrown.status === 0)
    return { title: problems.unreachableTitle, text: waitsFor ?? problems.unreachable };
  const { title, text } = problemOf(thrown, t, DEFAULTS);
  return { title: title ?? (thrown.status >= 500 ? problems.unreachableTitle : problems.unknownTitle), text };
}

function inWords(error: AuthError, t: Texts, config: Config): Partial<Problem> {
  const { problems } = t;
  const { status, detail } = error;
  if (error.code === "userChanged") return { text: problems.userChanged };
  if (status === 0)
    return navigator.onLine ? unreachable(t) : { title: problems.offlineTitle, text: problems.offlineNow };
  if (status === 401) return { text: problems.wrong };
  if (status === 403) return refused(detail, t, config);
  if (status === 429) {
    const wait = error.retryAfter;
    const text = wait === null ? problems.throttledUnknown : problems.throttled(duration(wait));
    return { title: problems.throttledTitle, text, wait };
  }
  if (status === 502 || status === 503 || status === 504) return { text: problems.unavailable, wait: null };
  const told = sentence(detail, t);
  return { text: told === detail && status !== 409 ? problems.unknown(status) : told };
}

function unreachable(t: Texts): Partial<Problem> {
  return { title: t.problems.unreachableTitle, text: t.problems.unreachableNow };
}

function refused(detail: string, t: Texts, config: Config): Partial<Problem> {
  const { problems } = t;
  if (detail.startsWith("Account locked")) {
    const link = { text: problems.lockedLink, href: "/forgot-password" };
    return { title: problems.lockedTitle, text: problems.locked(config.lockoutMinutes), link };
  }
  if (detail.startsWith("User account is inactive")) return { title: problems.inactiveTitle, text: problems.inactive };
  if (detail.startsWith("Registration is closed")) return { text: t.register.closed };
  if (detail.startsWith("Not enough permissions")) return { text: problems.forbidden };
  // A foreign origin, or a firewall on the way: whoever runs the service needs the very words.
  return { title: problems.refusedTitle, text: sentence(detail, t) };
}

/** A sentence of the server in the language of the pages; one that isn't known stays as it is. */
export function sentence(told: string, t: Texts): string {
  for (const [pattern, name] of SENTENCES) {
    const match = pattern.exec(told);
    if (match) return t.server[name].replace(/\{(\d)\}/g, (_, number) => match[Number(number) + 1] ?? "");
  }
  return told;
}
