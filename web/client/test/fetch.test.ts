import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { fetchWith, setUp, settle, stubPage, until } from "./browser.js";
import { PASSWORD, TestServer } from "./server.js";

const world = setUp();
const things = () => `${world.server.url}/api/v1/things`;
const refused = { status: 401 };

describe("the access token", () => {
  let foreign: TestServer;
  beforeEach(async () => void (foreign = await TestServer.start()));
  afterEach(() => foreign.stop());

  it("goes to the API's origin, and to no other", async () => {
    const auth = await world.signedIn();
    await auth.fetch(things());
    await auth.fetch(new URL("/elsewhere-on-it", world.server.url));
    await auth.fetch(new Request(things()));
    await auth.fetch(`${foreign.url}/api/v1/things`);

    const token = `Bearer ${await auth.getAccessToken()}`;
    const own = world.server.seen.filter((seen) => seen.path !== "/auth/login");
    expect(own.map((seen) => seen.headers.authorization)).toEqual([token, token, token]);
    expect(foreign.last("/things").headers.authorization).toBeUndefined();
  });

  it("goes to the origins that the application names", async () => {
    const auth = await world.signedIn({ allowedOrigins: [`${foreign.url}/`] });
    await auth.fetch(`${foreign.url}/things`);
    expect(foreign.last("/things").headers.authorization).toBe(`Bearer ${await auth.getAccessToken()}`);
    expect(() => world.open({ allowedOrigins: ["*"] })).toThrow(TypeError);
  });

  it("follows no redirect to a foreign origin", async () => {
    const auth = await world.signedIn();
    const response = await auth.fetch(`${world.server.url}/elsewhere?to=${foreign.url}/things`);
    expect(response.url).toBe(`${foreign.url}/things`);
    expect(world.server.seen.at(-1)!.headers.authorization).toMatch(/^Bearer /);
    expect(foreign.last("/things").headers.authorization).toBeUndefined();
    // Its 401 is none of ours.
    expect(response.status).toBe(401);
    expect([world.server.count("/auth/refresh"), foreign.count("/things")]).toEqual([0, 1]);
  });

  it.each(["login", "refresh", "logout", "forgot-password", "reset-password", "register", "verify-email"])(
    "is not sent to %s, whose 401 is left alone",
    async (route) => {
      const auth = await world.signedIn();
      world.server.fail(`/auth/${route}`, refused);
      const before = world.server.count("/auth/refresh");
      const response = await auth.fetch(`${world.server.url}/api/v1/auth/${route}`, { method: "POST" });
      expect(response.status).toBe(401);
      expect(world.server.seen.at(-1)!.headers.authorization).toBeUndefined();
      await settle(20);
      expect(world.server.count("/auth/refresh") - before).toBe(route === "refresh" ? 1 : 0);
    },
  );

  it("gives way to a header that the caller brings, and so does the repetition", async () => {
    const auth = await world.signedIn();
    const response = await auth.fetch(things(), { headers: { Authorization: "Basic YTpi" } });
    expect(response.status).toBe(401);
    expect(world.server.last("/things").headers.authorization).toBe("Basic YTpi");
    expect(world.server.count("/auth/refresh")).toBe(0);
  });

  it("is got by the cookie for the first call of a page that did not restore", async () => {
    await world.signedIn();
    const reloaded = world.open();
    expect((await reloaded.fetch(things())).status).toBe(200);
    expect([world.server.count("/things"), world.server.count("/auth/refresh")]).toEqual([1, 1]);
    await until(() => reloaded.state.status === "signedIn");
  });

  it("goes to relative URLs of a page that the API serves", async () => {
    stubPage();
    vi.stubGlobal("location", new URL(world.server.url));
    const absolute: typeof fetch = (input, init) => fetch(new URL(String(input), world.server.url), init);
    const auth = world.open({ baseUrl: "", fetch: absolute, delivery: "body" });
    await auth.login({ email: "ada@example.com", password: PASSWORD });
    expect((await auth.fetch("/api/v1/things")).status).toBe(200);
    expect(auth.gate.trusts("//evil.example.com/things")).toBe(false);
    expect(auth.gate.trusts(`${world.server.url}@evil.example.com/`)).toBe(false);
    expect(auth.gate.trusts("data:text/plain,1")).toBe(false);
    expect(auth.gate.trusts("http://[")).toBe(false);
  });
});

it("a Request of another frame, which is no `Request` here, shows the token to nobody but whom it is for", async () => {
  stubPage();
  vi.stubGlobal("location", new URL(world.server.url));
  const sent: (string | null)[] = [];
  const auth = world.open({
    baseUrl: "",
    delivery: "body",
    fetch: async (input, init) => {
      if (typeof input === "string") return fetch(new URL(input, world.server.url), init);
      sent.push(new Headers(init?.headers).get("authorization"));
      return new Response();
    },
  });
  await auth.login({ email: "ada@example.com", password: PASSWORD });
  const requestTo = (url: string) => ({ url, headers: new Headers(), clone: () => requestTo(url) }) as unknown as Request;
  await auth.fetch(requestTo("https://evil.example.com/things"));
  await auth.fetch(requestTo(things()));
  expect(sent).toEqual([null, `Bearer ${await auth.getAccessToken()}`]);
});

it("a page without an origin of its own trusts no other one without", () => {
  stubPage();
  vi.stubGlobal("location", new URL("file:///home/ada/page.html"));
  const auth = world.open({ baseUrl: "" });
  expect(auth.gate.trusts("data:text/plain,1")).toBe(false);
  expect(auth.gate.trusts("file:///etc/passwd")).toBe(false);
});

describe("a request that is repeated", () => {
  const bodies: [string, () => BodyInit][] = [
    ["a string", () => "abc"],
    ["a form", () => new URLSearchParams({ a: "b" })],
    ["bytes", () => new TextEncoder().encode("abc")],
    ["a blob", () => new Blob(["abc"])],
    ["a multipart form", () => Object.entries({ a: "b" }).reduce((form, [k, v]) => (form.set(k, v), form), new FormData())],
  ];
  it.each(bodies)("carries %s again", async (_, body) => {
    const auth = await world.signedIn();
    world.server.fail("/things", refused);
    const response = await auth.fetch(things(), { method: "POST", body: body(), headers: { "x-mine": "1" } });
    expect(response.status).toBe(200);
    const tries = world.server.seen.filter((seen) => seen.path === "/things");
    expect(tries).toHaveLength(2);
    const lengths = tries.map((seen) => seen.body.length);
    expect(lengths[0]).toBeGreaterThan(0);
    expect(lengths[1]).toBe(lengths[0]);
    expect(tries.map((seen) => seen.headers["x-mine"])).toEqual(["1", "1"]);
    expect(tries[0]!.headers.authorization).not.toBe(tries[1]!.headers.authorization);
  });

  it("may be a Request with a body", async () => {
    const auth = await world.signedIn();
    world.server.fail("/things", refused);
    const request = new Request(things(), { method: "PUT", body: "abc", headers: { "x-mine": "1" } });
    expect((await auth.fetch(request)).status).toBe(200);
    const tries = world.server.seen.filter((seen) => seen.path === "/things");
    expect(tries.map((seen) => [seen.method, seen.body, seen.headers["x-mine"]])).toEqual(Array(2).fill(["PUT", "abc", "1"]));
  });

  it("succeeds though the connection of the first answer has failed since", async () => {
    const lost: unknown[] = [];
    const hear = (reason: unknown) => void lost.push(reason);
    process.on("unhandledRejection", hear);
    const broken = new ReadableStream({ cancel: () => Promise.reject(new Error("gone")) });
    const browser = fetchWith(world.jar);
    let isFirst = true;
    const auth = await world.signedIn({
      fetch: async (input, init) => {
        if (!String(input).endsWith("/things") || !isFirst) return browser(input, init);
        isFirst = false;
        return new Response(broken, { status: 401 });
      },
    });
    expect((await auth.fetch(things())).status).toBe(200);
    await settle(20);
    process.off("unhandledRejection", hear);
    expect(lost).toEqual([]);
  });

  it("is none whose body is a stream: its 401 is the caller's, and the next call has a new token", async () => {
    const auth = await world.signedIn();
    world.server.voidAccessTokens();
    const body = new Blob(["abc"]).stream();
    const response = await auth.fetch(things(), { method: "POST", body, duplex: "half" } as RequestInit);
    expect([response.status, world.server.count("/things")]).toEqual([401, 1]);
    expect(world.server.last("/things").body).toBe("abc");

    await until(() => world.server.count("/auth/refresh") === 1);
    expect((await auth.fetch(things())).status).toBe(200);
    expect(world.server.count("/things")).toBe(2);
  });
});

describe("a caller that gives up", () => {
  it("before the call sends nothing", async () => {
    const auth = await world.signedIn();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 1000_000 });
    const reason = new Error("no more");
    const call = auth.fetch(things(), { signal: AbortSignal.abort(reason) });
    await expect(call).rejects.toBe(reason);
    expect([world.server.count("/things"), world.server.count("/auth/refresh")]).toEqual([0, 0]);
  });

  it("during the refresh is released at once, and takes it from nobody else", async () => {
    await world.signedIn();
    const auth = world.open();
    const release = world.server.hold("/auth/refresh");
    const controller = new AbortController();
    const [mine, others] = [auth.fetch(things(), { signal: controller.signal }), auth.fetch(things())];
    await until(() => world.server.count("/auth/refresh") === 1);
    controller.abort();
    await expect(mine).rejects.toMatchObject({ name: "AbortError" });
    release();
    expect((await others).status).toBe(200);
    expect([world.server.count("/things"), world.server.count("/auth/refresh")]).toEqual([1, 1]);
  });

  it("by the signal of its Request during the refresh behind a 401 is not repeated", async () => {
    const auth = await world.signedIn();
    world.server.voidAccessTokens();
    const release = world.server.hold("/auth/refresh");
    const controller = new AbortController();
    const call = auth.fetch(new Request(things(), { signal: controller.signal }));
    await until(() => world.server.count("/auth/refresh") === 1);
    controller.abort();
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    release();
    await settle();
    expect(world.server.count("/things")).toBe(1);
  });

  it("while the answer is awaited aborts the request, as with fetch", async () => {
    const auth = await world.signedIn();
    world.server.fail("/things", "hanging");
    const controller = new AbortController();
    const call = auth.fetch(things(), { signal: controller.signal });
    await until(() => world.server.count("/things") === 1);
    controller.abort();
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
  });
});
