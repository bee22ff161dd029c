import { beforeEach, describe, expect, it, vi } from "vitest";

import type { AuthClientOptions, AuthState, StoredTokens, TokenStore } from "../src/index.js";
import { fetchWith, setUp, settle, stubPage, until } from "./browser.js";
import { ADA, GRACE_H, PASSWORD } from "./server.js";

const world = setUp();
const GRACE = { email: "grace@example.com", password: PASSWORD };
const ADA_LOGIN = { email: "ada@example.com", password: PASSWORD };
beforeEach(() => void stubPage());

const statuses = (states: AuthState[]) => states.map((state) => state.status);

/** A store that tabs share, as IndexedDB is. */
function sharedStore(): TokenStore & { tokens: StoredTokens | null } {
  const store = {
    tokens: null as StoredTokens | null,
    get: async () => store.tokens,
    set: async (tokens: StoredTokens) => void (store.tokens = tokens),
  };
  return store;
}

describe("a logout in one tab", () => {
  it("signs out all tabs, and tells each listener once", async () => {
    const [here, there] = [await world.signedIn(), world.open()];
    await there.restore();
    const states: AuthState[] = [];
    there.onAuthStateChange((state) => states.push(state));

    await here.logout();
    await until(() => there.state.status === "signedOut");
    await settle();
    expect(statuses(states)).toEqual(["signedIn", "signedOut"]);
    expect(await there.getAccessToken()).toBeNull();
    expect(world.server.count("/auth/logout")).toBe(1);
    expect(world.jar.size).toBe(0);
  });

  it("signs out all tabs though the server could not be told, and says so to who asked", async () => {
    const [here, there] = [await world.signedIn(), world.open()];
    await there.restore();
    world.server.fail("/auth/logout", "dropped");
    await expect(here.logout()).rejects.toMatchObject({ code: "network" });
    expect(here.state.status).toBe("signedOut");
    await until(() => there.state.status === "signedOut");
  });

  it("signs out a page, too, that came into the session again before the server heard of it", async () => {
    let send = () => {};
    const slow = new Promise<void>((resolve) => (send = resolve));
    const browser = fetchWith(world.jar);
    const here = await world.signedIn({
      fetch: async (input, init) => {
        if (String(input).endsWith("/auth/logout")) await slow;
        return browser(input, init);
      },
    });
    const logout = here.logout();
    const reloaded = world.open();
    expect(await reloaded.restore()).toEqual(ADA);
    send();
    await logout;
    await until(() => reloaded.state.status === "signedOut");
  });

  it("can be repeated until the server has heard of it, wherever the token lives", async () => {
    for (const delivery of ["cookie", "body"] as const) {
      const here = await world.signedIn({ delivery } as Partial<AuthClientOptions>);
      world.server.fail("/auth/logout", "dropped");
      await expect(here.logout()).rejects.toMatchObject({ code: "network" });
      expect(world.server.sessions.size).toBe(1);
      await here.logout();
      expect([delivery, world.server.sessions.size]).toEqual([delivery, 0]);
    }
  });

  it("does not take the cookie of a login right behind it, however late its answer is", async () => {
    const here = await world.signedIn();
    const release = world.server.hold("/auth/logout");
    const logout = here.logout();
    const login = here.login(ADA_LOGIN);
    await until(() => world.server.count("/auth/logout") === 1);
    await settle();
    release();
    await Promise.all([logout, login]);
    expect(await world.open().restore()).toEqual(ADA);
  });

  it("does its work in a client that was closed, too", async () => {
    const here = await world.signedIn();
    here.close();
    await here.logout();
    expect([world.server.sessions.size, world.jar.size]).toEqual([0, 0]);
  });

  it("reaches no client of another API, nor a closed one", async () => {
    const here = await world.signedIn();
    const other = world.open({ baseUrl: `${world.server.url}/other` });
    const closed = await world.signedIn();
    other.close();
    closed.close();
    await here.logout();
    await settle();
    expect(closed.state.status).toBe("signedIn");
    expect(other.state.status).toBe("unknown");
  });

  it("ends the other tabs' own sessions, too, where each holds its token itself", async () => {
    const [here, there] = [await world.signedIn({ delivery: "body" }), await world.signedIn({ delivery: "body" })];
    expect(world.server.sessions.size).toBe(2);
    await here.logout();
    await until(() => world.server.sessions.size === 0);
    expect(there.state.status).toBe("signedOut");
    expect(await there.restore()).toBeNull();
  });

  describe("heard late", () => {
    /** What a tab hears of at once when it wakes up: both of a logout and a login, say. */
    const held: (() => void)[] = [];
    const wake = () => held.splice(0).forEach((deliver) => deliver());
    const store = () => ({ delivery: "body", tokenStore: sharedStore() }) as const;
    class LateChannel extends BroadcastChannel {
      override postMessage(message: unknown) {
        held.push(() => super.postMessage(message));
      }
    }
    beforeEach(() => {
      held.length = 0;
      vi.stubGlobal("BroadcastChannel", LateChannel);
    });

    it.each([
      ["by cookie", () => ({})],
      ["by a shared store", store],
    ])("does not end the session that began behind it, %s", async (_, make) => {
      const options = make();
      const [here, there] = [await world.signedIn(options), world.open(options)];
      await there.restore();
      wake();
      await settle();
      const states: AuthState[] = [];
      there.onAuthStateChange((state) => states.push(state));

      await Promise.all([here.logout(), here.login(ADA_LOGIN)]);
      wake();
      await until(() => statuses(states).join() === "signedIn,signedOut,unknown,signedIn");
      await settle();
      expect(world.server.sessions.size).toBe(1);
      expect(await world.open(options).restore()).toEqual(ADA);
    });

    it.each([
      ["by cookie", () => ({})],
      ["by a shared store", store],
    ])("does not end the session that this tab is in already, %s", async (_, make) => {
      const options = make();
      const [here, there] = [await world.signedIn(options), world.open(options)];
      await there.restore();
      wake();
      await settle();
      const states: AuthState[] = [];
      there.onAuthStateChange((state) => states.push(state));

      await here.logout();
      await here.login(ADA_LOGIN);
      await there.refresh();
      wake();
      await settle();
      expect(statuses(states)).toEqual(["signedIn"]);
      expect(world.server.sessions.size).toBe(1);
      expect((await there.me()).name).toBe("Ada");
    });
  });
});

describe("a login in one tab", () => {
  it("signs in the tabs that were signed out", async () => {
    const there = world.open();
    await there.restore();
    await world.signedIn();
    await until(() => there.state.status === "signedIn");
    expect(there.state.user).toEqual(ADA);
  });

  it("leaves alone a tab that never asked who is signed in", async () => {
    const idle = world.open();
    await world.signedIn();
    await settle();
    expect(idle.state.status).toBe("unknown");
    expect(world.server.count("/auth/refresh")).toBe(0);
  });

  it("as the same user brings the others into the new session, and their pages notice nothing", async () => {
    const there = await world.signedIn();
    const [old] = [...world.server.sessions.keys()];
    const states: AuthState[] = [];
    there.onAuthStateChange((state) => states.push(state));
    await world.signedIn();
    await until(() => world.server.count("/auth/refresh") === 1);
    const [own] = await there.sessions();
    expect(own!.id).not.toBe(old);
    expect(statuses(states)).toEqual(["signedIn"]);
  });

  it("as another user takes the first one's data from the other tabs before it brings the new one's", async () => {
    const there = await world.signedIn();
    const states: AuthState[] = [];
    there.onAuthStateChange((state) => states.push(state));
    const here = world.open();
    await here.login(GRACE);

    await until(() => there.state.user?.name === "Grace");
    expect(states).toEqual([
      { status: "signedIn", user: ADA },
      { status: "unknown", user: null },
      { status: "signedIn", user: GRACE_H },
    ]);
    expect((await there.me()).name).toBe("Grace");
  });

  it("is heard by tabs with a shared store, which take its session", async () => {
    const store = sharedStore();
    const there = world.open({ delivery: "body", tokenStore: store });
    await there.restore();
    await world.signedIn({ delivery: "body", tokenStore: store });
    await until(() => there.state.status === "signedIn");
    expect(world.server.sessions.size).toBe(1);
  });

  it("during another tab's restore is not taken for a sign-out by it", async () => {
    const there = world.open();
    const release = world.server.hold("/auth/refresh");
    const restored = there.restore();
    await until(() => world.server.count("/auth/refresh") === 1);
    await world.signedIn();
    await settle();
    release();
    expect(await restored).toEqual(ADA);
    expect(there.state.status).toBe("signedIn");
  });
});

describe("a user who changed without a word (no BroadcastChannel)", () => {
  beforeEach(() => vi.stubGlobal("BroadcastChannel", undefined));

  it("gets no request that the page made for the first one: not sent with the new token", async () => {
    const there = await world.signedIn();
    const here = world.open();
    await here.login(GRACE);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 1000_000 });

    const call = there.fetch(`${world.server.url}/api/v1/transfer`, { method: "POST", body: "all my money" });
    await expect(call).rejects.toMatchObject({ code: "userChanged", status: 0 });
    expect(world.server.count("/transfer")).toBe(0);
    vi.useRealTimers();
    await until(() => there.state.user?.name === "Grace");
  });

  it("gets no request that the page made for the first one: not repeated with the new token", async () => {
    const there = await world.signedIn();
    const here = world.open();
    await here.login(GRACE);
    world.server.voidAccessTokens();

    const call = there.fetch(`${world.server.url}/api/v1/transfer`, { method: "POST", body: "all my money" });
    await expect(call).rejects.toMatchObject({ code: "userChanged" });
    expect(world.server.count("/transfer")).toBe(1);
    await until(() => there.state.user?.name === "Grace");
    expect((await there.fetch(`${world.server.url}/api/v1/things`)).status).toBe(200);
  });
});

describe("many tabs at once", () => {
  it("refresh by one cookie and stay signed in, all of them", async () => {
    const first = await world.signedIn();
    const tabs = [first, ...Array.from({ length: 9 }, () => world.open())];
    await Promise.all(tabs.map((tab) => tab.refresh()));
    expect(tabs.map((tab) => tab.state.status)).toEqual(Array(10).fill("signedIn"));
    expect(world.server.sessions.size).toBe(1);
    expect(await world.open().restore()).toEqual(ADA);
  });

  it("refresh by one store and stay signed in, all of them", async () => {
    const options = { delivery: "body", tokenStore: sharedStore() } as const;
    const first = await world.signedIn(options);
    const tabs = [first, ...Array.from({ length: 9 }, () => world.open(options))];
    await Promise.all(tabs.map((tab) => tab.refresh()));
    await Promise.all(tabs.map((tab) => tab.refresh()));
    expect(tabs.map((tab) => tab.state.status)).toEqual(Array(10).fill("signedIn"));
    expect(world.server.sessions.size).toBe(1);
  });
});

it("clients on a server, which may be different people's, tell each other nothing", async () => {
  vi.unstubAllGlobals();
  const [one, other] = [await world.signedIn({ delivery: "body" }), await world.signedIn({ delivery: "body" })];
  await one.logout();
  await settle();
  expect(other.state.status).toBe("signedIn");
});
