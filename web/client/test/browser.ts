// What a browser adds to Node: a cookie jar, an origin, and the events of a page.

import { setMaxListeners } from "node:events";

import { afterEach, beforeEach, vi } from "vitest";

import { type AuthClient, type AuthClientOptions, createAuthClient } from "../src/index.js";
import { PASSWORD, TestServer } from "./server.js";

/** The cookies of a browser; its tabs share them. */
export type Jar = Map<string, string>;

/** What was sent, and whether with cookies. */
export interface Sent {
  path: string;
  credentials: RequestCredentials;
  redirect: RequestRedirect;
}

/** `fetch` with a cookie jar, as a page of another origin on the same site has it: cookies only where they are asked for. */
export function fetchWith(jar: Jar, sent: Sent[] = []): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const { credentials, redirect } = request;
    sent.push({ path: new URL(request.url).pathname.replace("/api/v1", ""), credentials, redirect });
    if (credentials !== "include") return fetch(request);
    request.headers.set("cookie", [...jar].map(([name, value]) => `${name}=${value}`).join("; "));
    const response = await fetch(request);
    for (const cookie of response.headers.getSetCookie()) {
      const [name, value] = cookie.split(";")[0]!.split("=") as [string, string];
      if (value) jar.set(name, value);
      else jar.delete(name);
    }
    return response;
  };
}

/** A server and clients for each test; all are closed behind it. */
export function setUp() {
  const world = {
    server: undefined as unknown as TestServer,
    jar: new Map() as Jar,
    sent: [] as Sent[],
    warnings: [] as string[],
    /** A tab of the one browser; `signedIn`: as Ada. */
    open(options: Partial<AuthClientOptions> = {}): AuthClient {
      const auth = createAuthClient({
        baseUrl: world.server.url,
        fetch: fetchWith(world.jar, world.sent),
        onWarning: (message) => world.warnings.push(message),
        ...options,
      } as AuthClientOptions);
      clients.push(auth);
      return auth;
    },
    async signedIn(options: Partial<AuthClientOptions> = {}): Promise<AuthClient> {
      const auth = world.open(options);
      await auth.login({ email: "ada@example.com", password: PASSWORD });
      return auth;
    },
  };
  const clients: AuthClient[] = [];
  beforeEach(async () => {
    world.server = await TestServer.start();
    [world.jar, world.sent, world.warnings] = [new Map(), [], []];
  });
  afterEach(async () => {
    vi.useRealTimers();
    clients.splice(0).forEach((auth) => auth.close());
    await world.server.stop();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
  return world;
}

/** A page: `location`, and the events of `window` and `document`. */
export function stubPage() {
  const [page, doc] = [new EventTarget(), Object.assign(new EventTarget(), { visibilityState: "visible" })];
  setMaxListeners(0, page, doc);
  vi.stubGlobal("location", new URL("http://app.example.com/"));
  vi.stubGlobal("document", doc);
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
  return {
    fire(type: string, persisted = false) {
      const event = Object.assign(new Event(type), { persisted });
      (type === "visibilitychange" ? doc : page).dispatchEvent(event);
    },
    hide: () => void (doc.visibilityState = "hidden"),
    show: () => void (doc.visibilityState = "visible"),
  };
}

const realTimeout = setTimeout;
const realNow = Date.now;

/** Waits in real time, whatever the fake timers say, until it is so. */
export async function until(isSo: () => boolean, limit = 15_000): Promise<void> {
  const end = realNow() + limit;
  while (!isSo()) {
    if (realNow() > end) throw new Error(`not so within ${limit} ms: ${isSo}`);
    await new Promise((done) => realTimeout(done, 5));
  }
}

/** Lets what is under way go on for a while of real time; for what is not to happen. */
export const settle = (time = 60) => new Promise<void>((done) => realTimeout(done, time));
