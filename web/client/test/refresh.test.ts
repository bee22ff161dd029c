import { describe, expect, it, vi } from "vitest";

import { AuthError, type AuthState } from "../src/index.js";
import { fetchWith, settle, setUp, until } from "./browser.js";
import { ADA, PASSWORD } from "./server.js";

const world = setUp();
const REFRESH = "/auth/refresh";

/** The server's clock runs on; ours, which the client sees, too. */
function later(seconds: number) {
  const now = Date.now() + seconds * 1000;
  vi.useFakeTimers({ toFake: ["Date"], now });
}

describe("an access token that has expired or died", () => {
  it("is replaced by one refresh for ten calls at once, and none of them sees it", async () => {
    const auth = await world.signedIn();
    later(1000);

    const calls = Array.from({ length: 10 }, (_, n) => auth.fetch(`${world.server.url}/api/v1/things/${n}`));
    expect((await Promise.all(calls)).map((response) => response.status)).toEqual(Array(10).fill(200));
    expect(world.server.count(REFRESH)).toBe(1);
    expect(world.server.seen.filter((seen) => seen.path.startsWith("/things"))).toHaveLength(10);
  });

  it("is replaced by one refresh for ten 401s, and each call is repeated", async () => {
    const auth = await world.signedIn();
    world.server.voidAccessTokens();

    const calls = Array.from({ length: 10 }, () => auth.fetch(`${world.server.url}/api/v1/things`));
    expect((await Promise.all(calls)).map((response) => response.status)).toEqual(Array(10).fill(200));
    expect(world.server.count(REFRESH)).toBe(1);
    expect(world.server.count("/things")).toBe(20);
  });

  it("is not refreshed again for a 401 that comes late", async () => {
    const auth = await world.signedIn();
    world.server.voidAccessTokens();
    const { gate } = auth;
    const old = (await gate.authorize(world.server.url))!;
    await auth.refresh();

    const next = await gate.reauthorize(old);
    expect(next?.token).toBe(await auth.getAccessToken());
    expect(world.server.count(REFRESH)).toBe(1);
  });

  it("leads to one repetition, not two: the second 401 is the caller's", async () => {
    const auth = await world.signedIn();
    const refused = { status: 401, body: { detail: "Not for you" } };
    world.server.fail("/things", refused, refused, refused);

    const response = await auth.fetch(`${world.server.url}/api/v1/things`);
    expect([response.status, await response.json()]).toEqual([401, refused.body]);
    expect([world.server.count("/things"), world.server.count(REFRESH)]).toEqual([2, 1]);
    expect(auth.state.status).toBe("signedIn");
  });
});

describe("a refresh that fails", () => {
  const passing = [
    ["429", { status: 429, headers: { "retry-after": "7" } }, { status: 429, retryAfter: 7 }],
    ["503", { status: 503, headers: { "retry-after": "1" } }, { status: 503, retryAfter: 1 }],
    ["500", { status: 500, body: { message: "Internal Server Error" } }, { status: 500, detail: "Internal Server Error" }],
    ["403 for a foreign origin", { status: 403 }, { status: 403 }],
    ["a page of somebody else's", { status: 200, type: "text/html", body: "<h1>Hotel</h1>" }, { code: "malformed" }],
  ] as const;

  it.each(passing)("with %s keeps the session", async (_, fault, expected) => {
    const auth = await world.signedIn();
    const told = vi.fn();
    auth.onAuthStateChange(told);
    world.server.fail(REFRESH, fault);

    const error = await auth.refresh().catch((reason) => reason);
    expect(error).toBeInstanceOf(AuthError);
    expect(error).toMatchObject(expected);
    expect(auth.state).toEqual({ status: "signedIn", user: ADA });
    expect(told).toHaveBeenCalledTimes(1);
    world.server.heal();
    expect(await auth.refresh()).toEqual(ADA);
  });

  it("with a dropped connection keeps the session, even when it drops again", async () => {
    const auth = await world.signedIn();
    world.server.fail(REFRESH, "dropped", "dropped");
    await expect(auth.refresh()).rejects.toMatchObject({ code: "network" });
    expect(auth.state.status).toBe("signedIn");
    expect(await auth.refresh()).toEqual(ADA);
  });

  it("because its answer was lost is repeated while the server still knows the old token", async () => {
    const auth = await world.signedIn();
    world.server.fail(REFRESH, "lost");
    expect(await auth.refresh()).toEqual(ADA);
    expect([...world.server.sessions.values()][0]?.counter).toBe(1);
  });

  it("behind a long wait is not repeated at once: the server has forgotten the old token by then", async () => {
    const tries = vi.fn();
    const browser = fetchWith(world.jar);
    const auth = await world.signedIn({
      fetch: async (input, init) => {
        if (!String(input).endsWith(REFRESH)) return browser(input, init);
        tries();
        later(6);
        throw new TypeError("fetch failed");
      },
    });
    await expect(auth.refresh()).rejects.toMatchObject({ code: "network" });
    await settle(1200);
    expect(tries).toHaveBeenCalledTimes(1);
  });

  it("does not keep a call from the token that is still good", async () => {
    const auth = await world.signedIn();
    later(900 - 30);
    world.server.fail(REFRESH, { status: 503 }, { status: 503 }, { status: 503 });

    for (let n = 0; n < 3; n++) {
      expect((await auth.fetch(`${world.server.url}/api/v1/things`)).status).toBe(200);
    }
    expect(world.server.count(REFRESH)).toBe(1);
  });

  it("rejects the calls that can't do without, and never shows them as signed out", async () => {
    const auth = await world.signedIn();
    world.server.voidAccessTokens();
    world.server.fail(REFRESH, { status: 503, headers: { "retry-after": "30" } });

    const call = () => auth.fetch(`${world.server.url}/api/v1/things`);
    await expect(call()).rejects.toMatchObject({ status: 503, retryAfter: 30 });
    expect(auth.state.status).toBe("signedIn");
    // The server asked to be left alone.
    await expect(call()).rejects.toMatchObject({ status: 503, retryAfter: 30 });
    later(1000);
    world.server.fail(REFRESH, { status: 503, headers: { "retry-after": "30" } });
    await expect(call()).rejects.toMatchObject({ status: 503, retryAfter: 30 });
    await expect(call()).rejects.toMatchObject({ status: 503, retryAfter: 30 });
    expect(world.server.count(REFRESH)).toBe(2);
  });

  it("with a definite 401 signs out, and tells each listener once", async () => {
    const auth = await world.signedIn();
    const states: AuthState[] = [];
    auth.onAuthStateChange((state) => states.push(state));
    world.server.sessions.clear();
    world.server.voidAccessTokens();

    const calls = Array.from({ length: 5 }, () => auth.fetch(`${world.server.url}/api/v1/things`));
    expect((await Promise.all(calls)).map((response) => response.status)).toEqual(Array(5).fill(401));
    expect(states.map((state) => state.status)).toEqual(["signedIn", "signedOut"]);
    expect(world.server.count(REFRESH)).toBe(1);

    // From here on there is nothing to refresh.
    expect((await auth.fetch(`${world.server.url}/api/v1/things`)).status).toBe(401);
    expect(world.server.count(REFRESH)).toBe(1);
    expect(await auth.getAccessToken()).toBeNull();
  });
});

describe("a login and a refresh at once", () => {
  it("never cross: the login waits, and a refresh behind it is not sent", async () => {
    const auth = await world.signedIn();
    const results = await Promise.all([
      auth.refresh(),
      auth.login({ email: "grace@example.com", password: PASSWORD }),
      auth.getAccessToken(),
    ]);
    expect(results[1].name).toBe("Grace");
    expect(auth.state.user?.name).toBe("Grace");
    expect(world.server.seen.map((seen) => seen.path)).toEqual(["/auth/login", REFRESH, "/auth/login"]);
    expect((await auth.me()).name).toBe("Grace");
  });

  it("never cross, though a logout comes between", async () => {
    const auth = await world.signedIn();
    const release = world.server.hold(REFRESH);
    const refresh = auth.refresh();
    await until(() => world.server.count(REFRESH) === 1);
    await auth.logout();
    const login = auth.login({ email: "grace@example.com", password: PASSWORD });
    await settle();
    // The refresh may still set its cookie.
    expect(world.server.count("/auth/login")).toBe(1);
    release();
    await Promise.all([refresh, login]);
    expect((await world.open().restore())?.name).toBe("Grace");
  });

  it("is refused without harm to the session that there is", async () => {
    const auth = await world.signedIn();
    const wrong = auth.login({ email: "grace@example.com", password: "wrong" });
    await expect(wrong).rejects.toMatchObject({ status: 401, detail: "Incorrect email or password" });
    expect(world.server.count(REFRESH)).toBe(0);
    expect(auth.state.user).toEqual(ADA);
    expect(await auth.refresh()).toEqual(ADA);
  });

  it("leaves nobody signed in when a logout comes while the refresh is under way", async () => {
    const auth = await world.signedIn();
    const release = world.server.hold(REFRESH);
    const refresh = auth.refresh();
    await until(() => world.server.count(REFRESH) === 1);
    await auth.logout();
    release();
    expect(await refresh).toBeNull();
    expect(auth.state.status).toBe("signedOut");
    expect(await auth.getAccessToken()).toBeNull();
  });
});
