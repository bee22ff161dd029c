import { describe, expect, it, vi } from "vitest";

import { setUp, stubPage, until } from "./browser.js";
import { ADA, PASSWORD } from "./server.js";

const world = setUp();
const asked = () => {
  const { method, path, body } = world.server.seen.at(-1)!;
  return [method, path, body && JSON.parse(body)];
};

describe("what needs no session", () => {
  it("is asked as the contract says, without a token, and answers the server's sentence", async () => {
    const auth = await world.signedIn();
    const calls: [() => Promise<string>, string, object][] = [
      [() => auth.forgotPassword("a@b.c"), "/auth/forgot-password", { email: "a@b.c" }],
      [() => auth.resetPassword({ token: "t", newPassword: "p" }), "/auth/reset-password", { token: "t", new_password: "p" }],
      [() => auth.register("a@b.c"), "/auth/register", { email: "a@b.c" }],
      [() => auth.verifyEmail({ token: "t", newPassword: "p" }), "/auth/verify-email", { token: "t", new_password: "p" }],
      [() => auth.verifyEmail({ token: "t", newPassword: "p", name: "N" }), "/auth/verify-email", { token: "t", new_password: "p", name: "N" }],
    ];
    for (const [call, path, body] of calls) {
      expect(await call()).toBe(`done ${path}`);
      expect(asked()).toEqual(["POST", path, body]);
      expect(world.server.seen.at(-1)!.headers.authorization).toBeUndefined();
    }
  });
});

describe("one's own account", () => {
  it("is read, and the state follows", async () => {
    const auth = await world.signedIn();
    world.server.users[0]!.name = "Ada L.";
    expect((await auth.me()).name).toBe("Ada L.");
    expect(auth.state.user?.name).toBe("Ada L.");
  });

  it("is asked for without a session in vain", async () => {
    await expect(world.open().me()).rejects.toMatchObject({ status: 401, detail: "Could not validate credentials" });
  });

  it("goes on behind a new password with the token of the answer", async () => {
    const auth = await world.signedIn();
    const before = await auth.getAccessToken();
    await auth.changePassword({ currentPassword: PASSWORD, newPassword: "Another-Horse-8-Staple" });
    expect(asked()).toEqual(["POST", "/auth/change-password", { current_password: PASSWORD, new_password: "Another-Horse-8-Staple" }]);
    expect(await auth.getAccessToken()).not.toBe(before);
    await auth.me();
    // The old one is dead: with it, this would have cost a refresh.
    expect(world.server.count("/auth/refresh")).toBe(0);
  });

  it("of nobody comes back by the answer to a change that a logout overtook", async () => {
    const auth = await world.signedIn();
    const release = world.server.hold("/auth/change-password");
    const change = auth.changePassword({ currentPassword: PASSWORD, newPassword: "Another-Horse-8-Staple" });
    await until(() => world.server.count("/auth/change-password") === 1);
    await auth.logout();
    release();
    await change;
    expect([auth.state.status, await auth.getAccessToken()]).toEqual(["signedOut", null]);
  });

  it("of nobody comes back by an answer that a logout overtook", async () => {
    const auth = await world.signedIn();
    const release = world.server.hold("/users/me");
    const me = auth.me();
    await until(() => world.server.count("/users/me") === 1);
    await auth.logout();
    release();
    expect(await me).toEqual(ADA);
    expect(auth.state.status).toBe("signedOut");
  });

  it("is read again behind a new e-mail", async () => {
    const auth = await world.signedIn();
    expect(await auth.changeEmail({ newEmail: "new@example.com", currentPassword: PASSWORD })).toBe("mailed");
    expect(asked()).toEqual(["POST", "/auth/change-email", { new_email: "new@example.com", current_password: PASSWORD }]);
    expect(await auth.confirmEmail("t")).toBe("changed");
    expect(auth.state.user?.email).toBe("new@example.com");
  });

  it("has its new e-mail though it could not be read again", async () => {
    const auth = await world.signedIn();
    world.server.fail("/users/me", { status: 503 });
    expect(await auth.confirmEmail("t")).toBe("changed");
    expect(world.warnings).toEqual(["The user could not be read again."]);
    expect(auth.state.user?.email).toBe(ADA.email);
  });

  it("shows its sessions; the end of this one is a logout, that of another not", async () => {
    stubPage();
    const auth = await world.signedIn();
    const there = world.open();
    await there.restore();
    const [own] = await auth.sessions();
    expect(own!.current).toBe(true);

    world.server.fail("/auth/sessions/a%2Fb", { status: 200, body: {} });
    await auth.endSession("a/b");
    expect(auth.state.status).toBe("signedIn");
    await auth.endSession(own!.id);
    expect(auth.state.status).toBe("signedOut");
    await until(() => there.state.status === "signedOut");
  });
});

describe("admin", () => {
  it("asks as the contract says", async () => {
    const auth = await world.signedIn();
    const { admin } = auth;
    const user = "/admin/users/u%2F1";
    const calls: [() => Promise<unknown>, ...unknown[]][] = [
      [() => admin.users(), "GET", "/admin/users", ""],
      [() => admin.users({ email: "a+b@c.d", limit: 5, cursor: "x" }), "GET", "/admin/users?email=a%2Bb%40c.d&limit=5&cursor=x", ""],
      [() => admin.user("u/1"), "GET", user, ""],
      [() => admin.invite({ email: "a@b.c", role: "lead" }), "POST", "/admin/users", { email: "a@b.c", role: "lead" }],
      [() => admin.update("u/1", { name: null, status: "inactive" }), "PATCH", user, { name: null, status: "inactive" }],
      [() => admin.remove("u/1"), "DELETE", user, ""],
      [() => admin.unlock("u/1"), "POST", `${user}/unlock`, {}],
      [() => admin.endSessions("u/1"), "POST", `${user}/end-sessions`, {}],
      [() => admin.sendReset("u/1"), "POST", `${user}/send-reset`, {}],
      [
        () => admin.audit({ userId: "u/1", since: new Date("2026-11-23T12:00:00Z"), until: "2026-11-24T12:00:00Z", limit: undefined! }),
        "GET",
        "/admin/audit?since=2026-11-23T12%3A00%3A00.000Z&until=2026-11-24T12%3A00%3A00Z&user_id=u%2F1",
        "",
      ],
    ];
    for (const [call, ...expected] of calls) {
      await call();
      expect(asked()).toEqual(expected);
      expect(world.server.seen.at(-1)!.headers.authorization).toBe(`Bearer ${await auth.getAccessToken()}`);
    }
  });

  it("answers pages with the next one's cursor", async () => {
    const auth = await world.signedIn();
    world.server.fail("/admin/users", { status: 200, body: { users: [ADA], next_cursor: "n" } });
    expect(await auth.admin.users()).toEqual({ users: [ADA], nextCursor: "n" });
    world.server.fail("/admin/audit", { status: 200, body: { entries: [], next_cursor: null } });
    expect(await auth.admin.audit()).toEqual({ entries: [], nextCursor: null });
  });

  it("passes on 204 as nothing", async () => {
    const auth = await world.signedIn();
    world.server.fail("/admin/users/u/unlock", { status: 204, body: "" });
    expect(await auth.admin.unlock("u")).toBeUndefined();
  });
});

it("a logout everywhere says so, and passes on that the server knows no such session", async () => {
  const auth = await world.signedIn();
  await auth.logout({ everywhere: true });
  expect(asked()).toEqual(["POST", "/auth/logout", { everywhere: true }]);
  await expect(auth.logout({ everywhere: true })).rejects.toMatchObject({ status: 401 });
  await auth.logout();
});

it("the base may be given with or without /api/v1 and slashes; the functions may be taken out of the client", async () => {
  for (const end of ["", "/", "/api/v1", "/api/v1/"]) {
    const { login, me } = world.open({ baseUrl: world.server.url + end, fetch: undefined as never });
    await login({ email: "ada@example.com", password: PASSWORD });
    expect((await me()).name).toBe("Ada");
    const globalFetch = vi.spyOn(globalThis, "fetch");
    await me();
    expect(globalFetch).toHaveBeenCalledTimes(1);
    globalFetch.mockRestore();
  }
});
