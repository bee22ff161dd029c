// One request to the API, and its answer or an AuthError.

import { AuthError, refusal } from "./error.js";

/** The type of the platform's `fetch`. */
export type Fetch = typeof globalThis.fetch;

/** What to ask. */
export interface Call {
  method?: "GET" | "POST" | "PATCH" | "DELETE";
  /** Members that are undefined are left out. */
  body?: object;
  /** Entries that are undefined are left out. */
  query?: Record<string, string | number | Date | undefined>;
  /** Whether the cookies of the API go along and may be set. */
  cookies?: boolean;
  /** Whether the request outlives the page. */
  keepalive?: boolean;
}

/** The API's functions give up after 15 s, its gateway after 30. */
const PATIENCE = 30_000;

/** `baseUrl` with `/api/v1` behind it. */
export function apiBase(baseUrl: string): string {
  const base = baseUrl.replace(/\/+$/, "");
  return base.endsWith("/api/v1") ? base : base + "/api/v1";
}

/** Sends it by `send`, which may add a token; what is not 2xx rejects. */
export async function exchange<T>(send: Fetch, url: string, call: Call): Promise<T> {
  const init: RequestInit = {
    method: call.method ?? (call.body ? "POST" : "GET"),
    credentials: call.cookies ? "include" : "omit",
    // The API redirects nobody. Who does must not get a password.
    redirect: "error",
    signal: AbortSignal.timeout(PATIENCE),
    keepalive: !!call.keepalive,
  };
  if (call.body) {
    init.headers = { "content-type": "application/json" };
    init.body = JSON.stringify(call.body);
  }
  let text;
  try {
    const response = await send(url + search(call.query), init);
    if (!response.ok) throw await refusal(response);
    text = await response.text();
  } catch (cause) {
    if (cause instanceof AuthError) throw cause;
    throw new AuthError("network", "The server could not be reached.", { cause });
  }
  return parse(text) as T;
}

function search(query: Call["query"]): string {
  // JSON leaves out what is undefined, and writes a Date as the API reads it.
  return query ? `?${new URLSearchParams(JSON.parse(JSON.stringify(query)))}` : "";
}

function parse(text: string): unknown {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch (cause) {
    throw new AuthError("malformed", "The answer is not the API's.", { cause });
  }
}
