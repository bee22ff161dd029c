// @latchkey/client: signs people in with Latchkey, and keeps them signed in.

export { type AuthClient, type AuthClientOptions, createAuthClient } from "./client.js";
export type { StoredTokens, TokenStore } from "./delivery.js";
export { AuthError, type AuthErrorCode } from "./error.js";
export type { Gate } from "./gate.js";
export type { Grant } from "./grant.js";
export type { AuthListener, AuthState } from "./state.js";
export type * from "./types.js";
