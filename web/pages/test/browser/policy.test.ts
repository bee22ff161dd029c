/** What the pages' policy keeps out, and what they keep to themselves. */

import { gzipSync } from "node:zlib";

import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { closeTabs, faults, launch, person, signIn, tab } from "./browser";
import { ADA, type Stage, startStage } from "./stage";

let browser: Browser;
let stage: Stage;

beforeAll(async () => {
  [browser, stage] = await Promise.all([launch(), startStage()]);
});
afterAll(() => Promise.all([browser.close(), stage.stop()]));
afterEach(() => closeTabs(browser));

// FE1
test("the policy is in force on every page: nothing inline runs, and text is no markup", async () => {
  const page = await tab(await person(browser));
  for (const path of [
    "/",
    "/register",
    "/forgot-password",
    "/reset-password",
    "/verify-email",
    "/change-email",
    "/account",
    "/admin",
    "/nothing",
  ]) {
    const answer = await fetch(stage.url + path);
    expect(answer.headers.get("content-security-policy"), path).toContain(
      "default-src 'none'; script-src 'self'; style-src 'self'",
    );
    expect(await answer.text(), path).not.toMatch(/<script(?![^>]* src=)|<style| style=| on[a-z]+=/);
    await page.goto(stage.url + path);
    await page.getByRole("heading", { level: 1 }).waitFor();
  }
  await page.goto(stage.url);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  expect(faults.splice(0)).toEqual([]);
  const tries = await page.evaluate(() => {
    const attempt = (what: () => void): string => {
      try {
        what();
        return "done";
      } catch (error) {
        return (error as Error).name;
      }
    };
    const ran = globalThis as unknown as { ran?: boolean };
    const results = [
      attempt(() => (document.createElement("div").innerHTML = "<b>x</b>")),
      attempt(() =>
        document.body.append(Object.assign(document.createElement("script"), { text: "globalThis.ran = true" })),
      ),
      attempt(() => document.body.setAttribute("onclick", "globalThis.ran = true")),
    ];
    document.body.click();
    return [...results, ran.ran ?? "did not run"];
  });
  expect(tries).toEqual(["TypeError", "TypeError", "TypeError", "did not run"]);
  expect(faults.splice(0).length).toBeGreaterThan(0);
});

test("a page's scripts stay small: 23 KB gzipped to sign in, 30 KB to administer", async () => {
  for (const [path, limit] of [
    ["/", 23],
    ["/account", 27],
    ["/admin", 30],
  ] as const) {
    const html = await (await fetch(stage.url + path)).text();
    const scripts = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map((match) => match[1]);
    expect(scripts.length).toBeGreaterThan(1);
    const texts = await Promise.all(scripts.map(async (src) => (await fetch(stage.url + src)).text()));
    const size = texts.reduce((sum, text) => sum + gzipSync(text, { level: 6 }).length, 0);
    expect(size / 1000, path).toBeLessThan(limit);
  }
});

// FE2
test("no token is in storage, in the address or in the document", async () => {
  const page = await tab(await person(browser));
  await page.goto(stage.url);
  // On the account's page, which stays.
  const refreshed = page.waitForResponse((response) => response.url().endsWith("/auth/refresh") && response.ok());
  await signIn(page, ADA);
  await page.getByText("This device").waitFor();
  const { access_token: token } = (await (await refreshed).json()) as { access_token: string };
  const kept = await page.evaluate(async () =>
    JSON.stringify([
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      location.href,
      document.documentElement.outerHTML,
      await indexedDB.databases(),
      await caches.keys(),
    ]),
  );
  expect(token).toMatch(/^eyJ[\w-]+\.eyJ/);
  expect(kept).not.toMatch(/eyJ[\w-]+\./);
  const cookies = await page.context().cookies();
  expect(cookies.map(({ httpOnly, secure, sameSite }) => [httpOnly, secure, sameSite])).toEqual(
    Array(2).fill([true, true, "Strict"]),
  );
  expect(faults.splice(0)).toEqual([]);
});
