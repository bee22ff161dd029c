import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { passingTime } from "../src/clock.js";
import { setUp, settle, stubPage, until } from "./browser.js";
import { ADA } from "./server.js";

const world = setUp();
const REFRESH = "/auth/refresh";
const HOUR = 3600_000;

/** Fakes what tells or measures time; sockets go on in real time. */
function fakeTime() {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
}

/** Lets time pass, in steps in which answers can arrive. */
async function pass(seconds: number) {
  for (let n = 0; n < seconds; n += 5) {
    await vi.advanceTimersByTimeAsync(Math.min(5, seconds - n) * 1000);
    await settle(2);
  }
}

/** Seconds from now until the client refreshed. */
async function secondsUntilRefresh(limit: number): Promise<number> {
  const before = world.server.count(REFRESH);
  for (let seconds = 1; seconds <= limit; seconds++) {
    await vi.advanceTimersByTimeAsync(1000);
    await settle(1);
    if (world.server.count(REFRESH) > before) return seconds;
  }
  throw new Error(`no refresh within ${limit} s`);
}

describe("the refresh of its own accord", () => {
  it.each([
    ["at the earliest 90 s before the end", 0, 900 - 90],
    ["at the latest 60 s before it", 1 - 1e-9, 900 - 60],
  ])("comes %s", async (_, random, expected) => {
    fakeTime();
    vi.spyOn(Math, "random").mockReturnValue(random);
    await world.signedIn();

    const seconds = await secondsUntilRefresh(900);
    expect(Math.abs(seconds - expected)).toBeLessThanOrEqual(2);
  });

  it("goes on from token to token", async () => {
    fakeTime();
    const auth = await world.signedIn();
    await pass(3 * 900);
    expect(world.server.count(REFRESH)).toBe(3);
    expect(auth.state.user).toEqual(ADA);
  });

  it("comes in the second half of a short life", async () => {
    world.server.lifetime = 60;
    fakeTime();
    await world.signedIn();
    const seconds = await secondsUntilRefresh(60);
    expect(seconds).toBeGreaterThanOrEqual(29);
    expect(seconds).toBeLessThanOrEqual(42);
  });

  it("is tried again and again, seldom and seldomer, and never signs out", async () => {
    fakeTime();
    const auth = await world.signedIn();
    world.server.fail(REFRESH, ...Array<{ status: number }>(200).fill({ status: 503 }));
    await pass(900 + 600);
    const tries = world.server.count(REFRESH);
    expect(tries).toBeGreaterThan(8);
    expect(tries).toBeLessThan(25);
    expect(auth.state.status).toBe("signedIn");

    world.server.heal();
    await pass(90);
    expect((await auth.fetch(`${world.server.url}/api/v1/things`)).status).toBe(200);
  });

  it("waits as long as Retry-After says", async () => {
    fakeTime();
    const auth = await world.signedIn();
    world.server.fail(REFRESH, { status: 429, headers: { "retry-after": "300" } });
    await expect(auth.refresh()).rejects.toMatchObject({ retryAfter: 300 });
    // Longer than the token lives.
    await pass(295);
    expect(world.server.count(REFRESH)).toBe(1);
  });

  it("ends with close, and with a logout", async () => {
    fakeTime();
    const auth = await world.signedIn();
    const other = await world.signedIn();
    auth.close();
    await other.logout();
    await pass(1000);
    expect(world.server.count(REFRESH)).toBe(0);
  });
});

describe("a clock that is wrong", () => {
  it.each([
    ["an hour fast", -HOUR],
    ["an hour slow", HOUR],
  ])("by %s refreshes at the right moment", async (_, ahead) => {
    world.server.ahead = ahead;
    fakeTime();
    const auth = await world.signedIn();

    const seconds = await secondsUntilRefresh(900);
    expect(seconds).toBeGreaterThanOrEqual(900 - 92);
    expect(seconds).toBeLessThanOrEqual(900 - 58);
    expect((await auth.fetch(`${world.server.url}/api/v1/things`)).status).toBe(200);
    expect(world.server.count("/things")).toBe(1);
  });

  it("set back by an hour delays no refresh", async () => {
    fakeTime();
    await world.signedIn();
    vi.setSystemTime(Date.now() - HOUR);
    expect(await secondsUntilRefresh(900)).toBeLessThanOrEqual(900 - 58);
  });

  it("is measured from the request on: an answer that slept with the machine is an old one", async () => {
    const auth = world.open();
    const release = world.server.hold("/auth/login");
    const login = auth.login({ email: "ada@example.com", password: "Correct-Horse-7-Staple" });
    await until(() => world.server.count("/auth/login") === 1);
    fakeTime();
    vi.setSystemTime(Date.now() + HOUR);
    release();
    await login;
    await auth.fetch(`${world.server.url}/api/v1/things`);
    expect([world.server.count(REFRESH), world.server.count("/things")]).toEqual([1, 1]);
  });

  it("passes in sleep as well as while somebody sets it", () => {
    fakeTime();
    const clock = passingTime();
    vi.advanceTimersByTime(1000);
    expect(clock()).toBe(1000);
    // Sleep: the wall clock goes on alone.
    vi.setSystemTime(Date.now() + 5000);
    expect(clock()).toBe(6000);
    vi.setSystemTime(Date.now() - 9000);
    expect(clock()).toBe(6000);
    vi.advanceTimersByTime(1000);
    expect(clock()).toBe(7000);
  });
});

describe("a page that wakes up", () => {
  let page: ReturnType<typeof stubPage>;
  beforeEach(() => void (page = stubPage()));
  afterEach(() => vi.unstubAllGlobals());

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
    await settle();
    expect(world.server.count(REFRESH)).toBe(1);
    expect(auth.state.status).toBe("signedIn");
    await pass(80);
    expect(world.server.count(REFRESH)).toBe(2);
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
