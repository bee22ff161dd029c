/** Many tabs, and networks that come and go. */

import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { closeTabs, faults, launch, person, signIn, tab } from "./browser";
import { ADA, type Stage, startStage } from "./stage";

let browser: Browser;
let stage: Stage;

beforeAll(async () => {
  [browser, stage] = await Promise.all([launch(), startStage()]);
});
afterAll(() => Promise.all([browser.close(), stage.stop()]));
afterEach(async () => {
  await closeTabs(browser);
  expect(faults.splice(0)).toEqual([]);
});

async function signedIn(context: BrowserContext): Promise<Page> {
  const page = await tab(context);
  await page.goto(stage.url);
  await signIn(page, ADA);
  await page.getByText("This device").waitFor();
  return page;
}

// FE6 RT2
test("ten tabs that refresh at once stay signed in", async () => {
  const context = await person(browser);
  const first = await signedIn(context);
  const others = await Promise.all(Array.from({ length: 9 }, () => tab(context)));
  const tabs = [first, ...others];
  const refreshed: number[] = [];
  context.on("response", (response) => response.url().endsWith("/auth/refresh") && refreshed.push(response.status()));
  for (let round = 0; round < 2; round++) {
    await Promise.all(tabs.map((page) => page.goto(`${stage.url}/account`)));
    await Promise.all(tabs.map((page) => page.getByText("This device").waitFor()));
  }
  expect(refreshed.length).toBeGreaterThanOrEqual(20);
  expect(new Set(refreshed)).toEqual(new Set([200]));
  for (const page of tabs) expect(page.url()).toBe(`${stage.url}/account`);
});

// FE7
test("a logout in one tab signs out all, and a login brings all back", async () => {
  const context = await person(browser);
  const page = await signedIn(context);
  const others = await Promise.all([tab(context), tab(context)]);
  await others[0]!.goto(`${stage.url}/account`);
  await others[1]!.goto(`${stage.url}/admin`);
  await others[0]!.getByText("This device").waitFor();
  await others[1]!.getByRole("heading", { name: "Administration" }).waitFor();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.getByText("You are signed out.").waitFor();
  // One that loads its next page before the server has heard of it comes in once more, and is sent out again.
  for (const other of others) await other.getByText(/Your session has ended\.|Sign in to go on\./).waitFor();
  await signIn(others[1]!, ADA);
  await others[1]!.waitForURL(`${stage.url}/admin`);
  await others[1]!.getByRole("heading", { name: "Administration" }).waitFor();
  for (const other of [page, others[0]!]) await other.getByText("This device").waitFor();
});

test("whoever else signs in in this browser finds nothing of the one before on an open page", async () => {
  await stage.person("mo@example.com", "Kestrel-Orbit-92");
  const context = await person(browser);
  const page = await tab(context);
  await page.clock.install();
  await page.goto(stage.url);
  await signIn(page, ADA);
  await page.getByText("This device").waitFor();
  await page.getByLabel("New e-mail").fill("only.ada@example.com");
  const data = { email: "mo@example.com", password: "Kestrel-Orbit-92", delivery: "cookie" };
  const login = await context.request.post(`${stage.url}/api/v1/auth/login`, { data, headers: { origin: stage.url } });
  expect(login.status()).toBe(200);
  await page.clock.fastForward("16:00");
  await page.getByText("mo@example.com").waitFor();
  expect(await page.getByLabel("New e-mail").inputValue()).toBe("");
  expect(await page.getByText("Ada Lovelace").count()).toBe(0);
});

// FE9
test("offline, nobody is signed out; back, everything goes on", async () => {
  const context = await person(browser);
  const page = await signedIn(context);
  await context.setOffline(true);
  await page.getByText("You are offline. Nothing is lost.").waitFor();
  await page.getByLabel("New e-mail").fill("ada.new@example.com");
  await page.locator("#email").getByLabel("Current password").fill(ADA.password);
  await page.locator("#email").getByRole("button", { name: "Send the link" }).click();
  await page.locator("#email").getByText("You are offline").waitFor();
  await context.setOffline(false);
  await page.getByText("You are connected again.", { exact: true }).waitFor();
  await page.locator("#email").getByRole("button", { name: "Send the link" }).click();
  await page.getByText("A mail to ada.new@example.com").waitFor();
  expect(page.url()).toBe(`${stage.url}/account`);
});

// FE9
test("a page that opens while the API is away waits, and goes on by itself", async () => {
  const context = await person(browser);
  const page = await signedIn(context);
  await context.route("**/api/**", (route) => route.abort());
  await page.reload();
  await page.getByRole("heading", { name: "The service can't be reached" }).waitFor();
  expect(page.url()).toBe(`${stage.url}/account`);
  await context.unroute("**/api/**");
  await page.getByText("This device").waitFor();
});

test("while a page waits, its button keeps the focus, and what it says is read out once", async () => {
  const context = await person(browser);
  const page = await signedIn(context);
  let tries = 0;
  await context.route("**/auth/refresh", (route) => {
    tries++;
    return route.fulfill({ status: 500, json: { message: "Internal Server Error" } });
  });
  await page.reload();
  const again = page.getByRole("button", { name: "Try again" });
  await again.focus();
  await page.evaluate(() => {
    const watched = globalThis as unknown as { changes: number };
    watched.changes = 0;
    new MutationObserver(() => watched.changes++).observe(document.querySelector("[role=alert]")!, { childList: true });
  });
  for (const before = tries; tries < before + 2; ) {
    await page.keyboard.press("Enter");
    await page.waitForTimeout(100);
  }
  expect(await again.evaluate((button) => button === document.activeElement)).toBe(true);
  expect(await page.evaluate(() => (globalThis as unknown as { changes: number }).changes)).toBe(0);
  await context.unroute("**/auth/refresh");
  await page.keyboard.press("Enter");
  await page.getByText("This device").waitFor();
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
});

test("a page that opens while the server wants to be left alone leaves it alone", async () => {
  const context = await person(browser);
  const page = await signedIn(context);
  let tries = 0;
  await context.route("**/auth/refresh", (route) => {
    tries++;
    return route.fulfill({ status: 429, headers: { "retry-after": "60" }, json: { detail: "Too many requests." } });
  });
  await page.reload();
  await page.getByText("Too many attempts").waitFor();
  await page.waitForTimeout(5_000);
  expect(tries).toBe(1);
});

test("a page whose configuration can't be had waits for it instead of asking the wrong server", async () => {
  const page = await tab(await person(browser));
  await page.route("**/config.json", (route) => route.fulfill({ status: 503 }));
  await page.goto(stage.url);
  await page.getByRole("heading", { name: "The service can't be reached" }).waitFor();
  await page.unroute("**/config.json");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
});

test("a sign-out without the server waits for it instead of pretending", async () => {
  const context = await person(browser);
  const page = await signedIn(context);
  await context.setOffline(true);
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.getByText("the server must hear of it once").waitFor();
  await context.setOffline(false);
  await page.getByText("You are signed out.").waitFor();
  await page.goto(`${stage.url}/account`);
  await page.getByText("Sign in to go on.").waitFor();
});

test("a session that can't be kept leads to the sign-in page once, and a new one back", async () => {
  const refused = { status: 401, json: { detail: "Could not validate credentials" } };
  for (const [path, route] of [
    ["/account", "**/users/me"],
    ["/account", "**/auth/sessions"],
    ["/admin", "**/admin/users?*"],
  ] as const) {
    const context = await person(browser);
    const page = await signedIn(context);
    await page.route(route, (call) => call.fulfill(refused));
    let visits = 0;
    page.on("framenavigated", (frame) => new URL(frame.url()).pathname === "/" && visits++);
    await page.goto(stage.url + path);
    await page.getByText("Your session could not be kept. Sign in again.").waitFor();
    await page.waitForTimeout(1_000);
    expect([visits, new URL(page.url()).search], route).toEqual([1, `?return_to=${encodeURIComponent(path)}`]);
    await page.unroute(route);
    await signIn(page, ADA);
    await page.waitForURL(stage.url + path);
    await page.getByRole("heading", { name: path === "/admin" ? "Administration" : "Hello Ada Lovelace" }).waitFor();
  }
});

test("a page from an origin that the API doesn't know says so instead of being out of reach", async () => {
  const page = await signedIn(await person(browser));
  const detail = "Origin not allowed. Add it to ALLOWED_ORIGINS if it is your front end's.";
  await page.route("**/auth/refresh", (route) => route.fulfill({ status: 403, json: { detail } }));
  await page.reload();
  await page.getByRole("heading", { name: "This page may not use the service" }).waitFor();
  await page.getByText(detail).waitFor();
  await page.unroute("**/auth/refresh");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("This device").waitFor();
});
