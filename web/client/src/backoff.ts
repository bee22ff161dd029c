// When to ask again after a failure that may pass.

import type { Clock } from "./clock.js";
import { AuthError } from "./error.js";

/** The first waits are short: the server knows a replaced refresh token for ten more seconds (a lost answer). */
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 60_000;

export interface Backoff {
  /** When the next try of our own accord is due. */
  readyAt(): number;
  /** Throws while the server asked to be left alone. */
  check(): void;
  failed(error: unknown): void;
  succeeded(): void;
  /** The world is another now (the network is back, the machine woke): try at once, if the server lets us. */
  wake(): void;
}

export function createBackoff(clock: Clock): Backoff {
  let failures = 0;
  let readyAt = 0;
  let heldUntil = 0;
  let last: AuthError | undefined;
  return {
    readyAt: () => readyAt,
    check() {
      const rest = Math.ceil((heldUntil - clock()) / 1000);
      if (last && rest > 0) throw new AuthError(last.code, last.detail, { status: last.status, retryAfter: rest });
    },
    failed(error) {
      last = error instanceof AuthError ? error : undefined;
      heldUntil = clock() + (last?.retryAfter ?? 0) * 1000;
      const wait = Math.min(FIRST_WAIT * 2 ** failures++, LONGEST_WAIT);
      readyAt = Math.max(heldUntil, clock() + wait * (1 + Math.random() / 4));
    },
    succeeded() {
      failures = readyAt = heldUntil = 0;
    },
    wake() {
      failures = 0;
      readyAt = heldUntil;
    },
  };
}
