/** Each page in each of its states: what axe-core says, and pictures for people to look at (web/pages/screenshots). */

import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

import type { AxeResults, RunOptions } from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { closeTabs, faults, launch, person, signIn, tab } from "./browser";
import { ADA, type Stage, linkOf, startStage } from "./stage";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pictures = fileURLToPath(new URL("../../screenshots/", import.meta.url));

let browser: Browser;
let stage: Stage;
const long = {
  email: "wilhelmina.featherstonehaugh-cholmondeley@an-unusually-long-department.example.com",
  name: "Wilhelmina Anastasia Featherstonehaugh-Cholmondeley of Much Longer Names Than Anybody Expected Here",
};
const password = "Kestrel-Orbit-92";

beforeAll(async () => {
  rmSync(pictures, { recursive: true, force: true });
  mkdirSync(pictures, { recursive: true });
  [browser, stage] = await Promise.all([
    launch(),
    startStage({ REGISTRATION: "on", LOGIN_LIMIT_PER_ADDRESS: "1000", LOCKOUT_ATTEMPTS: "2" }),
  ]);
  await stage.person("lena@example.com", password, { role: "lead", name: "Lena Lead" });
  await stage.person(long.email, password, { name: long.name });
  const token = await stage.adminToken();
  await stage.call("POST", "/admin/users", { email: "guest@example.com", name: "Gustav Guest" }, token);
  const { body } = await stage.call("POST", "/admin/users", { email: "gone@example.com", name: "Gerda Gone" }, token);
  await stage.call("PATCH", `/admin/users/${body["id"]}`, { status: "inactive" }, token);
  for (let attempt = 0; attempt < 3; attempt++)
    await stage.call("POST", "/auth/login", { email: long.email, password: "Wrong-Horse-7" });
});
afterAll(() => Promise.all([browser.close(), stage.stop()]));
afterEach(async () => {
  await closeTabs(browser);
  expect(faults.splice(0)).toEqual([]);
});

/** What axe-core has against the page as it is, in one line each. */
async function complaints(page: Page, options: RunOptions): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(
    (wanted) => (window as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run(wanted),
    options,
  );
  return violations.flatMap(({ id, impact, nodes }) => nodes.map(({ html }) => `${id} (${impact}): ${html}`));
}

const COLOURS: RunOptions = { runOnly: { type: "rule", values: ["color-contrast", "target-size"] } };

/** Light, dark and on a phone: nothing for axe-core to say, nothing that runs out of the screen; a picture of each. */
async function look(page: Page, name: string): Promise<void> {
  const said: string[] = [];
  for (const [kind, colorScheme, width, options] of [
    ["light", "light", 1200, {}],
    ["dark", "dark", 1200, COLOURS],
    ["phone", "light", 390, COLOURS],
  ] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 850 });
    await page.screenshot({ path: `${pictures}${name}-${kind}.png`, fullPage: true });
    said.push(...(await complaints(page, options)).map((complaint) => `${kind}: ${complaint}`));
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (overflow > 0) said.push(`${kind}: ${overflow} pixels run out of the screen`);
  }
  // The narrowest that WCAG 1.4.10 asks for.
  await page.setViewportSize({ width: 320, height: 850 });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (overflow > 0) said.push(`320 px: ${overflow} pixels run out of the screen`);
  await page.setViewportSize({ width: 1200, height: 850 });
  expect(said, name).toEqual([]);
}

async function at(path: string, context?: BrowserContext): Promise<Page> {
  const page = await tab(context ?? (await person(browser)));
  await page.goto(stage.url + path);
  await page.getByRole("heading", { level: 1 }).waitFor();
  return page;
}

async function signedIn(path: string, who = ADA, locale = "en-GB"): Promise<Page> {
  const page = await tab(await person(browser, { locale }));
  const { status } = await page.request
    .post(`${stage.url}/api/v1/auth/login`, { data: { ...who, delivery: "cookie" }, headers: { origin: stage.url } })
    .then((answer) => ({ status: answer.status() }));
  expect(status).toBe(200);
  await page.goto(stage.url + path);
  await page.getByRole("heading", { level: 1 }).waitFor();
  return page;
}

// FE13
test("signing in", async () => {
  const page = await at("/");
  await look(page, "sign-in");
  await page.getByRole("button", { name: "Sign in" }).click();
  await look(page, "sign-in-empty");
  await signIn(page, { email: "nobody@example.com", password: "x" });
  await page.getByText("Incorrect e-mail or password.").waitFor();
  await look(page, "sign-in-wrong");
  await signIn(page, { email: long.email, password });
  await page.getByText("This account is locked for now").waitFor();
  await look(page, "sign-in-locked");
  await page.route("**/auth/login", (route) =>
    route.fulfill({
      status: 429,
      headers: { "retry-after": "95" },
      json: { detail: "Too many requests. Try again later." },
    }),
  );
  await signIn(page, ADA);
  await page.getByText("Too many attempts").waitFor();
  await look(page, "sign-in-throttled");
  const offline = await at("/");
  await offline.context().setOffline(true);
  await signIn(offline, ADA);
  await offline.getByRole("alert").getByText("You are offline").waitFor();
  await look(offline, "sign-in-offline");
  await look(await at("/nothing-here"), "not-found");
  const refused = await tab(await person(browser));
  await refused.route("**/users/me", (route) => route.fulfill({ status: 401, json: { detail: "No" } }));
  await refused.goto(stage.url);
  await signIn(refused, ADA);
  await refused.getByText("Your session could not be kept.").waitFor();
  await look(refused, "sign-in-not-kept");
});

// FE13
test("asking for mails", async () => {
  const register = await at("/register");
  await look(register, "register");
  await register.getByLabel("E-mail").fill("new@example.com");
  await register.getByRole("button", { name: "Send the link" }).click();
  await register.getByText("A mail to new@example.com").waitFor();
  await look(register, "register-sent");
  const forgot = await at("/forgot-password");
  await look(forgot, "forgot");
  const closed = await tab(await person(browser));
  await closed.route("**/config.json", (route) => route.fulfill({ json: { registration: "off" } }));
  await closed.goto(`${stage.url}/register`);
  await closed.getByText("Registration is closed here.").waitFor();
  await look(closed, "register-closed");
});

// FE13
test("choosing a password", async () => {
  const link = linkOf(await stage.mail("guest@example.com", "account"));
  const reset = await at(link.slice(stage.url.length));
  await look(reset, "reset");
  await reset.getByLabel("New password", { exact: true }).fill("Summer");
  await look(reset, "reset-half");
  await reset.getByRole("button", { name: "Set the password" }).click();
  await look(reset, "reset-not-met");
  await reset.getByLabel("New password", { exact: true }).fill("Summer2026!!!");
  await reset.getByRole("button", { name: "Set the password" }).click();
  await reset.getByText("This is a common password").waitFor();
  await look(reset, "reset-refused");
  await reset.getByLabel("New password", { exact: true }).fill("Vr7#kqzmwTpx");
  await reset.getByRole("button", { name: "Set the password" }).click();
  await reset.getByText("Your password is set").waitFor();
  await look(reset, "reset-done");
  const dead = await at("/reset-password#token=x");
  await dead.getByLabel("New password", { exact: true }).fill("Vr7#kqzmwTpx");
  await dead.getByRole("button", { name: "Set the password" }).click();
  await dead.getByText("This link does not work any more").waitFor();
  await look(dead, "reset-dead");
  await look(await at("/verify-email#token=x"), "verify");
  await look(await at("/verify-email"), "verify-without-token");
  await look(await at("/change-email#token=x"), "change-email-signed-out");
  await look(await signedIn("/change-email#token=x"), "change-email");
});

// FE13
test("the account", async () => {
  await stage.call("POST", "/auth/login", ADA);
  const page = await signedIn("/account");
  await page.getByText("This device").waitFor();
  await look(page, "account");
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await look(page, "account-asks");
  await page.keyboard.press("Escape");
  await page.context().setOffline(true);
  await page.getByText("You are offline. Nothing is lost.").waitFor();
  await look(page, "account-offline");
  const waiting = await signedIn("/account");
  await waiting.route("**/api/**", (route) => route.abort());
  await waiting.reload();
  await waiting.getByText("The service can't be reached").waitFor();
  await look(waiting, "account-unreachable");
  const foreign = await signedIn("/account");
  const detail = "Origin not allowed. Add it to ALLOWED_ORIGINS if it is your front end's.";
  await foreign.route("**/auth/refresh", (route) => route.fulfill({ status: 403, json: { detail } }));
  await foreign.reload();
  await foreign.getByText("This page may not use the service").waitFor();
  await look(foreign, "account-refused");
  const german = await signedIn("/account", ADA, "de-DE");
  await german.getByText("Dieses Gerät").waitFor();
  await look(german, "account-german");
});

// FE13
test("the administration", async () => {
  const page = await signedIn("/admin");
  await page.getByText("5 users are shown.").waitFor();
  await look(page, "admin");
  await page.getByRole("button", { name: long.email }).click();
  await page.getByText("locked until").waitFor();
  await look(page, "admin-user");
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await look(page, "admin-asks");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Invite" }).click();
  await look(page, "admin-invites");
  await page.keyboard.press("Escape");
  await page.getByLabel("Find by e-mail").fill("nobody@example.com");
  await page.keyboard.press("Enter");
  await page.getByText("Nobody has the address").waitFor();
  await look(page, "admin-nobody");
  await page.getByRole("link", { name: "Audit trail" }).click();
  await page.getByText(/entries are shown/).waitFor();
  await look(page, "admin-trail");
  await look(await at("/dev"), "dev");
  const german = await signedIn("/admin", ADA, "de-DE");
  await german.getByText("5 Benutzer werden gezeigt.").waitFor();
  await german.getByRole("button", { name: "gone@example.com" }).click();
  await german.getByRole("dialog").getByText("Letzte Anmeldung").waitFor();
  await look(german, "admin-german");
  const lead = await signedIn("/admin", { email: "lena@example.com", password });
  await lead.getByRole("button", { name: ADA.email }).click();
  await lead.getByText("Leads look after members only.").waitFor();
  await look(lead, "admin-lead");
  const member = await signedIn("/admin", { email: "guest@example.com", password: "Vr7#kqzmwTpx" });
  await member.getByText("This page is for admins and leads.").waitFor();
  await look(member, "admin-member");
});
