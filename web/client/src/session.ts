// Who is signed in and with which access token: the one place that changes either.

import type { Backoff } from "./backoff.js";
import type { Grant } from "./grant.js";
import { nextGrant, type Refresher } from "./refresh.js";
import type { Serial } from "./serial.js";
import { SIGNED_OUT, type StateHolder, UNKNOWN } from "./state.js";
import type { User } from "./types.js";

export interface Session {
  /** The access token in use, fresh or not. */
  grant(): Grant | null;
  /** Whose session this is, as far as is known. */
  userId(): string | undefined;
  /** A fresh access token; null when signed out. Rejects when there may be one, but it can't be had now. */
  current(): Promise<Grant | null>;
  /** The access token behind one that was refused. */
  after(refused: Grant): Promise<Grant | null>;
  /** A new access token, from the server; one request however many ask. */
  renew(): Promise<Grant | null>;
  /** Somebody logged in. */
  begin(grant: Grant, user: User): void;
  /** The session goes on with another access token. */
  replace(grant: Grant): void;
  /** The user, as the server sees him now. */
  know(user: User): void;
  /** Nobody is signed in any more. */
  end(): void;
  /** Another user may have signed in: the server is to be asked. */
  doubt(): void;
  /** The next request needs a new token, if one can be had. */
  expire(): void;
  /** When there is something to do; Infinity: never. */
  dueAt(): number;
  /** Whether anything here ever asked for a session. */
  isInUse(): boolean;
  /** When this tab came into the session that there is, by the wall clock. */
  beganAt(): number;
}

export interface SessionParts extends Refresher {
  state: StateHolder;
  backoff: Backoff;
  /** Logins and refreshes, one at a time: a late answer to the one would overwrite the other's cookie. */
  exclusively: Serial;
  /** Called whenever `dueAt` may have changed. */
  changed: () => void;
}

/** So long before its end a token is not sent any more: it has a way to go. */
const TRAVEL_TIME = 5_000;

export function createSession(parts: SessionParts): Session {
  const { state, backoff, clock, changed } = parts;
  let grant: Grant | null = null;
  let flight: Promise<Grant | null> | null = null;
  let inUse = false;
  let beganAt = 0;
  /** Counts logins and logouts: what was asked for before one is not for the session behind it. */
  let epoch = 0;

  const isSignedOut = () => state.get().status === "signedOut";
  const use = (next: Grant | null) => {
    if (next?.sessionId !== grant?.sessionId) beganAt = Date.now();
    grant = next;
  };
  const turn = (next: Grant | null) => {
    epoch++;
    flight = null;
    use(next);
    inUse = true;
    backoff.succeeded();
  };
  const end = () => {
    turn(null);
    state.set(SIGNED_OUT);
    changed();
  };
  const adopt = (next: Grant) => {
    use(next);
    backoff.succeeded();
    const { user } = state.get();
    // The cookie is another user's now: what the page shows is not that user's.
    if (user && user.id !== next.userId) state.set(UNKNOWN);
  };

  async function attempt(): Promise<Grant | null> {
    const own = epoch;
    const isWanted = () => epoch === own;
    inUse = true;
    try {
      const next = await parts.exclusively(async () => (isWanted() ? nextGrant(parts, isWanted) : null));
      if (isWanted()) {
        if (next) adopt(next);
        else end();
        return grant;
      }
    } catch (error) {
      if (isWanted()) {
        backoff.failed(error);
        throw error;
      }
    } finally {
      if (isWanted()) flight = null;
      changed();
    }
    return grant ?? (isSignedOut() ? null : renew());
  }
  const renew = () => (flight ??= attempt());

  return {
    grant: () => grant,
    userId: () => state.get().user?.id ?? grant?.userId,
    renew,
    end,
    async current() {
      const isUsable = () => grant !== null && clock() < grant.expiresAt - TRAVEL_TIME;
      if (grant && clock() < grant.dueAt) return grant;
      if (!grant && isSignedOut()) return null;
      if (isUsable() && clock() < backoff.readyAt()) return grant;
      try {
        backoff.check();
        return await renew();
      } catch (error) {
        if (isUsable()) return grant;
        throw error;
      }
    },
    async after(refused) {
      if (grant && grant.token !== refused.token) return grant;
      if (isSignedOut()) return null;
      backoff.check();
      return renew();
    },
    begin(next, user) {
      turn(next);
      state.set({ status: "signedIn", user });
      changed();
    },
    replace(next) {
      if (grant?.userId === next.userId) adopt(next);
      changed();
    },
    know(user) {
      if (grant?.userId === user.id) state.set({ status: "signedIn", user });
    },
    doubt() {
      turn(null);
      state.set(UNKNOWN);
      changed();
    },
    expire() {
      if (grant) grant = { ...grant, dueAt: 0 };
      changed();
    },
    dueAt() {
      if (!inUse || isSignedOut()) return Infinity;
      return Math.max(grant && state.get().user ? grant.dueAt : 0, backoff.readyAt());
    },
    isInUse: () => inUse,
    beganAt: () => beganAt,
  };
}
