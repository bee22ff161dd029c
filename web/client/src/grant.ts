// The access token, and until when it is good.

import { AuthError } from "./error.js";
import type { TokenResponse } from "./types.js";

/** An access token in use. Moments are of the client's own clock (`passingTime`). */
export interface Grant {
  readonly token: string;
  readonly userId: string;
  readonly sessionId: string;
  /** From when on to get the next one: 60 to 90 s before it expires, so that tabs don't ask all at once. */
  readonly dueAt: number;
  readonly expiresAt: number;
}

/** The most that a refresh comes before the end; two thirds of it are the least. */
const MARGIN = 90_000;

/**
 * Reads an answer to what was asked at `sentAt`. Only differences count, `exp - iat`: the server's clock may be an hour
 * off ours. Counted from the request on and not from its answer: a machine may sleep between the two.
 */
export function readGrant(answer: TokenResponse | undefined, sentAt: number): Grant {
  const token = String(answer?.access_token);
  const { sub, sid, iat, exp } = claims(token);
  const lifetime = (exp - iat) * 1000;
  if (typeof sub !== "string" || !(lifetime > 0)) {
    throw new AuthError("malformed", "The answer is not the API's.");
  }
  const expiresAt = sentAt + lifetime;
  // A short-lived token is renewed in its second half.
  const margin = Math.min(MARGIN, lifetime / 2) * (1 - Math.random() / 3);
  return { token, userId: sub, sessionId: sid, dueAt: expiresAt - margin, expiresAt };
}

function claims(token: string) {
  try {
    const payload = token.split(".")[1] ?? "";
    return JSON.parse(atob(payload.replace(/-/g, "+").replace(/_/g, "/")));
  } catch {
    return {};
  }
}
