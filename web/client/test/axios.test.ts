import { Readable } from "node:stream";

import axios, { type AxiosInstance, AxiosError } from "axios";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { attachAuth } from "../src/axios.js";
import { AuthError, type AuthClient } from "../src/index.js";
import { setUp, settle, until } from "./browser.js";
import { PASSWORD, TestServer } from "./server.js";

const world = setUp();
const refused = { status: 401, body: { detail: "no" } };
const tokens = (path: string) => world.server.seen.filter((seen) => seen.path === path).map((seen) => seen.headers.authorization);

describe.each(["http", "fetch"] as const)("an axios instance (%s) with the client attached", (adapter) => {
  let auth: AuthClient;
  let api: AxiosInstance;
  beforeEach(async () => {
    auth = await world.signedIn();
    api = axios.create({ baseURL: `${world.server.url}/api/v1`, adapter });
    attachAuth(api, auth);
  });

  it("sends the token", async () => {
    expect((await api.get("/things", { params: { a: 1 } })).data).toMatchObject({ user: "Ada", path: "/things?a=1" });
    expect(tokens("/things?a=1")).toEqual([`Bearer ${await auth.getAccessToken()}`]);
  });

  it("replaces an expired token by one refresh for ten calls at once", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 1000_000 });
    await Promise.all(Array.from({ length: 10 }, () => api.get("/things")));
    expect([world.server.count("/things"), world.server.count("/auth/refresh")]).toEqual([10, 1]);
  });

  it("repeats ten calls behind one refresh when each gets a 401", async () => {
    world.server.voidAccessTokens();
    const answers = await Promise.all(Array.from({ length: 10 }, () => api.get("/things")));
    expect(answers.map((answer) => answer.status)).toEqual(Array(10).fill(200));
    expect([world.server.count("/things"), world.server.count("/auth/refresh")]).toEqual([20, 1]);
  });

  it("repeats once and not twice; the second 401 is the caller's, as axios tells it", async () => {
    world.server.fail("/things", refused, refused, refused);
    const error = await api.get("/things").catch((reason) => reason);
    expect(error).toBeInstanceOf(AxiosError);
    expect([error.response.status, error.response.data]).toEqual([401, refused.body]);
    expect([world.server.count("/things"), world.server.count("/auth/refresh")]).toEqual([2, 1]);
    expect(auth.state.status).toBe("signedIn");
  });

  it("repeats where validateStatus takes a 401 for an answer, too", async () => {
    world.server.fail("/things", refused);
    expect((await api.get("/things", { validateStatus: () => true })).status).toBe(200);
  });

  it("sends a body once more as it was, through no interceptor and no transformation twice", async () => {
    const passed = vi.fn((config) => config);
    api.interceptors.request.use(passed);
    world.server.fail("/things", refused);
    const { data } = await api.post("/things", { text: '"quoted"', n: 1 });
    expect(JSON.parse(data.body)).toEqual({ text: '"quoted"', n: 1 });
    const bodies = world.server.seen.filter((seen) => seen.path === "/things").map((seen) => seen.body);
    expect([bodies.length, bodies[0] === bodies[1], passed.mock.calls.length]).toEqual([2, true, 1]);

    world.server.fail("/upload", refused);
    const form = new FormData();
    form.set("file", new Blob(["abc"]), "a.txt");
    expect((await api.post("/upload", form)).data.body).toContain("abc");
    expect(world.server.count("/upload")).toBe(2);
  });

  it("repeats no stream; the next call has a new token", async () => {
    world.server.voidAccessTokens();
    const stream = adapter === "http" ? Readable.from(["abc"]) : new Blob(["abc"]).stream();
    const error = await api.post("/things", stream).catch((reason) => reason);
    expect([error.response?.status, world.server.count("/things")]).toEqual([401, 1]);
    await until(() => world.server.count("/auth/refresh") === 1);
    expect((await api.get("/things")).status).toBe(200);
  });

  it("keeps the session when the refresh fails, and rejects with its AuthError", async () => {
    world.server.voidAccessTokens();
    world.server.fail("/auth/refresh", { status: 503, headers: { "retry-after": "9" } });
    const error = await api.get("/things").catch((reason) => reason);
    expect(error).toBeInstanceOf(AuthError);
    expect(error).toMatchObject({ status: 503, retryAfter: 9 });
    expect(auth.state.status).toBe("signedIn");
  });

  it("signs out on a definite 401, once, and passes the 401 on", async () => {
    const states: string[] = [];
    auth.onAuthStateChange((state) => states.push(state.status));
    world.server.sessions.clear();
    world.server.voidAccessTokens();
    const answers = await Promise.all([1, 2, 3].map(() => api.get("/things").catch((error) => error.response)));
    expect(answers.map((answer) => answer.status)).toEqual([401, 401, 401]);
    expect(states).toEqual(["signedIn", "signedOut"]);
    expect(world.server.count("/auth/refresh")).toBe(1);
  });

  it("intercepts neither login nor refresh nor what carries a header of its own", async () => {
    const login = api.post("/auth/login", { email: "ada@example.com", password: "wrong" });
    await expect(login).rejects.toMatchObject({ response: { status: 401 } });
    const refresh = api.post("/auth/refresh", { refresh_token: "none" });
    await expect(refresh).rejects.toMatchObject({ response: { status: 401 } });
    const own = api.get("/things", { headers: { Authorization: "Basic YTpi" } });
    await expect(own).rejects.toMatchObject({ response: { status: 401 } });
    expect([tokens("/auth/login").at(-1), tokens("/auth/refresh"), tokens("/things")]).toEqual([undefined, [undefined], ["Basic YTpi"]]);
    expect(auth.state.status).toBe("signedIn");
  });

  it("gives up when the caller does, during the refresh, too", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 1000_000 });
    const release = world.server.hold("/auth/refresh");
    const controller = new AbortController();
    const call = api.get("/things", { signal: controller.signal });
    await until(() => world.server.count("/auth/refresh") === 1);
    controller.abort();
    await expect(call).rejects.toSatisfy(axios.isCancel);
    release();
    await settle();
    expect(world.server.count("/things")).toBe(0);
  });

  it("leaves the token in no config, so in no error that is logged or sent again", async () => {
    const answer = await api.get("/things");
    world.server.fail("/things", { status: 500 });
    const error: AxiosError = await api.get("/things").catch((reason) => reason);
    expect([answer.config.headers.Authorization, error.config!.headers.Authorization]).toEqual([undefined, undefined]);
    expect(JSON.stringify(error)).not.toContain(await auth.getAccessToken());

    // As a library for retries does it.
    await auth.changePassword({ currentPassword: PASSWORD, newPassword: "Another-Horse-8-Staple" });
    expect((await api.request(error.config!)).status).toBe(200);
    expect(world.server.count("/auth/refresh")).toBe(0);
  });

  it("attached twice repeats once; taken away leaves the instance as it was", async () => {
    const plain = axios.create({ baseURL: `${world.server.url}/api/v1`, adapter });
    const detach = [attachAuth(plain, auth), attachAuth(plain, auth)].reverse();
    world.server.fail("/things", refused, refused, refused);
    await expect(plain.get("/things")).rejects.toMatchObject({ response: { status: 401 } });
    expect(world.server.count("/things")).toBe(2);
    detach.forEach((take) => take());
    expect(plain.defaults.adapter).toBe(adapter);
    await expect(plain.get("/others")).rejects.toMatchObject({ response: { status: 401 } });
    expect(tokens("/others")).toEqual([undefined]);
  });

  describe("and a foreign origin", () => {
    let foreign: TestServer;
    beforeEach(async () => void (foreign = await TestServer.start()));
    afterEach(() => foreign.stop());

    it("shows it no token, neither in a request nor behind a redirect", async () => {
      await expect(api.get(`${foreign.url}/things`)).rejects.toMatchObject({ response: { status: 401 } });
      await expect(api.get(`/elsewhere?to=${foreign.url}/things`)).rejects.toMatchObject({ response: { status: 401 } });
      expect(tokens(`/elsewhere?to=${foreign.url}/things`).at(-1)).toBe(`Bearer ${await auth.getAccessToken()}`);
      expect(foreign.seen.map((seen) => seen.headers.authorization).filter(Boolean)).toEqual([]);
      // axios's fetch adapter does not tell where a redirect led: that 401 is taken for ours, and costs a repetition.
      expect([foreign.count("/things"), world.server.count("/auth/refresh")]).toEqual(adapter === "http" ? [2, 0] : [3, 1]);
    });
  });
});
