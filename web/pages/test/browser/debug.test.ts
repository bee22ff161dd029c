import { expect, test } from "vitest";
import { launch, person, signIn, tab } from "./browser";
import { ADA, startStage } from "./stage";
test("ten", async () => {
  const [browser, stage] = await Promise.all([launch(), startStage({ ACCESS_TOKEN_EXPIRE_MINUTES: "1" })]);
  const context = await person(browser);
  const page = await tab(context);
  await page.goto(stage.url);
  await signIn(page, ADA);
  await page.getByText("This device").waitFor();
  const others = await Promise.all(Array.from({ length: 9 }, () => tab(context)));
  const tabs = [page, ...others];
  const log: string[] = [];
  tabs.forEach((p, i) => { p.on("response", (r) => r.url().includes("/api/") && log.push(`${Date.now() % 1e6} ${i} ${r.request().method()} ${r.url().slice(-14)} ${r.status()}`));
    p.on("requestfailed", (r) => log.push(`${Date.now() % 1e6} ${i} FAILED ${r.url().slice(-14)} ${r.failure()?.errorText}`));
    p.on("request", (r) => r.url().includes("/api/") && log.push(`${Date.now() % 1e6} ${i} -> ${r.url().slice(-14)}`));
    p.on("console", (m) => log.push(`${i} ${m.text()}`)); });
  for (let round = 0; round < 2; round++) {
    await Promise.all(tabs.map((p) => p.goto(`${stage.url}/account`)));
    await new Promise((r) => setTimeout(r, 6000));
    log.push(`--- ${round}`);
    for (const [i, p] of tabs.entries()) log.push(`${i} ${(await p.locator("main").innerText()).slice(0, 60).replaceAll("\n", "|")} ${await p.locator(".sessions").count()}`);
  }
  console.log(log.join("\n"));
  await browser.close(); await stage.stop();
});
