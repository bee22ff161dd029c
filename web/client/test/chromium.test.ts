// What only a browser shows: its cookies, CORS, tabs, redirects and pages that go away.

import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { AuthClient } from "../src/index.js";
import { shipped } from "./bundle.js";
import { until } from "./browser.js";
import { PASSWORD, TestServer } from "./server.js";

declare global {
  /** Of the page. */
  var auth: AuthClient;
  var seen: string[];
}

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const LOGIN = { email: "ada@example.com", password: PASSWORD };

describe.skipIf(!existsSync(CHROMIUM))("in Chromium", () => {
  let browser: Browser;
  let context: BrowserContext;
  let site: Server;
  let api: TestServer;
  /** Page and API are of one site and two origins. */
  const local = (port: number | string) => `http://localhost:${port}`;
  const apiUrl = () => local(new URL(api.url).port);
  const pageUrl = () => local((site.address() as AddressInfo).port);

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
    const client = await shipped("src/index.ts");
    site = createServer((request, response) => {
      const isScript = request.url === "/client.js";
      response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
      response.end(isScript ? client : page());
    });
    await new Promise<void>((listening) => site.listen(0, "127.0.0.1", listening));
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    site?.closeAllConnections();
    site?.close();
  });
  beforeEach(async () => {
    api = await TestServer.start();
    context = await browser.newContext();
  });
  afterEach(async () => {
    await context.close();
    await api.stop();
  }, 30_000);

  const page = () => `<!doctype html><title>-</title><script type="module">
    import { createAuthClient } from "/client.js";
    globalThis.seen = [];
    globalThis.auth = createAuthClient({ baseUrl: "${apiUrl()}" });
    auth.onAuthStateChange((state) => seen.push(state.user?.name ?? state.status));
  </script>`;

  async function open(path = "/"): Promise<Page> {
    const tab = await context.newPage();
    await tab.goto(pageUrl() + path);
    return tab;
  }
  const login = (tab: Page) => tab.evaluate((who) => auth.login(who), LOGIN);
  const stateOf = (tab: Page) => tab.evaluate(() => auth.state.user?.name ?? auth.state.status);

  it("the cookie outlives the page, no script sees it, and nothing is in any storage", async () => {
    const tab = await open();
    await login(tab);
    await tab.reload();
    expect((await tab.evaluate(() => auth.restore()))?.name).toBe("Ada");
    expect(await tab.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length])).toEqual(["", 0, 0]);
    const [cookie] = await context.cookies();
    expect(cookie).toMatchObject({ name: "__Host-refresh_token", httpOnly: true, secure: true, sameSite: "Strict" });
    expect(await tab.evaluate((url) => auth.fetch(url).then((response) => response.status), `${apiUrl()}/api/v1/things`)).toBe(200);
  });

  it("a login signs in the other tabs, a logout signs them out, and the cookie is gone", async () => {
    const [here, there] = [await open(), await open()];
    await there.evaluate(() => auth.restore());
    await login(here);
    await expect.poll(() => stateOf(there)).toBe("Ada");
    await here.evaluate(() => auth.logout());
    await expect.poll(() => stateOf(there)).toBe("signedOut");
    expect(await there.evaluate(() => seen)).toEqual(["unknown", "signedOut", "unknown", "Ada", "signedOut"]);
    expect(await context.cookies()).toEqual([]);
  });

  it("a redirect to a foreign origin carries no token", async () => {
    const foreign = await TestServer.start();
    const tab = await open();
    await login(tab);
    const url = `${apiUrl()}/elsewhere?to=${foreign.url}/things`;
    expect(await tab.evaluate((u) => auth.fetch(u).then((response) => [response.status, response.redirected]), url)).toEqual([401, true]);
    expect(api.seen.at(-1)!.headers.authorization).toMatch(/^Bearer /);
    expect(foreign.seen.map((seen) => seen.headers.authorization)).toEqual([undefined]);
    await foreign.stop();
  });

  it("a page that is loaded offline stays unknown, and signs in as soon as it is online", async () => {
    const tab = await open();
    await login(tab);
    await tab.reload();
    await context.setOffline(true);
    expect(await tab.evaluate(() => auth.restore().catch((error) => error.code))).toBe("network");
    expect(await stateOf(tab)).toBe("unknown");
    await context.setOffline(false);
    await expect.poll(() => stateOf(tab)).toBe("Ada");
  });

  it("a logout is heard though the page is left right behind it", async () => {
    const tab = await open();
    await login(tab);
    api.preflight = 500;
    await tab.evaluate(() => {
      void auth.logout();
      location.href = "/left";
    });
    await tab.waitForURL("**/left");
    await until(() => api.sessions.size === 0);
  });

  it("a refresh whose page is left meanwhile brings the browser its cookie all the same", async () => {
    const tab = await open();
    await login(tab);
    const release = api.hold("/auth/refresh");
    void tab.evaluate(() => auth.refresh()).catch(() => {});
    await until(() => api.count("/auth/refresh") === 1);
    await tab.goto("about:blank");
    release();
    await expect.poll(async () => (await context.cookies())[0]?.value).toMatch(/\.1$/);
  });

  it("ten tabs that refresh as they like by one cookie stay signed in, all of them", async () => {
    await login(await open());
    const tabs = await Promise.all(Array.from({ length: 10 }, () => open()));
    const names = tabs.map((tab) =>
      tab.evaluate(async () => {
        const told = [await auth.restore()];
        for (let again = 0; again < 3; again++) told.push(await auth.refresh());
        return told.map((user) => user?.name);
      }),
    );
    expect((await Promise.all(names)).flat()).toEqual(Array(40).fill("Ada"));
    expect(api.sessions.size).toBe(1);
  });

  it("a page from the back-forward cache knows that somebody logged out meanwhile", async () => {
    const [tab, other] = [await open(), await open()];
    await login(tab);
    await tab.goto(`${pageUrl()}/elsewhere`);
    await other.evaluate(() => auth.logout());
    await tab.goBack();
    await tab.evaluate(() => auth.restore());
    expect(await stateOf(tab)).toBe("signedOut");
  });
});
