/** Time that passes while a page is open. */

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { faults, launch, person, signIn, tab } from "./browser";
import { ADA, type Stage, startStage } from "./stage";

let browser: Browser;
let stage: Stage;

beforeAll(async () => {
  [browser, stage] = await Promise.all([launch(), startStage({ ACCESS_TOKEN_EXPIRE_MINUTES: "1" })]);
});
afterAll(async () => {
  await Promise.all([browser.close(), stage.stop()]);
  expect(faults).toEqual([]);
});

// FE8
test("an access token that expires mid-page is renewed, and the user notices nothing", async () => {
  const watch = async (isFrozen: boolean): Promise<{ page: Page; answers: string[] }> => {
    const page = await tab(await person(browser));
    // A page whose clock stands still, as under a closed lid, sends a token that has expired.
    if (isFrozen) await page.clock.install();
    await page.goto(stage.url);
    await signIn(page, ADA);
    await page.getByText("This device").waitFor();
    if (isFrozen) await page.clock.pauseAt(Date.now() + 1000);
    await page.getByLabel("New e-mail").fill("half.typed@example.com");
    const answers: string[] = [];
    page.on("response", (response) => {
      if (response.url().includes("/api/")) answers.push(`${response.request().method()} ${response.status()}`);
    });
    return { page, answers };
  };
  // A session that both can end.
  await stage.call("POST", "/auth/login", ADA);
  await stage.call("POST", "/auth/login", ADA);
  const [frozen, awake] = [await watch(true), await watch(false)];
  // One minute, and the five seconds that the server allows clocks to differ.
  await new Promise((resolve) => setTimeout(resolve, 66_500));

  for (const { page } of [awake, frozen]) {
    await page.getByRole("button", { name: "End the session on Unknown device" }).first().click();
    await page.getByText("The session on Unknown device has ended.").waitFor();
    expect(await page.getByLabel("New e-mail").inputValue()).toBe("half.typed@example.com");
    expect(page.url()).toBe(`${stage.url}/account`);
  }
  // The one was awake in time; the other sent what had expired, and nobody saw it.
  expect(awake.answers.filter((answer) => !answer.startsWith("POST"))).toEqual(["DELETE 204", "GET 200"]);
  expect(awake.answers).toContain("POST 200");
  expect(frozen.answers).toEqual(["DELETE 401", "POST 200", "DELETE 204", "GET 200"]);
}, 120_000);
