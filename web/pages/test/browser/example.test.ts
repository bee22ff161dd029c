/** The example app, built as a newcomer builds it. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { Browser } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";

import { faults, launch, person, tab } from "./browser";
import { ADA, type Stage, startStage } from "./stage";
import { type Host, freePort, serve } from "./static";

let browser: Browser;
let stage: Stage;
let app: Host;
let folder: string;

beforeAll(async () => {
  const port = await freePort();
  [browser, stage] = await Promise.all([launch(), startStage({ ALLOWED_ORIGINS: `http://localhost:${port}` })]);
  folder = await mkdtemp(join(tmpdir(), "latchkey-example-"));
  process.env["VITE_LATCHKEY"] = stage.url;
  await build({
    root: fileURLToPath(new URL("../../../example/", import.meta.url)),
    build: { outDir: folder, emptyOutDir: true },
    logLevel: "error",
  });
  app = await serve(folder, port, {}, {});
});
afterAll(async () => {
  await Promise.all([browser.close(), stage.stop(), app.stop()]);
  await rm(folder, { recursive: true, force: true });
});

test("a protected page, a call with axios, and a logout that another tab hears", async () => {
  const url = `http://localhost:${app.port}`;
  const context = await person(browser);
  const page = await tab(context);
  await page.goto(url);
  await page.getByLabel("E-mail").fill(ADA.email);
  await page.getByLabel("Password").fill("Wrong-Horse-7-Staple");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("Incorrect email or password").waitFor();
  await page.getByLabel("Password").fill(ADA.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Hello Ada Lovelace" }).waitFor();
  await page.getByText("Chrome on Linux from 127.0.0.1 (this one)").waitFor();

  const other = await tab(context);
  await other.goto(url);
  await other.getByText("(this one)").waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await other.getByRole("heading", { name: "Sign in" }).waitFor();
  expect(faults.splice(0)).toEqual([]);
});
