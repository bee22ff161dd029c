// How refresh and device token travel, and who holds them.

import { oneAtATime } from "./serial.js";
import type { TokenResponse } from "./types.js";

/** What a `TokenStore` keeps. */
export interface StoredTokens {
  /** Gets the next access token, once: null when signed out. */
  refreshToken: string | null;
  /** Tells the server that this device logged in before; it outlives a logout. */
  deviceToken: string | null;
}

/** Where an application that can't use cookies keeps the tokens. */
export interface TokenStore {
  /** What was set last; null: nothing. */
  get(): StoredTokens | null | Promise<StoredTokens | null>;
  set(tokens: StoredTokens): void | Promise<void>;
}

/** The member of a request that names the session; none where the cookie does. */
export type Shown = { refresh_token?: string };

export interface Delivery {
  readonly name: "cookie" | "body";
  /** Whether requests about tokens carry cookies. */
  readonly cookies: boolean;
  /** What names the session; null: nothing does. */
  show(): Promise<Shown | null>;
  /** The member of a request that names the device. */
  device(): Promise<{ device_token?: string }>;
  /** Whether the session is still named so, and not by what another tab has put there. */
  has(shown: Shown): Promise<boolean>;
  /** Keeps what was answered; to `shown`, if given, unless another tab has put something else there. */
  keep(answer: TokenResponse, shown?: Shown): Promise<void>;
  /** Forgets the session and says what named it; `own`: only if it is the one that this client used. */
  take(own?: boolean): Promise<Shown | null>;
}

const nothing = async () => ({});

/** The browser keeps the tokens, out of our reach. */
export const byCookie: Delivery = {
  name: "cookie",
  cookies: true,
  show: nothing,
  device: nothing,
  has: async () => true,
  keep: async () => {},
  take: async (own) => (own ? null : {}),
};

export function inBody(store: TokenStore): Delivery {
  const serially = oneAtATime();
  /** The last refresh token that this client has seen. */
  let seen: string | null = null;
  const read = async (): Promise<StoredTokens> => (await store.get()) ?? { refreshToken: null, deviceToken: null };

  return {
    name: "body",
    cookies: false,
    async show() {
      const { refreshToken } = await read();
      if (!refreshToken) return null;
      return { refresh_token: (seen = refreshToken) };
    },
    async device() {
      const { deviceToken } = await read();
      return deviceToken ? { device_token: deviceToken } : {};
    },
    has: async (shown) => (await read()).refreshToken === shown.refresh_token,
    keep: (answer, shown) =>
      serially(async () => {
        const { refreshToken, deviceToken } = await read();
        if (shown && shown.refresh_token !== refreshToken) return;
        seen = answer.refresh_token ?? refreshToken;
        await store.set({ refreshToken: seen, deviceToken: answer.device_token ?? deviceToken });
      }),
    take: (own) =>
      serially(async () => {
        const { refreshToken, deviceToken } = await read();
        if (!refreshToken || (own && refreshToken !== seen)) return null;
        await store.set({ refreshToken: null, deviceToken });
        return { refresh_token: refreshToken };
      }),
  };
}

/** The default: gone with the page. */
export function inMemory(): TokenStore {
  let tokens: StoredTokens | null = null;
  return { get: () => tokens, set: (next) => void (tokens = next) };
}
