// Which requests get the access token.

import { AuthError } from "./error.js";
import type { Grant } from "./grant.js";
import type { Session } from "./session.js";

/** For adapters of HTTP libraries: what `auth.fetch` is made of. */
export interface Gate {
  /** What a request to this URL is to be sent with; null: without a token. */
  authorize(url: string, signal?: AbortSignal | null): Promise<Grant | null>;
  /** What to send it with once more, behind a 401; null: the 401 stands. */
  reauthorize(refused: Grant, signal?: AbortSignal | null): Promise<Grant | null>;
  /** Whether this URL may see a token. */
  trusts(url: string): boolean;
}

/** These ask for no token, and their 401 says nothing about one. */
const PUBLIC = /^\/auth\/(login|refresh|logout|forgot-password|reset-password|register|verify-email)$/;

export function createGate(session: Session, base: string, allowedOrigins: readonly string[]): Gate {
  const api = resolve(base);
  const trusted = new Set(allowedOrigins.map((origin) => new URL(origin).origin));
  if (api) trusted.add(api.origin);
  // Of a sandboxed page, a file, a data: URL.
  trusted.delete("null");

  const trusts = (url: string) => trusted.has(resolve(url)?.origin ?? "");
  const isPublic = (url: string) => {
    const { origin, pathname } = resolve(url)!;
    return origin === api?.origin && pathname.startsWith(api.pathname) && PUBLIC.test(pathname.slice(api.pathname.length));
  };
  return {
    trusts,
    async authorize(url, signal) {
      if (!trusts(url) || isPublic(url)) return null;
      const userId = session.userId();
      return ofSameUser(userId, await abortable(() => session.current(), signal));
    },
    async reauthorize(refused, signal) {
      return ofSameUser(refused.userId, await abortable(() => session.after(refused), signal));
    },
  };
}

/** What a page does for one user is never done with another's token. */
function ofSameUser(userId: string | undefined, grant: Grant | null): Grant | null {
  if (grant && userId && grant.userId !== userId) {
    throw new AuthError("userChanged", "Another user signed in. The request was not sent.");
  }
  return grant;
}

/** Stops waiting, not what others wait for, too. */
async function abortable<T>(start: () => Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
  if (!signal) return start();
  signal.throwIfAborted();
  let abort!: () => void;
  const aborted = new Promise<never>((_, reject) => (abort = () => reject(signal.reason)));
  signal.addEventListener("abort", abort);
  return Promise.race([start(), aborted]).finally(() => signal.removeEventListener("abort", abort));
}

/** As `fetch` would resolve it; null if it is no URL. */
function resolve(url: string): URL | null {
  try {
    return new URL(url, globalThis.document?.baseURI ?? globalThis.location?.href);
  } catch {
    return null;
  }
}
