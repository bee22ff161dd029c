/** Pages on another site than the API, in a browser that blocks third-party cookies. */

import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { faults, launchIn, signIn, tab } from "./browser";
import { ADA, type Stage, startStage } from "./stage";
import { type Host, freePort, serve } from "./static";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));

let context: BrowserContext;
let closeContext: () => Promise<void>;
let stage: Stage;
const hosts: Host[] = [];
const ports = { cookie: 0, body: 0 };

beforeAll(async () => {
  [ports.cookie, ports.body] = [await freePort(), await freePort()];
  const origins = Object.values(ports).flatMap((port) => [`http://127.0.0.1:${port}`, `http://localhost:${port}`]);
  stage = await startStage({ ALLOWED_ORIGINS: origins.join(","), COOKIE_SAME_SITE: "None" });
  for (const delivery of ["cookie", "body"] as const) {
    // The policy of the template, with this API in it.
    const policy = (await fetch(stage.url)).headers.get("content-security-policy") ?? "";
    const headers = {
      "content-security-policy": policy.replace("connect-src 'self'", `connect-src 'self' ${stage.url}`),
    };
    hosts.push(await serve(dist, ports[delivery], { api: stage.url, delivery }, headers));
  }
  [context, closeContext] = await browserThat(true);
});
afterAll(async () => {
  await closeContext();
  await Promise.all([stage.stop(), ...hosts.map((host) => host.stop())]);
});
afterEach(async () => {
  await context.clearCookies();
  expect(faults.splice(0)).toEqual([]);
});

/** A browser whose settings say so; they lie in a folder. */
async function browserThat(blocks: boolean): Promise<[BrowserContext, () => Promise<void>]> {
  const folder = await mkdtemp(join(tmpdir(), "latchkey-chromium-"));
  await mkdir(join(folder, "Default"));
  const profile = { block_third_party_cookies: blocks, cookie_controls_mode: blocks ? 1 : 0 };
  await writeFile(join(folder, "Default", "Preferences"), JSON.stringify({ profile }));
  const made = await launchIn(folder);
  const close = async (): Promise<void> => {
    await made.close();
    await rm(folder, { recursive: true, force: true });
  };
  return [made, close];
}

test("the browser of these tests does block third-party cookies, and another does not", async () => {
  const stranger = await serve(dist, 0, {}, { "set-cookie": "visited=1; SameSite=None; Secure" });
  const [open, close] = await browserThat(false);
  const sentByThirdParty = async (browser: BrowserContext): Promise<boolean> => {
    const page = await browser.newPage();
    await page.goto(`http://localhost:${stranger.port}/logo.svg`);
    await page.goto(`http://127.0.0.1:${stranger.port}/logo.svg`);
    const asked = page.waitForRequest(`http://localhost:${stranger.port}/theme.css`);
    await page.evaluate(
      (url) => fetch(url, { mode: "no-cors", credentials: "include" }),
      `http://localhost:${stranger.port}/theme.css`,
    );
    return (await (await asked).allHeaders())["cookie"] !== undefined;
  };
  try {
    expect(await sentByThirdParty(context)).toBe(false);
    expect(await sentByThirdParty(open)).toBe(true);
  } finally {
    await Promise.all([stranger.stop(), close()]);
  }
});

/** Signs in, and is still signed in after a reload and in another tab. */
async function staysSignedIn(origin: string): Promise<Page> {
  const page = await tab(context);
  await page.goto(origin);
  await signIn(page, ADA);
  await page.getByText("This device").waitFor();
  await page.reload();
  await page.getByText("This device").waitFor();
  const other = await tab(context);
  await other.goto(`${origin}/admin`);
  await other.getByRole("button", { name: ADA.email }).waitFor();
  return page;
}

// FE10
test("with the token in the body, people stay signed in on another site, over reloads and tabs, and sign out", async () => {
  const origin = `http://127.0.0.1:${ports.body}`;
  const page = await staysSignedIn(origin);
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.getByText("You are signed out.").waitFor();
  await page.goto(`${origin}/account`);
  await page.getByText("Sign in to go on.").waitFor();
});

// FE10
test("with the cookie, a front end on the API's own site stays signed in", async () => {
  await staysSignedIn(`http://localhost:${ports.cookie}`);
});

// FE10
test("with the cookie on another site, it is partitioned, and Chromium keeps it", async () => {
  await staysSignedIn(`http://127.0.0.1:${ports.cookie}`);
  const cookies = await context.cookies(stage.url);
  expect(cookies.map(({ name, httpOnly, partitionKey }) => [name, httpOnly, partitionKey])).toContainEqual([
    "__Host-refresh_token",
    true,
    "http://127.0.0.1",
  ]);
});
