import { beforeEach, describe, expect, it, vi } from "vitest";

import { setUp, settle, stubPage, until } from "./browser.js";
import { fakeTime, pass } from "./time.js";

const world = setUp();
const REFRESH = "/auth/refresh";
const HOUR = 3600_000;

describe("a page that wakes up", () => {
  let page: ReturnType<typeof stubPage>;
  beforeEach(() => void (page = stubPage()));

  /** The machine sleeps: the wall clock goes on, timers and the steady clock stand still. */
  const sleep = (time: number) => vi.setSystemTime(Date.now() + time);

  it.each(["visibilitychange", "online", "pageshow", "focus"])("refreshes at once by %s what fell due", async (event) => {
    fakeTime();
    await world.signedIn();
    page.fire(event);
    await settle();
    expect(world.server.count(REFRESH)).toBe(0);

    sleep(HOUR);
    page.fire(event);
    await until(() => world.server.count(REFRESH) === 1);
  });

  it("does nothing while it is hidden", async () => {
    fakeTime();
    await world.signedIn();
    sleep(HOUR);
    page.hide();
    page.fire("visibilitychange");
    await settle();
    expect(world.server.count(REFRESH)).toBe(0);
    page.show();
    page.fire("visibilitychange");
    await until(() => world.server.count(REFRESH) === 1);
  });

  it("notices within half a minute, though no event tells and the timer slept, too", async () => {
    fakeTime();
    await world.signedIn();
    sleep(HOUR);
    await vi.advanceTimersByTimeAsync(30_000);
    await until(() => world.server.count(REFRESH) === 1);
  });

  it("sends no call with what expired in sleep", async () => {
    fakeTime();
    const auth = await world.signedIn();
    sleep(HOUR);
    expect((await auth.fetch(`${world.server.url}/api/v1/things`)).status).toBe(200);
    expect([world.server.count(REFRESH), world.server.count("/things")]).toEqual([1, 1]);
  });

  it("goes on with a restore that failed offline, as soon as it is online", async () => {
    await world.signedIn();
    const reloaded = world.open();
    world.server.fail(REFRESH, ...Array<"dropped">(4).fill("dropped"));
    await expect(reloaded.restore()).rejects.toMatchObject({ code: "network" });
    fakeTime();
    await settle();
    expect(reloaded.state.status).toBe("unknown");

    world.server.heal();
    page.fire("online");
    await until(() => reloaded.state.status === "signedIn");
  });

  it("does not ask before Retry-After, whatever wakes it", async () => {
    fakeTime();
    const auth = await world.signedIn();
    world.server.fail(REFRESH, { status: 429, headers: { "retry-after": "60" } });
    sleep(HOUR);
    page.fire("focus");
    await until(() => world.server.count(REFRESH) === 1);
    await settle();
    page.fire("focus");
    page.fire("online");
    await pass(10);
    expect(world.server.count(REFRESH)).toBe(1);
    expect(world.warnings).toHaveLength(1);
    expect(auth.state.status).toBe("signedIn");
    await pass(80);
    await until(() => world.server.count(REFRESH) === 2);
  });

  it("from the back-forward cache asks whether it is still signed in", async () => {
    const auth = await world.signedIn();
    world.server.sessions.clear();
    page.fire("pageshow", true);
    await until(() => auth.state.status === "signedOut");
  });

  it("from the back-forward cache asks whether somebody signed in meanwhile", async () => {
    // Nobody told the frozen page.
    vi.stubGlobal("BroadcastChannel", undefined);
    const auth = world.open();
    await auth.restore();
    await world.signedIn();
    expect(auth.state.status).toBe("signedOut");

    page.fire("pageshow", true);
    await until(() => auth.state.status === "signedIn");
  });

  it("listens no more when it is closed", async () => {
    fakeTime();
    const auth = await world.signedIn();
    auth.close();
    sleep(HOUR);
    page.fire("focus");
    page.fire("visibilitychange");
    await settle();
    expect(world.server.count(REFRESH)).toBe(0);
  });
});
