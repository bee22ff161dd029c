// Exchanges the refresh token for the next access token.

import type { Clock } from "./clock.js";
import type { Delivery } from "./delivery.js";
import type { AuthError } from "./error.js";
import { type Grant, readGrant } from "./grant.js";
import type { Call } from "./http.js";
import type { TokenResponse } from "./types.js";

export interface Refresher {
  /** Sends a request without an access token. */
  ask: <T>(path: string, call: Call) => Promise<T>;
  delivery: Delivery;
  clock: Clock;
}

/** So late a lost answer is not worth to be asked for again: the server knows a replaced token for ten seconds. */
const SOON = 5_000;

/**
 * The next grant; null: the session is definitely over. Anything else rejects, and the session may go on.
 * `isWanted` says whether nobody logged in or out meanwhile.
 */
export async function nextGrant(by: Refresher, isWanted: () => boolean, tries = 2): Promise<Grant | null> {
  const shown = await by.delivery.show();
  if (!shown) return null;
  const sentAt = by.clock();
  try {
    // Whoever leaves the page meanwhile needs the cookie on the next one.
    const call = { body: shown, cookies: by.delivery.cookies, keepalive: true };
    const answer = await by.ask<TokenResponse>("/auth/refresh", call);
    const grant = readGrant(answer, sentAt);
    await by.delivery.keep(answer, shown);
    return grant;
  } catch (error) {
    const { code, status } = error as Partial<AuthError>;
    if (code === "network" && tries > 1 && by.clock() - sentAt < SOON) {
      // The answer may be lost, and with it the only token.
      await new Promise((done) => setTimeout(done, 500 + 500 * Math.random()));
    } else if (status !== 401) {
      throw error;
    } else if (tries === 1 || (await by.delivery.has(shown))) {
      // What the store makes of that changes nothing.
      await by.delivery.take(true).catch(() => {});
      return null;
    }
    return isWanted() ? nextGrant(by, isWanted, tries - 1) : null;
  }
}
