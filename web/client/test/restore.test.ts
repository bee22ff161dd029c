import { describe, expect, it } from "vitest";

import { setUp, settle, until } from "./browser.js";
import { ADA } from "./server.js";

const world = setUp();
const REFRESH = "/auth/refresh";

describe("restore", () => {
  it("finds out who is signed in, by the cookie alone", async () => {
    await world.signedIn();
    const reloaded = world.open();
    expect(reloaded.state).toEqual({ status: "unknown", user: null });

    expect(await reloaded.restore()).toEqual(ADA);
    expect(reloaded.state).toEqual({ status: "signedIn", user: ADA });
  });

  it("says signed out only when the server does", async () => {
    const auth = world.open();
    expect(await auth.restore()).toBeNull();
    expect(auth.state.status).toBe("signedOut");
  });

  it("asks once, however often it is called at once", async () => {
    await world.signedIn();
    const reloaded = world.open();
    await Promise.all([reloaded.restore(), reloaded.restore(), reloaded.restore()]);
    expect([world.server.count(REFRESH), world.server.count("/users/me")]).toEqual([1, 1]);
  });

  it("rejects offline, stays unknown, and goes on by itself", async () => {
    await world.signedIn();
    const reloaded = world.open();
    world.server.fail(REFRESH, "dropped", "dropped");

    await expect(reloaded.restore()).rejects.toMatchObject({ code: "network", status: 0 });
    expect(reloaded.state.status).toBe("unknown");
    await until(() => reloaded.state.status === "signedIn");
  });

  it("rejects when the user can't be read, stays unknown, and goes on by itself", async () => {
    await world.signedIn();
    const reloaded = world.open();
    world.server.fail("/users/me", { status: 503, headers: { "retry-after": "1" } });

    await expect(reloaded.restore()).rejects.toMatchObject({ status: 503, retryAfter: 1 });
    expect(reloaded.state.status).toBe("unknown");
    await until(() => reloaded.state.status === "signedIn");
    expect(world.server.count(REFRESH)).toBe(1);
  });

  it("does not hammer a server that can't tell the user", async () => {
    await world.signedIn();
    const reloaded = world.open();
    world.server.fail("/users/me", ...Array<{ status: number }>(50).fill({ status: 500 }));
    await expect(reloaded.restore()).rejects.toMatchObject({ status: 500 });
    await settle(800);
    // On a busy machine the first wait may be over.
    expect(world.server.count("/users/me")).toBeLessThanOrEqual(2);
  });
});
