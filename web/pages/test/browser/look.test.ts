import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { test } from "vitest";
import { launch, person, signIn, tab, faults } from "./browser";
import { ADA, startStage } from "./stage";

const folder = fileURLToPath(new URL("../../screenshots/", import.meta.url));
mkdirSync(folder, { recursive: true });
async function shot(page: Page, name: string) {
  for (const [kind, colorScheme, width] of [["light", "light", 1200], ["dark", "dark", 1200], ["phone", "light", 390]] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 850 });
    await page.screenshot({ path: `${folder}${name}-${kind}.png`, fullPage: true });
  }
  await page.setViewportSize({ width: 1200, height: 850 });
}
test("look", async () => {
  const stage = await startStage({ REGISTRATION: "on" });
  const browser = await launch();
  try {
    const context = await person(browser);
    const page = await tab(context);
    page.on("console", (m) => console.log(m.text()));
    await page.goto(stage.url);
    await page.waitForSelector("h1");
    await shot(page, "sign-in");
    await page.goto(`${stage.url}/reset-password#token=x`);
    await page.waitForSelector("h1");
    await page.getByLabel("New password", {exact: true}).fill("Correct");
    await shot(page, "reset");
    await page.goto(stage.url);
    await signIn(page, ADA);
    await page.waitForURL("**/account");
    await page.waitForSelector(".sessions");
    await shot(page, "account");
    await page.goto(`${stage.url}/admin`);
    await page.waitForSelector("table");
    await shot(page, "admin");
    console.log(faults);
  } finally {
    await browser.close();
    await stage.stop();
  }
});
