/** Where the tokens are kept with `"delivery": "body"`: in this browser, for all its tabs. */

import type { StoredTokens, TokenStore } from "@latchkey/client";

const KEY = "latchkey.tokens";

/** Pages come and go, so memory would not do. What could read this from outside our scripts, the policy keeps out. */
export const tokensOfThisBrowser: TokenStore = {
  get: () => JSON.parse(localStorage.getItem(KEY) ?? "null") as StoredTokens | null,
  set: (tokens) => localStorage.setItem(KEY, JSON.stringify(tokens)),
};
