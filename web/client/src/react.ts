// @latchkey/client/react: who is signed in, in a component.

import { useSyncExternalStore } from "react";

import type { AuthClient } from "./client.js";
import type { AuthState } from "./state.js";

/** `{ status, user }`; the component renders again when they change. On a server always `unknown`. */
export function useAuth(auth: Pick<AuthClient, "state" | "onAuthStateChange">): AuthState {
  const present = () => auth.state;
  return useSyncExternalStore(auth.onAuthStateChange, present, present);
}
