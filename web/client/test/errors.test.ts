import { describe, expect, it, vi } from "vitest";

import { AuthError } from "../src/index.js";
import { fetchWith, setUp } from "./browser.js";

const world = setUp();
const failed = (promise: Promise<unknown>): Promise<AuthError> => promise.then(() => Promise.reject(new Error("it did not fail")), (e) => e);

describe("an AuthError", () => {
  it("has what a problem says: status, sentence and fields", async () => {
    const auth = world.open();
    const errors = [{ field: "new_password", message: "must have a digit" }];
    world.server.fail("/auth/reset-password", { status: 422, body: { detail: "new_password must have a digit", errors } });
    const error = await failed(auth.resetPassword({ token: "t", newPassword: "p" }));
    expect(error).toBeInstanceOf(AuthError);
    expect(error).toBeInstanceOf(Error);
    expect({ ...error, message: error.message }).toEqual({
      name: "AuthError",
      code: "http",
      status: 422,
      detail: "new_password must have a digit",
      message: "new_password must have a digit",
      fieldErrors: errors,
      retryAfter: null,
    });
  });

  it("has the seconds of Retry-After", async () => {
    const auth = world.open();
    world.server.fail("/auth/login", { status: 429, headers: { "retry-after": "42" }, body: { detail: "Too many requests. Try again later." } });
    const error = await failed(auth.login({ email: "ada@example.com", password: "x" }));
    expect(error).toMatchObject({ status: 429, retryAfter: 42, detail: "Too many requests. Try again later." });
  });

  it.each([
    ["the gateway's message", { status: 404, type: "application/json", body: { message: "Not Found" } }, "Not Found"],
    ["a sentence of our own for a page", { status: 502, type: "text/html", body: "<h1>Bad Gateway</h1>" }, "The server answered 502."],
    ["a sentence of our own for nothing", { status: 500, body: "" }, "The server answered 500."],
    ["a sentence of our own for a detail that is none", { status: 400, body: { detail: [{ loc: 1 }], errors: "x" } }, "The server answered 400."],
    ["a sentence of our own for null", { status: 500, body: "null" }, "The server answered 500."],
  ] as const)("has %s", async (_, fault, detail) => {
    const auth = world.open();
    world.server.fail("/auth/forgot-password", fault);
    const error = await failed(auth.forgotPassword("ada@example.com"));
    expect(error).toMatchObject({ code: "http", status: fault.status, detail, fieldErrors: [] });
  });

  it("has status 0 and the cause where no answer came", async () => {
    const auth = world.open();
    world.server.fail("/auth/forgot-password", "dropped");
    const error = await failed(auth.forgotPassword("ada@example.com"));
    expect(error).toMatchObject({ code: "network", status: 0, retryAfter: null });
    expect(error.cause).toBeInstanceOf(TypeError);
  });

  it("tells a server that never answers, behind 30 s", async () => {
    const impatient = vi.spyOn(AbortSignal, "timeout").mockImplementation((time) => {
      expect(time).toBe(30_000);
      const controller = new AbortController();
      setTimeout(() => controller.abort(new DOMException("late", "TimeoutError")), 50);
      return controller.signal;
    });
    const auth = world.open();
    world.server.fail("/auth/forgot-password", "hanging");
    const error = await failed(auth.forgotPassword("ada@example.com"));
    expect(error).toMatchObject({ code: "network", status: 0 });
    expect(error.cause).toMatchObject({ name: "TimeoutError" });
    expect(impatient).toHaveBeenCalledTimes(1);
  });

  it("tells an answer that is not the API's from a refusal", async () => {
    const auth = world.open();
    world.server.fail("/auth/login", { status: 200, type: "text/html", body: "<h1>Welcome to our hotel</h1>" }, { status: 200, body: { access_token: "x.y.z" } });
    const login = () => failed(auth.login({ email: "ada@example.com", password: "x" }));
    expect(await login()).toMatchObject({ code: "malformed" });
    expect(await login()).toMatchObject({ code: "malformed" });
    expect(auth.state.status).toBe("unknown");
  });

  it("comes of a redirect, too: a password follows none", async () => {
    const auth = world.open();
    world.server.fail("/auth/login", { status: 307, headers: { location: "/auth/elsewhere" } });
    expect(await failed(auth.login({ email: "ada@example.com", password: "x" }))).toMatchObject({ code: "network" });
    expect(world.server.count("/auth/elsewhere")).toBe(0);
  });
});

describe("a listener that fails", () => {
  it("keeps nothing from the others, and is told as a warning", async () => {
    const auth = world.open();
    auth.onAuthStateChange(() => {
      throw new Error("mine");
    });
    const told = vi.fn();
    auth.onAuthStateChange(told);
    await auth.restore();
    expect(told.mock.calls.map(([state]) => state.status)).toEqual(["unknown", "signedOut"]);
    expect(world.warnings).toEqual(Array(2).fill("A listener of onAuthStateChange failed."));
  });

  it("is told on the console unless said otherwise", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const auth = world.open({ onWarning: undefined as never });
    const error = new Error("mine");
    auth.onAuthStateChange(() => {
      throw error;
    });
    expect(warn).toHaveBeenCalledExactlyOnceWith("Latchkey: A listener of onAuthStateChange failed.", error);
  });
});

describe("a listener", () => {
  it("hears each change once, in order, though another one causes the next", async () => {
    const auth = await world.signedIn();
    const heard: string[] = [];
    auth.onAuthStateChange((state) => {
      if (state.status === "signedOut") void auth.login({ email: "grace@example.com", password: "Correct-Horse-7-Staple" });
    });
    auth.onAuthStateChange((state) => heard.push(state.user?.name ?? state.status));
    await auth.logout();
    await expect.poll(() => heard).toEqual(["Ada", "signedOut", "Grace"]);
  });

  it("hears nothing that is over already, because another one ended it", async () => {
    const auth = world.open();
    const heard: string[] = [];
    auth.onAuthStateChange((state) => void (state.user && auth.logout()));
    auth.onAuthStateChange((state) => heard.push(state.status));
    await auth.login({ email: "ada@example.com", password: "Correct-Horse-7-Staple" });
    expect(heard).toEqual(["unknown", "signedOut"]);
  });

  it("hears nothing once it is taken away, though it is the same function as another's", async () => {
    const auth = world.open();
    const told = vi.fn();
    const stop = auth.onAuthStateChange(told);
    auth.onAuthStateChange(told);
    stop();
    await auth.restore();
    expect(told.mock.calls.map(([state]) => state.status)).toEqual(["unknown", "unknown", "signedOut"]);
  });
});

it("a fault that the page's owner can mend is told as a warning; being offline is not", async () => {
  await world.signedIn();
  const auth = world.open({ fetch: fetchWith(world.jar) });
  world.server.fail("/auth/refresh", "dropped", "dropped", { status: 403, body: { detail: "Origin not allowed." } });
  await expect(auth.restore()).rejects.toMatchObject({ code: "network" });
  expect(world.warnings).toEqual([]);
  await expect.poll(() => auth.state.status, { timeout: 8000 }).toBe("signedIn");
  expect(world.warnings).toEqual(["The session could not be kept fresh."]);
}, 10_000);
