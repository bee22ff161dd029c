import { describe, expect, it, vi } from "vitest";

import { passingTime } from "../src/clock.js";
import { setUp, until } from "./browser.js";
import { ADA } from "./server.js";
import { fakeTime, pass } from "./time.js";

const world = setUp();
const REFRESH = "/auth/refresh";
const HOUR = 3600_000;

/** Seconds from now until the client refreshes: when it sends, since a busy machine takes a while to deliver. */
async function secondsUntilRefresh(limit: number): Promise<number> {
  const count = () => world.sent.filter(({ path }) => path === REFRESH).length;
  const before = count();
  for (let seconds = 1; seconds <= limit; seconds++) {
    await vi.advanceTimersByTimeAsync(1000);
    if (count() > before) return seconds;
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
    world.server.lifetime = 60;
    fakeTime();
    const auth = await world.signedIn();
    world.server.fail(REFRESH, { status: 429, headers: { "retry-after": "300" } });
    await expect(auth.refresh()).rejects.toMatchObject({ retryAfter: 300 });
    await pass(295);
    expect(world.server.count(REFRESH)).toBe(1);
    expect(world.warnings).toEqual([]);
    await pass(15);
    await until(() => world.server.count(REFRESH) === 2);
  });

  it("ends with close, and with a logout", async () => {
    fakeTime();
    const auth = await world.signedIn();
    const other = await world.signedIn();
    auth.close();
    await auth.refresh();
    await other.logout();
    await pass(1000);
    expect(world.server.count(REFRESH)).toBe(1);
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
