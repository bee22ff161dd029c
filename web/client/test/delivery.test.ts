import { describe, expect, it, vi } from "vitest";

import type { StoredTokens } from "../src/index.js";
import { setUp, settle, until } from "./browser.js";
import { ADA, PASSWORD } from "./server.js";

const world = setUp();
const sentBody = (path: string) => JSON.parse(world.server.last(path).body);

function recordingStore() {
  const store = {
    tokens: null as StoredTokens | null,
    get: (): StoredTokens | null => store.tokens,
    set: (tokens: StoredTokens): void => void (store.tokens = tokens),
  };
  return store;
}

describe("by cookie", () => {
  it("sends and takes cookies in the requests about tokens and devices, and in no other", async () => {
    const auth = await world.signedIn();
    await auth.refresh();
    await auth.me();
    await auth.sessions();
    await auth.changePassword({ currentPassword: PASSWORD, newPassword: "Another-Horse-8-Staple" });
    await auth.changeEmail({ newEmail: "new@example.com", currentPassword: PASSWORD });
    await auth.forgotPassword("ada@example.com");
    await auth.resetPassword({ token: "t", newPassword: "p" });
    await auth.logout();

    const withCookies = world.sent.filter((sent) => sent.credentials === "include").map((sent) => sent.path);
    expect(withCookies).toEqual([
      "/auth/login",
      "/auth/refresh",
      "/auth/change-password",
      "/auth/change-email",
      "/auth/logout",
    ]);
    expect(world.sent.filter((sent) => sent.credentials !== "include").every((sent) => sent.credentials === "omit")).toBe(true);
  });

  it("asks for the cookie at login, and shows no token in any body", async () => {
    const auth = await world.signedIn();
    expect(sentBody("/auth/login")).toEqual({ email: "ada@example.com", password: PASSWORD, delivery: "cookie" });
    await auth.refresh();
    await auth.logout({ everywhere: true });
    expect([sentBody("/auth/refresh"), sentBody("/auth/logout")]).toEqual([{}, { everywhere: true }]);
  });

  it("announces JSON to every POST, so that no foreign form can send one", async () => {
    const auth = await world.signedIn();
    await auth.refresh();
    await auth.logout();
    const posts = world.server.seen.filter((seen) => seen.method === "POST");
    expect(posts).toHaveLength(3);
    expect(posts.map((seen) => seen.headers["content-type"])).toEqual(Array(3).fill("application/json"));
  });
});

describe("in the body", () => {
  it("keeps both tokens in the application's store, and replaces the one at each refresh", async () => {
    const tokenStore = recordingStore();
    const auth = await world.signedIn({ delivery: "body", tokenStore });
    expect(sentBody("/auth/login")).toMatchObject({ delivery: "body" });
    const [id] = [...world.server.sessions.keys()];
    expect(tokenStore.tokens).toEqual({ refreshToken: `${id}.0`, deviceToken: "device-1" });

    expect(await auth.refresh()).toEqual(ADA);
    expect(sentBody("/auth/refresh")).toEqual({ refresh_token: `${id}.0` });
    expect(tokenStore.tokens).toEqual({ refreshToken: `${id}.1`, deviceToken: "device-1" });
    expect(world.sent.every((sent) => sent.credentials === "omit")).toBe(true);
  });

  it("restores from the store behind a reload, and from the default store never", async () => {
    const tokenStore = recordingStore();
    await world.signedIn({ delivery: "body", tokenStore });
    expect(await world.open({ delivery: "body", tokenStore }).restore()).toEqual(ADA);

    await world.signedIn({ delivery: "body" });
    const asked = world.server.count("/auth/refresh");
    const reloaded = world.open({ delivery: "body" });
    expect(await reloaded.restore()).toBeNull();
    expect(reloaded.state.status).toBe("signedOut");
    expect(world.server.count("/auth/refresh")).toBe(asked);
  });

  it("forgets the session at logout and keeps the device, which the next login shows", async () => {
    const tokenStore = recordingStore();
    const auth = await world.signedIn({ delivery: "body", tokenStore });
    const { refreshToken } = tokenStore.tokens!;
    await auth.logout();
    expect(sentBody("/auth/logout")).toEqual({ refresh_token: refreshToken });
    expect(tokenStore.tokens).toEqual({ refreshToken: null, deviceToken: "device-1" });

    await auth.login({ email: "ada@example.com", password: PASSWORD });
    expect(sentBody("/auth/login")).toMatchObject({ device_token: "device-1" });
  });

  it("shows the device at a change of the password, and keeps the new one beside the same session", async () => {
    const tokenStore = recordingStore();
    const auth = await world.signedIn({ delivery: "body", tokenStore });
    const { refreshToken } = tokenStore.tokens!;
    await auth.changePassword({ currentPassword: PASSWORD, newPassword: "Another-Horse-8-Staple" });
    expect(sentBody("/auth/change-password")).toMatchObject({ device_token: "device-1" });
    expect(tokenStore.tokens).toEqual({ refreshToken, deviceToken: "device-2" });

    await auth.changeEmail({ newEmail: "new@example.com", currentPassword: PASSWORD });
    expect(sentBody("/auth/change-email")).toMatchObject({ device_token: "device-2" });
  });

  it("loses no token when a refresh and a change of the password end at once", async () => {
    let tokens: StoredTokens | null = null;
    const slowStore = {
      async get() {
        const before = tokens;
        await settle(5);
        return before;
      },
      async set(next: StoredTokens) {
        await settle(5);
        tokens = next;
      },
    };
    const auth = await world.signedIn({ delivery: "body", tokenStore: slowStore });
    const [id] = [...world.server.sessions.keys()];
    const releases = [world.server.hold("/auth/refresh"), world.server.hold("/auth/change-password")];
    const both = [auth.refresh(), auth.changePassword({ currentPassword: PASSWORD, newPassword: "x" })];
    await until(() => world.server.count("/auth/refresh") + world.server.count("/auth/change-password") === 2);
    releases.forEach((release) => release());
    await Promise.all(both);
    expect(tokens).toEqual({ refreshToken: `${id}.1`, deviceToken: "device-2" });
  });

  it("signs out when the token is none any more, and clears nothing that another tab has put there", async () => {
    const tokenStore = recordingStore();
    const auth = await world.signedIn({ delivery: "body", tokenStore });
    world.server.sessions.clear();
    const release = world.server.hold("/auth/refresh");
    const refresh = auth.refresh();
    await until(() => world.server.count("/auth/refresh") === 1);
    await world.signedIn({ delivery: "body", tokenStore });
    const { refreshToken } = tokenStore.tokens!;
    release();

    expect(await refresh).toEqual(ADA);
    expect(tokenStore.tokens!.refreshToken!.split(".")[0]).toBe(refreshToken!.split(".")[0]);
    world.server.sessions.clear();
    expect(await auth.refresh()).toBeNull();
    expect(tokenStore.tokens).toEqual({ refreshToken: null, deviceToken: "device-1" });
  });

  it("signs out though the store can't forget the token", async () => {
    const tokenStore = recordingStore();
    const auth = await world.signedIn({ delivery: "body", tokenStore });
    world.server.sessions.clear();
    vi.spyOn(tokenStore, "set").mockImplementation(() => {
      throw new Error("disk full");
    });
    expect(await auth.refresh()).toBeNull();
    expect(auth.state.status).toBe("signedOut");
  });

  it("does not overwrite the session of another tab's login with the answer to an old one's refresh", async () => {
    const tokenStore = recordingStore();
    const auth = await world.signedIn({ delivery: "body", tokenStore });
    const release = world.server.hold("/auth/refresh");
    const refresh = auth.refresh();
    await until(() => world.server.count("/auth/refresh") === 1);
    await world.signedIn({ delivery: "body", tokenStore });
    const { refreshToken } = tokenStore.tokens!;
    release();
    await refresh;
    expect(tokenStore.tokens!.refreshToken).toBe(refreshToken);
  });

  it("keeps the session when the store fails for a moment", async () => {
    const tokenStore = recordingStore();
    const auth = await world.signedIn({ delivery: "body", tokenStore });
    vi.spyOn(tokenStore, "set").mockImplementationOnce(() => {
      throw new Error("disk full");
    });
    await expect(auth.refresh()).rejects.toThrow("disk full");
    expect(auth.state.status).toBe("signedIn");
    // The server gives the same successor again.
    expect(await auth.refresh()).toEqual(ADA);
    expect([...world.server.sessions.values()][0]!.counter).toBe(1);
  });
});

it("no token is ever in localStorage or sessionStorage", async () => {
  const touched = vi.fn();
  const storage = new Proxy({}, { get: touched, set: touched });
  vi.stubGlobal("localStorage", storage);
  vi.stubGlobal("sessionStorage", storage);
  for (const delivery of ["cookie", "body"] as const) {
    const auth = await world.signedIn({ delivery } as never);
    await auth.refresh();
    await auth.logout();
  }
  expect(touched).not.toHaveBeenCalled();
});
