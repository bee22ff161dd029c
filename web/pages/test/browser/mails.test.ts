/** What links of mails open: reset, registration, change of the address. */

import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { closeTabs, faults, launch, person, signIn, tab } from "./browser";
import { ADA, type Stage, linkOf, startStage } from "./stage";

let browser: Browser;
let stage: Stage;

const [bob, carol, erin] = ["bob", "carol", "erin"].map((name) => ({
  email: `${name}@example.com`,
  password: "Kestrel-Orbit-92",
})) as [Person, Person, Person];

interface Person {
  email: string;
  password: string;
}

beforeAll(async () => {
  const settings = { REGISTRATION: "on", RESET_MAIL_COOLDOWN_SECONDS: "0", RESET_MAILS_PER_DAY: "1000" };
  [browser, stage] = await Promise.all([launch(), startStage(settings)]);
  for (const one of [bob, carol, erin]) await stage.person(one.email, one.password);
  // A link that was asked for in the second in which the password was set would be an old one.
  await new Promise((resolve) => setTimeout(resolve, 1000));
});
afterAll(() => Promise.all([browser.close(), stage.stop()]));
afterEach(async () => {
  await closeTabs(browser);
  expect(faults.splice(0)).toEqual([]);
});

const field = (page: Page) => page.getByLabel("New password", { exact: true });
const send = (page: Page) => page.getByRole("button", { name: "Set the password" }).click();

/** A link that was asked for on the page and found in the inbox's mail. */
async function resetLink(page: Page, email: string): Promise<string> {
  await page.goto(`${stage.url}/forgot-password`);
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("button", { name: "Send the link" }).click();
  await page.getByRole("heading", { name: "Look into your inbox" }).waitFor();
  return linkOf(await stage.mail(email, "Reset"));
}

// FE3 RS10
test("the whole reset, by clicking the link in the inbox", async () => {
  const context = await person(browser);
  const page = await tab(context);
  await page.goto(stage.url);
  await page.getByLabel("E-mail").fill(bob.email);
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await page.getByRole("button", { name: "Send the link" }).click();
  await page.getByText(`If ${bob.email} has an account, a mail with a link is on its way.`).waitFor();

  await stage.mail(bob.email, "Reset");
  await page.goto(`${stage.url}/inbox`);
  const [opened] = await Promise.all([page.waitForEvent("popup"), page.locator("#text a").click()]);
  await field(opened).fill("Vr7#kqzmwTpx");
  await send(opened);
  await opened.getByRole("heading", { name: "Your password is set" }).waitFor();
  await opened.getByRole("link", { name: "Sign in" }).click();
  await signIn(opened, { ...bob, password: "Vr7#kqzmwTpx" });
  await opened.waitForURL("**/account");
});

// FE3
test("the token is gone from the address bar before anything is loaded, and is kept nowhere", async () => {
  const page = await tab(await person(browser));
  const token = "x".repeat(43);
  // Where each request of the page comes from, as the page's own scripts see it.
  await page.addInitScript(() => {
    const { fetch } = window;
    const seen: string[] = ((window as unknown as { seen: string[] }).seen = []);
    window.fetch = (...request) => {
      seen.push(location.href);
      return fetch(...request);
    };
  });
  for (const name of ["reset-password", "verify-email", "change-email"]) {
    await page.goto(`${stage.url}/${name}#token=${token}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    expect(page.url()).toBe(`${stage.url}/${name}`);
    const seen = await page.evaluate(() => [
      ...(window as unknown as { seen: string[] }).seen,
      JSON.stringify([history.state, { ...localStorage }, { ...sessionStorage }, document.cookie]),
      document.documentElement.outerHTML,
    ]);
    expect(seen.length).toBeGreaterThan(2);
    expect(seen.filter((text) => text.includes(token))).toEqual([]);
  }
});

test("a weak password is refused at its field, in the server's words, and the link goes on working", async () => {
  const page = await tab(await person(browser));
  await page.goto(await resetLink(page, ADA.email));
  await field(page).fill("Summer2026");
  await send(page);
  await page.getByText("Not met yet: at least 12 characters; a special character").waitFor();
  await field(page).fill("Summer2026!!!");
  await page.getByText("All rules are met that can be checked here.").waitFor({ state: "attached" });
  await send(page);
  await page.getByText("This is a common password, or a common word").waitFor();
  expect(await field(page).getAttribute("aria-invalid")).toBe("true");
  await field(page).fill("x9#Ada-Zq-vWm-71");
  await send(page);
  await page.getByText("The password must not hold what stands before the @").waitFor();
  await field(page).fill(ADA.password);
  await send(page);
  await page.getByText("This is the current password: choose another one.").waitFor();
});

test("a used link says so and leads to the next; a new one opened in the same tab works", async () => {
  const page = await tab(await person(browser));
  const used = await resetLink(page, carol.email);
  await page.goto(used);
  await field(page).fill("Vr7#kqzmwTpx");
  await send(page);
  await page.getByRole("heading", { name: "Your password is set" }).waitFor();

  await page.goto(used);
  await field(page).fill("Vr8#kqzmwTpx");
  await send(page);
  await page.getByRole("heading", { name: "This link does not work any more" }).waitFor();
  // As a click in a mail program does it: only the fragment differs.
  await page.evaluate((link) => (location.href = link), used);
  await field(page).fill("Vr8#kqzmwTpx");
  await page.getByRole("heading", { name: "Choose a new password" }).waitFor();
  expect(page.url()).not.toContain("token");
});

test("without a token the page of the reset asks for one", async () => {
  const page = await tab(await person(browser));
  await page.goto(`${stage.url}/reset-password`);
  await page.getByRole("heading", { name: "Forgot your password?" }).waitFor();
  expect(await page.title()).toBe("Forgot your password? · Latchkey");
  await page.evaluate(() => (location.hash = "token=x"));
  await page.getByRole("heading", { name: "Choose a new password" }).waitFor();
  expect(await page.title()).toBe("Choose a new password · Latchkey");
});

test("registers: asks, opens the link, chooses a password, signs in", async () => {
  const page = await tab(await person(browser));
  await page.goto(stage.url);
  await page.getByRole("link", { name: "Register" }).click();
  await page.getByLabel("E-mail").fill("dora@example.com");
  await page.getByRole("button", { name: "Send the link" }).click();
  await page.getByText("A mail to dora@example.com tells you how to go on.").waitFor();
  await page.getByRole("button", { name: "Send it again" }).click();
  await page.getByRole("alert").getByText("A mail to dora@example.com").waitFor();

  await page.goto(linkOf(await stage.mail("dora@example.com", "registration")));
  await page.getByLabel("Name (optional)").fill("Dora");
  await page.getByLabel("Password", { exact: true }).fill("Vr7#kqzmwTpx");
  await page.getByRole("button", { name: "Create the account" }).click();
  await page.getByRole("heading", { name: "Your account is ready" }).waitFor();
  await page.getByRole("link", { name: "Sign in" }).click();
  await signIn(page, { email: "dora@example.com", password: "Vr7#kqzmwTpx" });
  await page.getByRole("heading", { name: "Hello Dora" }).waitFor();
});

test("a new address is confirmed by who is signed in; others sign in first", async () => {
  const context = await person(browser);
  const page = await tab(context);
  await page.goto(stage.url);
  await signIn(page, erin);
  await page.getByLabel("New e-mail").fill("erin.new@example.com");
  await page.locator("#email").getByLabel("Current password").fill(erin.password);
  await page.locator("#email").getByRole("button", { name: "Send the link" }).click();
  await page.getByText("A mail to erin.new@example.com tells you how to go on.").waitFor();
  const link = linkOf(await stage.mail("erin.new@example.com", "address"));

  const stranger = await tab(await person(browser));
  await stranger.goto(link);
  await stranger.getByText("Sign in first").waitFor();
  await signIn(stranger, ADA);
  await stranger.getByRole("button", { name: "Yes, it is mine" }).click();
  await stranger.getByRole("heading", { name: "This link does not work" }).waitFor();

  await page.goto(link);
  await page.getByText(`You are signed in as ${erin.email}`).waitFor();
  await page.getByRole("button", { name: "Yes, it is mine" }).click();
  await page.getByText("From now on, sign in with erin.new@example.com.").waitFor();
});
