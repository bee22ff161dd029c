/** A real Chromium, and pages that complain about what a person would not see. */

import { type Browser, type BrowserContext, type BrowserContextOptions, type Page, chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath, args: FLAGS, headless: true });
}

/** One whose settings lie in a folder. */
export function launchIn(folder: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, { executablePath, args: FLAGS, headless: true, locale: "en-GB" });
}

/** A browser of its own: cookies, storage, tabs. English, unless it is said otherwise. */
export function person(browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  return browser.newContext({ locale: "en-GB", viewport: { width: 1200, height: 850 }, ...options });
}

/** Faults that no test expects: a script that throws, and whatever the policy refused. */
export const faults: string[] = [];

/** A tab whose faults are kept. */
export async function tab(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  page.on("pageerror", (error) => faults.push(`${page.url()}: ${error.message}`));
  page.on("console", (message) => {
    const text = message.text();
    if (/Content Security Policy|TrustedHTML|TrustedScript/.test(text)) faults.push(`${page.url()}: ${text}`);
  });
  return page;
}

/** Closes all tabs. One that is on its way to another page may never say that it is closed. */
export async function closeTabs(browser: Browser): Promise<void> {
  const closed = Promise.all(browser.contexts().map((context) => context.close()));
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 10_000))]);
}

/** Fills in the sign-in form and sends it. */
export async function signIn(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}
