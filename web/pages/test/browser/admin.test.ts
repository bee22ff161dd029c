/** The administration, by an admin, a lead and a member. */

import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { closeTabs, faults, launch, person, signIn, tab } from "./browser";
import { ADA, type Stage, linkOf, startStage } from "./stage";

let browser: Browser;
let stage: Stage;
const password = "Kestrel-Orbit-92";
const lead = { email: "lena@example.com", password };
const member = { email: "mo@example.com", password };

beforeAll(async () => {
  const settings = { LOGIN_LIMIT_PER_ADDRESS: "1000", RESET_MAIL_COOLDOWN_SECONDS: "0", LOCKOUT_ATTEMPTS: "2" };
  [browser, stage] = await Promise.all([launch(), startStage(settings)]);
  await stage.person(lead.email, password, { role: "lead", name: "Lena Lead" });
  await stage.person(member.email, password, { name: "Mo Member" });
});
afterAll(() => Promise.all([browser.close(), stage.stop()]));
afterEach(async () => {
  await closeTabs(browser);
  expect(faults.splice(0)).toEqual([]);
});

async function administration(who = ADA): Promise<Page> {
  const page = await tab(await person(browser));
  await page.goto(`${stage.url}/admin`);
  await signIn(page, who);
  await page.getByRole("heading", { level: 1 }).waitFor();
  return page;
}

async function open(page: Page, email: string): Promise<void> {
  await page.getByLabel("Find by e-mail").fill(email);
  await page.getByRole("button", { name: "Find", exact: true }).click();
  await page.getByRole("button", { name: email }).click();
  await page.getByRole("dialog").getByText("Last sign-in").waitFor();
}

const dialog = (page: Page) => page.getByRole("dialog").last();
const press = (page: Page, name: string) => dialog(page).getByRole("button", { name, exact: true }).click();

test("an admin invites, and whoever is invited chooses the password", async () => {
  const page = await administration();
  await page.getByRole("button", { name: "Invite" }).click();
  await dialog(page).getByLabel("E-mail").fill(member.email);
  await press(page, "Send the invitation");
  await dialog(page).getByText("This address has an account already.").waitFor();
  await dialog(page).getByLabel("E-mail").fill("nora@example.com");
  await dialog(page).getByLabel("Name").fill("Nora");
  await dialog(page).getByLabel("Role").selectOption("lead");
  await press(page, "Send the invitation");
  await page.getByText("nora@example.com is invited.").waitFor();
  const row = page.getByRole("row").filter({ hasText: "nora@example.com" });
  await row.getByText("No password yet").waitFor();
  await row.getByText("Lead").waitFor();

  const link = linkOf(await stage.mail("nora@example.com", "account"));
  const nora = await tab(await person(browser));
  await nora.goto(link);
  await nora.getByLabel("New password", { exact: true }).fill(password);
  await nora.getByRole("button", { name: "Set the password" }).click();
  await nora.getByRole("link", { name: "Sign in" }).click();
  await signIn(nora, { email: "nora@example.com", password });
  await nora.getByRole("heading", { name: "Hello Nora" }).waitFor();
});

test("who has no password yet is not said to be invited, and can be", async () => {
  const token = await stage.adminToken();
  const made = await stage.call("POST", "/admin/users", { email: "ned@example.com" }, token);
  expect(made.status).toBe(201);
  const page = await administration();
  await open(page, "ned@example.com");
  await dialog(page).getByText("none yet", { exact: true }).waitFor();
  await dialog(page).getByText("No password yet").waitFor();
  await press(page, "Send an invitation");
  await dialog(page).getByText("The mail is on its way.").waitFor();
});

test("an admin is told when no invitation is mailed", async () => {
  const quiet = await startStage({ SECURITY_NOTICES: "none" });
  try {
    const page = await tab(await person(browser));
    await page.goto(`${quiet.url}/admin`);
    await signIn(page, ADA);
    await page.getByRole("button", { name: "Invite" }).click();
    await dialog(page).getByLabel("E-mail").fill("nora@example.com");
    await press(page, "Send the invitation");
    await page.getByText("nora@example.com has an account now, but no mail went out").waitFor();
  } finally {
    await quiet.stop();
  }
});

test("an admin changes, disables, enables and deletes, and each is asked for first", async () => {
  const olga = { email: "olga@example.com", password };
  await stage.person(olga.email, password);
  const theirs = await tab(await person(browser));
  await theirs.goto(stage.url);
  await signIn(theirs, olga);
  await theirs.getByText("This device").waitFor();

  const page = await administration();
  await open(page, olga.email);
  await dialog(page).getByLabel("Name").fill("Olga");
  await press(page, "Save");
  await dialog(page).getByText("Saved.").waitFor();
  await dialog(page).getByRole("heading", { name: "Olga" }).waitFor();

  await dialog(page).getByLabel("Role").selectOption("lead");
  await press(page, "Change the role");
  await dialog(page).getByText("Make olga@example.com Lead?").waitFor();
  await press(page, "Cancel");
  await press(page, "Change the role");
  await press(page, "Change the role");
  await dialog(page).getByText("Saved.").waitFor();
  await page.getByRole("row").filter({ hasText: olga.email }).getByText("Lead", { exact: true }).waitFor();

  await press(page, "Disable");
  await dialog(page).getByText("nobody signs in until you enable").waitFor();
  await press(page, "Disable");
  await dialog(page).getByText("Inactive.", { exact: true }).waitFor();
  await theirs.reload();
  await theirs.getByText("Sign in to go on.").waitFor();

  await press(page, "Enable");
  await press(page, "Enable");
  await dialog(page).getByText("Active.", { exact: true }).waitFor();

  await press(page, "Delete");
  await press(page, "Delete");
  await page.getByText("olga@example.com is deleted.").waitFor();
  await page.getByText("Nobody has the address olga@example.com.").waitFor();
});

test("an admin unlocks, ends sessions and sends a link", async () => {
  const pia = { email: "pia@example.com", password };
  await stage.person(pia.email, password);
  const theirs = await tab(await person(browser));
  await theirs.goto(stage.url);
  await signIn(theirs, pia);
  await theirs.getByText("This device").waitFor();
  for (let attempt = 0; attempt < 2; attempt++)
    await stage.call("POST", "/auth/login", { ...pia, password: "Wrong-Horse-7-Staple" });

  const page = await administration();
  await open(page, pia.email);
  await dialog(page).getByText("locked until").waitFor();
  await press(page, "Unlock");
  await dialog(page).getByText("not locked").waitFor();
  expect((await stage.call("POST", "/auth/login", pia)).status).toBe(200);

  await press(page, "End all sessions");
  await press(page, "End them");
  await dialog(page).getByText("All sessions have ended.").waitFor();
  await theirs.reload();
  await theirs.getByText("Sign in to go on.").waitFor();

  let sent = 0;
  page.on("request", (request) => request.url().endsWith("/send-reset") && sent++);
  await dialog(page).getByRole("button", { name: "Send a reset link" }).dblclick();
  await dialog(page).getByText("The mail is on its way.").waitFor();
  await stage.mail(pia.email, "Choose a new");
  expect(sent).toBe(1);
});

test("an admin sees and ends the lock of a device, too", async () => {
  const quinn = { email: "quinn@example.com", password };
  await stage.person(quinn.email, password);
  const { body } = await stage.call("POST", "/auth/login", quinn);
  const wrong = { ...quinn, password: "Wrong-Horse-7-Staple", device_token: body["device_token"] };
  for (let attempt = 0; attempt < 2; attempt++) await stage.call("POST", "/auth/login", wrong);
  const page = await administration();
  await open(page, quinn.email);
  await dialog(page).getByText("a device of the user: locked until").waitFor();
  await press(page, "Unlock");
  await dialog(page).getByText("not locked").waitFor();
});

test("the audit trail shows what was done, of all and of one user, a page at a time", async () => {
  await stage.call("POST", "/auth/login", { email: "nobody@example.com", password });
  const token = await stage.adminToken();
  const id = await stage.person("sam@example.com", password);
  for (let number = 0; number < 50; number++)
    await stage.call("PATCH", `/admin/users/${id}`, { name: `Sam ${number}` }, token);
  const page = await administration();
  await page.getByRole("link", { name: "Audit trail" }).click();
  await page.getByText("50 entries are shown.").waitFor();
  await page.getByRole("button", { name: "Show older entries" }).click();
  await page.getByText(/([6-9]\d|1\d\d) entries are shown\./).waitFor();
  await page.getByText("an e-mail without an account").first().waitFor();

  await page.getByRole("link", { name: "Users" }).click();
  await open(page, member.email);
  await press(page, "Audit trail of this user");
  await page.getByRole("row").filter({ hasText: "by ada@example.com" }).filter({ hasText: "Account made" }).waitFor();
  expect(await page.getByLabel("User's e-mail").inputValue()).toBe(member.email);
  expect(page.url()).toBe(`${stage.url}/admin#trail`);
  expect(await page.getByRole("link", { name: "Audit trail" }).getAttribute("aria-current")).toBe("page");

  await page.getByLabel("To", { exact: true }).fill("2020-01-01T00:00");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await page.getByText("Nothing happened in this time.").waitFor();
  await page.getByLabel("From", { exact: true }).fill("2021-01-01T00:00");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await page.getByText("The end lies before the beginning.").waitFor();
  await page.goBack();
  await page.getByLabel("Find by e-mail").waitFor();
});

test("users come a page at a time", async () => {
  const token = await stage.adminToken();
  for (let number = 0; number < 28; number++)
    await stage.call("POST", "/admin/users", { email: `crowd${number}@example.com` }, token);
  const page = await administration();
  await page.getByText("25 users are shown.").waitFor();
  await page.getByRole("button", { name: "Show more" }).dblclick();
  await page.getByText(/3\d users are shown\./).waitFor();
  const emails = await page.locator(".row").allInnerTexts();
  expect(new Set(emails).size).toBe(emails.length);
  await page.getByLabel("Find by e-mail").fill("nobody@example.com");
  await page.keyboard.press("Enter");
  await page.getByText("Nobody has the address nobody@example.com.").waitFor();
  await page.getByRole("button", { name: "Show all" }).click();
  await page.getByText("25 users are shown.").waitFor();
});

// FE11
test("a lead sees what a lead may do, a member nothing, and nobody changes his own role", async () => {
  const page = await administration(lead);
  expect(await page.getByRole("link", { name: "Audit trail" }).count()).toBe(0);
  await open(page, ADA.email);
  await dialog(page).getByText("Leads look after members only.").waitFor();
  expect(await dialog(page).getByRole("button").allInnerTexts()).toEqual([""]);
  await page.keyboard.press("Escape");
  await open(page, member.email);
  expect(await dialog(page).getByLabel("Role").count()).toBe(0);
  const acts = await dialog(page).locator(".acts button").allInnerTexts();
  expect(acts).toEqual(["Send a reset link", "End all sessions", "Disable", "Delete"]);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Invite" }).click();
  expect(await dialog(page).getByLabel("Role").locator("option").allInnerTexts()).toEqual(["Member"]);

  const members = await administration(member);
  await members.getByText("This page is for admins and leads.").waitFor();
  expect(await members.getByRole("link", { name: "Administration" }).count()).toBe(0);

  const own = await administration();
  await open(own, ADA.email);
  await dialog(own).getByText("for another admin to change").waitFor();
  expect(await dialog(own).locator(".acts button").allInnerTexts()).toEqual(["Send a reset link", "End all sessions"]);
});

test("whoever lost the role is told so by the server's word", async () => {
  const rosa = { email: "rosa@example.com", password };
  const id = await stage.person(rosa.email, password, { role: "admin" });
  const page = await administration(rosa);
  await page.getByText(/users are shown/).waitFor();
  await stage.call("PATCH", `/admin/users/${id}`, { role: "member" }, await stage.adminToken());
  await page.getByLabel("Find by e-mail").fill(member.email);
  await page.getByRole("button", { name: "Find", exact: true }).click();
  await page.getByText("You may not do that.").waitFor();
});
