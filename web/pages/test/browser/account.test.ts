/** The account: sessions, another password. */

import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { judge } from "../../src/password-rules";
import { closeTabs, faults, launch, person, signIn, tab } from "./browser";
import { ADA, type Stage, startStage } from "./stage";

let browser: Browser;
let stage: Stage;

beforeAll(async () => {
  [browser, stage] = await Promise.all([launch(), startStage({ LOGIN_LIMIT_PER_ADDRESS: "1000" })]);
});
afterAll(() => Promise.all([browser.close(), stage.stop()]));
afterEach(async () => {
  await closeTabs(browser);
  expect(faults.splice(0)).toEqual([]);
});

async function signedIn(who = ADA): Promise<Page> {
  const page = await tab(await person(browser));
  await page.goto(stage.url);
  await signIn(page, who);
  await page.getByText("This device").waitFor();
  return page;
}

test("another device is ended here, and shows it", async () => {
  const grace = { email: "grace@example.com", password: "Kestrel-Orbit-92" };
  await stage.person(grace.email, grace.password);
  const other = await signedIn(grace);
  const page = await signedIn(grace);
  await page.getByRole("button", { name: "End the session on Chrome on Linux" }).click();
  await page.getByText("The session on Chrome on Linux has ended.").waitFor();
  await page.getByText("You are signed in on no other device.").waitFor();
  await other.reload();
  await other.getByText("Sign in to go on.").waitFor();
});

test("a new password signs out all other devices and keeps this one", async () => {
  const heidi = { email: "heidi@example.com", password: "Kestrel-Orbit-92" };
  await stage.person(heidi.email, heidi.password);
  const other = await signedIn(heidi);
  const page = await signedIn(heidi);
  const section = page.locator("#password");
  await section.getByLabel("Current password").fill("Wrong-Horse-7-Staple");
  await section.getByLabel("New password", { exact: true }).fill("Vr7#kqzmwTpx");
  await section.getByRole("button", { name: "Change the password" }).click();
  await section.getByText("This is not your current password.").waitFor();
  await section.getByLabel("Current password").fill(heidi.password);
  await section.getByRole("button", { name: "Change the password" }).click();
  await section.getByText("Your password is changed. All other devices are signed out.").waitFor();
  await page.getByText("You are signed in on no other device.").waitFor();
  await page.reload();
  await page.getByText("This device").waitFor();
  await other.reload();
  await other.getByText("Sign in to go on.").waitFor();
});

test("signing out everywhere asks first, and Escape means no", async () => {
  const ivan = { email: "ivan@example.com", password: "Kestrel-Orbit-92" };
  await stage.person(ivan.email, ivan.password);
  const [page, other] = [await signedIn(ivan), await signedIn(ivan)];
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Sign out everywhere" }).click();
  await page.getByText("You are signed out.").waitFor();
  await other.reload();
  await other.getByText("Sign in to go on.").waitFor();
});

test("signing out everywhere is done though the server's first answer is lost", async () => {
  const judy = { email: "judy@example.com", password: "Kestrel-Orbit-92" };
  await stage.person(judy.email, judy.password);
  const page = await signedIn(judy);
  let isLost = false;
  await page.route("**/auth/logout", async (route) => {
    if (isLost) return route.continue();
    isLost = true;
    await route.fetch();
    await route.abort();
  });
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Sign out everywhere" }).click();
  await page.getByText("You are signed out.").waitFor();
  expect(isLost).toBe(true);
});

/** The server's sentence for each rule that can be told without it. */
const SENTENCES: Record<string, RegExp> = {
  length: /^must have at least \d+ characters$/,
  upper: /upper-case/,
  lower: /lower-case/,
  digit: /a digit$/,
  special: /special character/,
  bytes: /at most (72|1024) bytes/,
  email: /name of your e-mail/,
  product: /the name Latchkey/,
};

const PASSWORDS = [
  "a",
  "Vr7#kqzmwTp",
  "vr7#kqzmwtpx",
  "VR7#KQZMWTPX",
  "Vrx#kqzmwTpx",
  "Vr7xkqzmwTpx",
  "Vr7 kqzmw Tpx",
  "Vr7~kqzmwTpx",
  "Äß7#kqzmwöüÿ",
  "ǅ7#kqzmwzqxv",
  "ª7#KQZMWZQXVB",
  "٣#kqzmwTpxVrr",
  "🔑🔑🔑🔑🔑🔑Vr7#k",
  "x9#Ada-Zq-vWm-71",
  "x9#LATCHKEY-zqvWm",
  "x9#LATCHKEİ-zqvWm",
  `Vr7#${"é".repeat(34)}`,
  `Vr7#${"é".repeat(34)}a`,
  `Vr7#${"kqzmw".repeat(204)}`,
  `Vr7#${"kqzmw".repeat(204)}a`,
];

// FE5
test("the meter and the server judge alike, in both policies and with both hashes", async () => {
  for (const [policy, hash] of [
    ["spec", "bcrypt"],
    ["nist", "argon2id"],
  ] as const) {
    const judging = await startStage({
      PASSWORD_POLICY: policy,
      PASSWORD_HASH: hash,
      LOGIN_LIMIT_PER_ADDRESS: "1000",
      LOCKOUT_ATTEMPTS: "50",
    });
    try {
      const config = await (await fetch(`${judging.url}/config.json`)).json();
      expect([config.passwordPolicy, config.passwordHash]).toEqual([policy, hash]);
      let token = await judging.adminToken();
      for (const password of PASSWORDS) {
        const asked = { current_password: ADA.password, new_password: password };
        const { status, body } = await judging.call("POST", "/auth/change-password", asked, token);
        const told = ((body["errors"] ?? []) as { message: string }[]).map(({ message }) => message);
        const byServer = Object.keys(SENTENCES).filter((name) =>
          told.some((message) => SENTENCES[name]?.test(message)),
        );
        const rules = judge(password, policy, { email: ADA.email, productName: "Latchkey" }, hash);
        const here = rules.flatMap(({ name, standing }) => (standing === "broken" ? [name as string] : []));
        // The server reads no further when the hash could not.
        const expected = here.includes("bytes") ? ["bytes"] : here;
        expect([password, ...byServer.sort()], `${policy} ${status} ${told.join()}`).toEqual([
          password,
          ...expected.sort(),
        ]);
        if (status !== 200) continue;
        const back = { current_password: password, new_password: ADA.password };
        const again = await judging.call("POST", "/auth/change-password", back, body["access_token"] as string);
        token = again.body["access_token"] as string;
      }
    } finally {
      await judging.stop();
    }
  }
});
