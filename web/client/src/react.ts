// @latchkey/client/react: who is signed in, in a component.

import { useSyncExternalStore } from "react";

import type { AuthClient } from "./client.js";
import { type AuthState, UNKNOWN } from "./state.js";

/**
 * `{ status, user }`; the component renders again when they change. On a server always `unknown`, and so in the first
 * render of what came from one: the browser may know more by then, and React wants the same.
 */
export function useAuth(auth: Pick<AuthClient, "state" | "onAuthStateChange">): AuthState {
  return useSyncExternalStore(
    auth.onAuthStateChange,
    () => auth.state,
    () => UNKNOWN,
  );
}
