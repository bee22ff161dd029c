// `createAuthClient`: puts the parts together.

import { accountApi, signingApi } from "./account.js";
import { type AdminApi, adminApi } from "./admin.js";
import { createBackoff } from "./backoff.js";
import { passingTime } from "./clock.js";
import { byCookie, inBody, inMemory, type TokenStore } from "./delivery.js";
import { authorizedFetch } from "./fetch.js";
import { createGate, type Gate } from "./gate.js";
import { apiBase, type Call, exchange, type Fetch } from "./http.js";
import { oneAtATime } from "./serial.js";
import { createSession } from "./session.js";
import { type AuthListener, type AuthState, holdState, type Warn } from "./state.js";
import { openTab } from "./tab.js";
import type { User } from "./types.js";

/** How a client is made. */
export type AuthClientOptions = {
  /** Where the API is, with or without `/api/v1`; `""`: on the page's own origin. */
  baseUrl: string;
  /** Other origins whose requests by `auth.fetch` get the access token, too. */
  allowedOrigins?: readonly string[];
  /** Sends the requests; `globalThis.fetch` unless given. */
  fetch?: Fetch;
  /** The clock on the wall; `Date.now` unless given. */
  now?: () => number;
  /** Where faults are told that reject no call; `console.warn` unless given. */
  onWarning?: Warn;
} & (
  | {
      /** The refresh token is an HttpOnly cookie of the API: no script can read it. The default. */
      delivery?: "cookie";
      tokenStore?: never;
    }
  | {
      /** The refresh token is the application's to keep. */
      delivery: "body";
      /** Where it is kept; in memory unless given, and so gone with the page. */
      tokenStore?: TokenStore;
    }
);

/** A client of one Latchkey. Its functions may be taken out of it. */
export interface AuthClient extends ReturnType<typeof signingApi>, ReturnType<typeof accountApi> {
  readonly admin: AdminApi;
  /** Gets a new access token now; null: nobody is signed in any more. Rejects, and changes nothing, on any other answer. */
  refresh(): Promise<User | null>;
  /**
   * At page load: finds out who is signed in, if anybody. Rejects when the server can't be asked; the state is `unknown`
   * then, and the client goes on asking by itself.
   */
  restore(): Promise<User | null>;
  /** The access token, renewed first if it is about to expire; null when signed out. */
  getAccessToken(): Promise<string | null>;
  /** `fetch` with the access token, for the API's origin and `allowedOrigins`; repeats once what a 401 refused. */
  readonly fetch: Fetch;
  /** Who is signed in. */
  readonly state: AuthState;
  /** Calls the listener now and whenever the state changes; call what it returns to end that. */
  onAuthStateChange(listener: AuthListener): () => void;
  /** For adapters of HTTP libraries. */
  readonly gate: Gate;
  /** Ends timers and listeners. Signs nobody out. */
  close(): void;
}

const warnOnConsole: Warn = (message, cause) => console.warn(`Latchkey: ${message}`, cause);

/** Makes a client. It asks nothing of the server by itself: call `restore` at page load. */
export function createAuthClient(options: AuthClientOptions): AuthClient {
  const base = apiBase(options.baseUrl);
  const send: Fetch = options.fetch ?? ((...request) => globalThis.fetch(...request));
  const warn = options.onWarning ?? warnOnConsole;
  const clock = passingTime(options.now);
  const state = holdState(warn);
  const backoff = createBackoff(clock);
  const exclusively = oneAtATime();
  const delivery = options.delivery === "body" ? inBody(options.tokenStore ?? inMemory()) : byCookie;
  const ask = <T>(path: string, call: Call = {}) => exchange<T>(send, base + path, call);
  const changed = () => tab.arm();
  const session = createSession({ ask, delivery, clock, state, backoff, exclusively, changed });
  const gate = createGate(session, base, options.allowedOrigins ?? []);
  const authFetch = authorizedFetch(send, gate);
  const askSignedIn = <T>(path: string, call: Call = {}) => exchange<T>(authFetch, base + path, call);

  const me = async () => {
    const user = await askSignedIn<User>("/users/me");
    session.know(user);
    return user;
  };
  const tab = openTab({ name: `latchkey ${base}`, ask, delivery, clock, session, state, backoff, me, warn });
  const parts = { ask, askSignedIn, session, delivery, clock, exclusively, me, warn, channel: tab.channel };

  return {
    ...signingApi(parts),
    ...accountApi(parts),
    admin: adminApi(askSignedIn),
    async refresh() {
      await session.renew();
      return tab.knowUser();
    },
    async restore() {
      if (!session.grant()) await session.renew();
      return tab.knowUser();
    },
    getAccessToken: async () => (await session.current())?.token ?? null,
    fetch: authFetch,
    get state() {
      return state.get();
    },
    onAuthStateChange: state.listen,
    gate,
    close: tab.close,
  };
}
