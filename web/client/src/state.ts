// Who is signed in, as the application sees it.

import type { User } from "./types.js";

/** `unknown` until the server was asked: at page load, or offline since. A new object whenever something changes. */
export type AuthState =
  | { readonly status: "unknown"; readonly user: null }
  | { readonly status: "signedIn"; readonly user: User }
  | { readonly status: "signedOut"; readonly user: null };

/** Gets the state at once and whenever it changes. */
export type AuthListener = (state: AuthState) => void;

/** Where something is told that is no error of the caller's. */
export type Warn = (message: string, cause?: unknown) => void;

export const UNKNOWN: AuthState = { status: "unknown", user: null };
export const SIGNED_OUT: AuthState = { status: "signedOut", user: null };

/** The state and its listeners. */
export interface StateHolder {
  get(): AuthState;
  /** Tells the listeners, unless nothing changes. */
  set(next: AuthState): void;
  listen(listener: AuthListener): () => void;
}

export function holdState(warn: Warn): StateHolder {
  let state = UNKNOWN;
  const listeners = new Set<{ tell: AuthListener }>();
  const tell = (listener: { tell: AuthListener }, what: AuthState) => {
    try {
      listener.tell(what);
    } catch (error) {
      // One listener's fault keeps nothing from the others.
      warn("A listener of onAuthStateChange failed.", error);
    }
  };
  return {
    get: () => state,
    set(next) {
      if (JSON.stringify(next) === JSON.stringify(state)) return;
      state = next;
      for (const listener of [...listeners]) {
        // A listener may have changed it again, and told everybody so, or removed another.
        if (state === next && listeners.has(listener)) tell(listener, next);
      }
    },
    listen(callback) {
      const listener = { tell: callback };
      listeners.add(listener);
      tell(listener, state);
      return () => void listeners.delete(listener);
    },
  };
}
