/** Without a mouse. */

import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { closeTabs, faults, launch, person, tab } from "./browser";
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

/** What has the focus, by the name that a screen reader says. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : null;
    return element?.getAttribute("aria-label") ?? label ?? element?.textContent ?? "";
  });
}

/** Presses Tab until something of this name has the focus, and sees that the focus is visible on its way. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let step = 0; step < 40; step++) {
    await page.keyboard.press("Tab");
    // Behind the last of a dialog, the browser's own buttons come.
    const outline = await page.evaluate(() => {
      const { activeElement: element, body } = document;
      return element === body ? "the browser's" : getComputedStyle(element!).outlineStyle;
    });
    const at = await focused(page);
    expect(outline, `the focus on "${at}" is not visible`).not.toBe("none");
    if (at === name) return;
  }
  throw new Error(`Tab does not reach "${name}"`);
}

// FE12
test("signs in, reads the account and signs out with the keyboard alone", async () => {
  await stage.call("POST", "/auth/login", ADA);
  const page = await tab(await person(browser));
  await page.goto(stage.url);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  // Where one types first.
  await expect.poll(() => focused(page)).toBe("E-mail");
  await page.keyboard.type(ADA.email);
  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe("Password");
  await page.keyboard.type(ADA.password);
  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe("Show the password");
  await tabTo(page, "Sign in");
  await page.keyboard.press("Space");
  await page.getByText("This device").waitFor();
  await tabTo(page, "Sign out everywhere");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  // Back where it was.
  expect(await focused(page)).toBe("Sign out everywhere");
  await page.reload();
  await page.getByText("This device").waitFor();
  await tabTo(page, "Skip to the content");
  await page.keyboard.press("Enter");
  await tabTo(page, "End the session on Unknown device");
  await page.keyboard.press("Enter");
  await page.getByText("The session on Unknown device has ended.").waitFor();
  await page.reload();
  await page.getByText("This device").waitFor();
  await tabTo(page, "Sign out");
  await page.keyboard.press("Enter");
  await page.getByText("You are signed out.").waitFor();
});

// FE12
test("administers with the keyboard alone, and no dialog lets the focus out", async () => {
  await stage.person("mo@example.com", "Kestrel-Orbit-92");
  const page = await tab(await person(browser));
  await page.goto(`${stage.url}/admin`);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await expect.poll(() => focused(page)).toBe("E-mail");
  await page.keyboard.type(ADA.email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(ADA.password);
  await page.keyboard.press("Enter");
  await page.getByText("2 users are shown.").waitFor();
  await tabTo(page, "mo@example.com");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByText("Last sign-in").waitFor();
  for (let step = 0; step < 30; step++) {
    await page.keyboard.press("Tab");
    const isOutside = await page.evaluate(() => {
      const element = document.activeElement!;
      return element !== document.body && element.closest("dialog") === null;
    });
    expect(isOutside, await focused(page)).toBe(false);
  }
  await tabTo(page, "Disable");
  await page.keyboard.press("Enter");
  await tabTo(page, "Disable");
  await page.keyboard.press("Enter");
  await page.getByText("Inactive.", { exact: true }).waitFor();
  expect(await focused(page)).toBe("mo@example.com");
  await page.keyboard.press("Escape");
  await page.getByRole("row").filter({ hasText: "mo@example.com" }).getByText("Inactive").waitFor();
  // Back in its row, though that was drawn anew.
  await expect.poll(() => focused(page)).toBe("mo@example.com");
});
