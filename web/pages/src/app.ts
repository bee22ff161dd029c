/** What every page has: the deployment's decisions, the client, the words; and how a page comes to the screen. */

import { type AuthClient, type User, createAuthClient } from "@latchkey/client";

import "./style/base.css";
import "./style/forms.css";
import "./style/parts.css";
import { type Config, readConfig } from "./config";
import { retrying, watchConnection } from "./connection";
import { type Child, fill } from "./dom";
import { leaveIfNotKept, sendToSignIn } from "./leaving";
import { type Shell, openShell } from "./shell";
import { type Texts, texts } from "./texts";
import { tokensOfThisBrowser } from "./token-store";

export interface App {
  config: Config;
  auth: AuthClient;
  /** The words of the language that is spoken now. */
  t: Texts;
  shell: Shell;
  /** Shows the page as its state is now, and puts the focus on its heading. */
  redraw(): void;
}

interface Page {
  title(t: Texts): string;
  /** As wide as a form, as a text, or as a table. */
  width: "form" | "text" | "table";
}

/** A page for everybody. */
export interface PublicPage extends Page {
  content(app: App): Child[];
  /** What has to be known before anything is shown. */
  before?(app: App): Promise<unknown>;
}

/** A page of who is signed in; others are sent to sign in, and come back. */
export interface OwnPage extends Page {
  content(app: App, user: User): Child[];
}

/** Shows a page for everybody, and again in another language when one is chosen. */
export async function openPage(page: PublicPage): Promise<void> {
  const app = await start(page);
  const draw = (): void => show(app, page, page.content(app));
  app.redraw = () => {
    draw();
    focusHeading(app.shell);
  };
  app.shell.onLanguage(() => {
    app.t = texts();
    draw();
  });
  await page.before?.(app);
  draw();
}

/** Shows a page to who is signed in. Nobody is sent away because the server can't be asked. */
export async function openOwnPage(page: OwnPage): Promise<void> {
  const app = await start(page);
  const { auth, shell } = app;
  let shown: string | null = null;
  const draw = (): void => {
    const { user } = auth.state;
    if (user === null) return;
    shown = user.id;
    shell.welcome(app, user);
    show(app, page, page.content(app, user));
  };
  app.redraw = () => {
    draw();
    focusHeading(shell);
  };
  shell.onLanguage(() => {
    app.t = texts();
    draw();
  });
  auth.onAuthStateChange(({ status, user }) => {
    if (status === "signedOut") sendToSignIn(shown === null ? "goOn" : "ended");
    else if (status === "signedIn" && shown !== user.id) draw();
    else if (status === "unknown" && shown !== null) {
      // Somebody else signed in: what stands here, and what was typed, is not for that person.
      shown = null;
      shell.wait();
    }
  });
  // What the browser kept for "back" may be of who is signed out by now.
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
  await retrying(app, async () => {
    try {
      await auth.restore();
    } catch (thrown) {
      if (!leaveIfNotKept(thrown)) throw thrown;
    }
  });
}

async function start(page: Page): Promise<App> {
  const t = texts();
  const shell = openShell(page.width);
  watchConnection(shell);
  shell.wait();
  const config = await retrying({ t, shell }, readConfig);
  shell.brand(config);
  const auth = createAuthClient({
    baseUrl: config.api,
    ...(config.delivery === "body" && { delivery: "body", tokenStore: tokensOfThisBrowser }),
  });
  return { config, auth, t, shell, redraw: () => {} };
}

/** Puts the content on the screen; what was typed before stays. */
function show(app: App, page: Page, content: Child[]): void {
  const { main } = app.shell;
  const hadFocus = main.contains(document.activeElement);
  const typed = new Map([...main.querySelectorAll("input")].map((input) => [input.id, input.value]));
  document.title = `${page.title(app.t)} · ${app.config.productName}`;
  main.removeAttribute("aria-busy");
  fill(main, ...content);
  for (const input of main.querySelectorAll("input")) {
    const value = typed.get(input.id);
    if (value) {
      input.value = value;
      input.dispatchEvent(new Event("input"));
    }
  }
  // What had the focus is gone.
  if (hadFocus) focusHeading(app.shell);
}

function focusHeading({ main }: Shell): void {
  const heading = main.querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus();
}
