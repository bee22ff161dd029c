/** Sign in and out, and what keeps somebody from it. */

import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { closeTabs, faults, launch, person, signIn, tab } from "./browser";
import { ADA, type Stage, startStage } from "./stage";
import { freePort, serve } from "./static";

let browser: Browser;
let stage: Stage;

beforeAll(async () => {
  [browser, stage] = await Promise.all([launch(), startStage({ LOCKOUT_ATTEMPTS: "3", LOCKOUT_MINUTES: "7" })]);
});
afterAll(() => Promise.all([browser.close(), stage.stop()]));
afterEach(async () => {
  await closeTabs(browser);
  expect(faults.splice(0)).toEqual([]);
});

test("signs in and out", async () => {
  const page = await tab(await person(browser));
  await page.goto(stage.url);
  await signIn(page, ADA);
  await page.waitForURL(`${stage.url}/account`);
  await page.getByRole("heading", { name: "Hello Ada Lovelace" }).waitFor();

  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.getByText("You are signed out.").waitFor();
  expect(page.url()).toBe(`${stage.url}/`);
  await page.goto(`${stage.url}/account`);
  await page.getByText("Sign in to go on.").waitFor();
});

test("whoever is signed in isn't asked again, and goes where the link led", async () => {
  const page = await tab(await person(browser));
  await page.goto(`${stage.url}/admin#trail`);
  await page.waitForURL("**/?return_to=*");
  await signIn(page, ADA);
  await page.waitForURL(`${stage.url}/admin#trail`);
  await page.goto(stage.url);
  await page.waitForURL(`${stage.url}/account`);
});

// FE4
test("an app that sends here who signs in gets the user back, and who is signed in already is asked", async () => {
  const port = await freePort();
  const app = `http://127.0.0.1:${port}`;
  const named = await startStage({ ALLOWED_ORIGINS: app });
  const host = await serve("/", port, {}, {});
  try {
    const page = await tab(await person(browser));
    await page.goto(`${named.url}/?return_to=${encodeURIComponent(`${app}/config.json`)}`);
    await signIn(page, ADA);
    await page.waitForURL(`${app}/config.json`);
    await page.goto(`${named.url}/?return_to=${encodeURIComponent(`${app}/config.json`)}`);
    await page.getByText("You are signed in as ada@example.com.").waitFor();
    await page.getByRole("link", { name: `Go on to 127.0.0.1:${port}` }).click();
    await page.waitForURL(`${app}/config.json`);
    await page.goto(`${named.url}/?return_to=${encodeURIComponent("https://evil.example/")}`);
    await page.waitForURL(`${named.url}/account`);
  } finally {
    await Promise.all([named.stop(), host.stop()]);
  }
});

test("a wrong password and an unknown e-mail are told alike, and what was typed stays", async () => {
  const page = await tab(await person(browser));
  await page.goto(stage.url);
  for (const email of ["bob@example.com", ADA.email]) {
    await signIn(page, { email, password: "Wrong-Horse-7-Staple" });
    const alert = page.getByRole("alert").getByText("Incorrect e-mail or password.");
    await alert.waitFor();
    expect(await page.getByLabel("E-mail").inputValue()).toBe(email);
  }
});

test("what is missing is told at its field without asking the server", async () => {
  const page = await tab(await person(browser));
  const calls: string[] = [];
  page.on("request", (request) => request.url().endsWith("/login") && calls.push(request.url()));
  await page.goto(stage.url);
  await page.getByRole("button", { name: "Sign in" }).click();
  const email = page.getByLabel("E-mail");
  expect(await email.evaluate((input) => input === document.activeElement)).toBe(true);
  expect(await email.getAttribute("aria-invalid")).toBe("true");
  await page.getByText("Enter your e-mail address").waitFor();
  await page.getByText("Enter your password").waitFor();
  await email.fill("ada");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("This is no e-mail address").waitFor();
  expect(calls).toEqual([]);
});

test("a locked account says for how long, and a new password is one click away with the address filled in", async () => {
  const page = await tab(await person(browser));
  await page.goto(stage.url);
  for (let attempt = 0; attempt < 3; attempt++) {
    await signIn(page, { email: "carol@example.com", password: `Wrong-Horse-${attempt}-Staple` });
    await page.getByText("Incorrect e-mail or password.").waitFor();
  }
  await signIn(page, { email: "carol@example.com", password: "Wrong-Horse-7-Staple" });
  await page.getByText("This account is locked for now").waitFor();
  await page.getByText("Wait 7 minutes").waitFor();
  await page.getByRole("link", { name: "Choose a new password" }).click();
  await page.waitForURL("**/forgot-password");
  expect(await page.getByLabel("E-mail").inputValue()).toBe("carol@example.com");
});

test("an inactive account is told so with the right password only", async () => {
  const dave = { email: "dave@example.com", password: "Kestrel-Orbit-92" };
  const id = await stage.person(dave.email, dave.password);
  await stage.call("PATCH", `/admin/users/${id}`, { status: "inactive" }, await stage.adminToken());
  const page = await tab(await person(browser));
  await page.goto(stage.url);
  await signIn(page, { ...dave, password: "Wrong-Horse-7-Staple" });
  await page.getByText("Incorrect e-mail or password.").waitFor();
  await signIn(page, dave);
  await page.getByText("This account is not active").waitFor();
});

test("who asks too often sees a clock, and goes on when it is over", async () => {
  const strict = await startStage({ LOGIN_LIMIT_PER_ADDRESS: "1", RATE_LIMIT_WINDOW_SECONDS: "4" });
  try {
    const page = await tab(await person(browser));
    await page.goto(strict.url);
    const throttled = page.getByText("Too many attempts");
    // The window may have ended between two.
    for (let attempt = 0; attempt < 4 && !(await throttled.isVisible()); attempt++) {
      await signIn(page, { ...ADA, password: `Wrong-Horse-${attempt}-Staple` });
      await page.getByRole("alert").locator(".notice").waitFor();
    }
    await throttled.waitFor();
    await page
      .getByText(/Try again in \d seconds?/)
      .first()
      .waitFor();
    await page.getByText("You can try again now.").waitFor();
    await signIn(page, ADA);
    await page.waitForURL(`${strict.url}/account`);
  } finally {
    await strict.stop();
  }
});

test("who presses on while waiting asks nobody, and hears how long it still is", async () => {
  const page = await tab(await person(browser));
  let asked = 0;
  await page.route("**/auth/login", (route) => {
    asked++;
    return route.fulfill({ status: 429, headers: { "retry-after": "95" }, json: { detail: "Too many requests." } });
  });
  await page.goto(stage.url);
  await signIn(page, ADA);
  const heard = page.getByRole("alert").locator(".visually-hidden");
  await heard.getByText("Try again in 1 minute 35 seconds.").waitFor();
  await page.waitForTimeout(1_100);
  await page.getByLabel("Password", { exact: true }).press("Enter");
  expect(await heard.innerText()).toMatch(/^Try again in 1 minute (3[0-4]|2\d) seconds\.$/);
  expect(asked).toBe(1);
});

test("what will be read out stands in regions that are there before", async () => {
  const page = await tab(await person(browser));
  await page.goto(stage.url);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  const hidden = await page.evaluate(() =>
    [...document.querySelectorAll("[role=status]")].filter((region) => getComputedStyle(region).display === "none"),
  );
  expect(hidden).toEqual([]);
  await page.getByLabel("Password", { exact: true }).fill("X");
  await page.evaluate(() => {
    const init = { key: "A", modifierCapsLock: true, bubbles: true };
    document.getElementById("password")!.dispatchEvent(new KeyboardEvent("keyup", init));
  });
  await page.getByText("Caps Lock is on").waitFor();
});

test("a language is chosen once for all pages, and what was typed stays", async () => {
  const page = await tab(await person(browser, { locale: "de-AT" }));
  await page.goto(stage.url);
  await page.getByRole("heading", { name: "Anmelden" }).waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe("de");
  await page.getByLabel("E-Mail").fill("ada@example.com");
  await page.getByLabel("Sprache").selectOption("en");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  expect(await page.getByLabel("E-mail").inputValue()).toBe("ada@example.com");
  await page.goto(`${stage.url}/forgot-password`);
  await page.getByRole("heading", { name: "Forgot your password?" }).waitFor();
});

test("password managers find what they need, and a shown password is hidden again before it is sent", async () => {
  const page = await tab(await person(browser));
  await page.goto(stage.url);
  const password = page.getByLabel("Password", { exact: true });
  expect(await page.getByLabel("E-mail").getAttribute("autocomplete")).toBe("username");
  expect(await password.getAttribute("autocomplete")).toBe("current-password");
  await password.fill("Wrong-Horse-7-Staple");
  await page.getByRole("button", { name: "Show the password" }).click();
  expect(await password.getAttribute("type")).toBe("text");
  await page.getByRole("button", { name: "Hide the password" }).click();
  expect(await password.getAttribute("type")).toBe("password");
  await page.getByRole("button", { name: "Show the password" }).click();
  await page.getByLabel("E-mail").fill("erin@example.com");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("Incorrect e-mail or password.").waitFor();
  expect(await password.getAttribute("type")).toBe("password");
});
