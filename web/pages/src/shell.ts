/** What stands around every page: the product's name, the way out, the choice of the language. */

import type { User } from "@latchkey/client";

import type { App } from "./app";
import type { Config } from "./config";
import { type Child, fill, h } from "./dom";
import { signOut } from "./leaving";
import { LANGUAGES, choose, language, texts } from "./texts";

export interface Shell {
  main: HTMLElement;
  /** The product's own name, once it is known. */
  brand(config: Config): void;
  /** The links and the button of who is signed in. */
  welcome(app: App, user: User): void;
  /** Until there is something to show. */
  wait(): void;
  /** A line at the top, read out when it comes. */
  banner(kind: "warn" | "good" | "none", ...content: Child[]): void;
  hasBanner(): boolean;
  /** Calls when another language was chosen. */
  onLanguage(listener: () => void): void;
}

export function openShell(width: "form" | "text" | "table"): Shell {
  const skip = h("a", { class: "skip", href: "#main" });
  const name = h("a", { class: "brand", href: "/" });
  const nav = h("nav", { hidden: true });
  const line = h("div", { class: "banner", role: "status" });
  const main = h("main", { id: "main", class: width, tabindex: "-1" });
  const foot = h("footer", {});
  const listeners: (() => void)[] = [];
  let signedIn: (() => void) | null = null;
  let config: Config | null = null;

  const speak = (): void => {
    const t = texts();
    document.documentElement.lang = language();
    fill(skip, t.skip);
    const options = Object.entries(LANGUAGES).map(([code, { language: own }]) =>
      h("option", { value: code, lang: code, selected: code === language() }, own),
    );
    const select = h("select", { id: "language", "aria-label": t.languageLabel }, ...options);
    select.addEventListener("change", () => {
      choose(select.value);
      speak();
      document.getElementById("language")?.focus();
      for (const listener of listeners) listener();
    });
    const dev = config?.dev ? [h("a", { href: "/inbox" }, t.dev.inbox), h("a", { href: "/dev" }, t.dev.about)] : [];
    fill(foot, select, ...dev);
    signedIn?.();
  };

  // The fragment may hold a token, and is ours to change.
  skip.addEventListener("click", (event) => {
    event.preventDefault();
    main.focus();
  });
  speak();
  document.body.classList.add(width);
  document.body.prepend(skip, line, h("header", {}, name, nav), main, foot);
  return {
    main,
    brand: (decided) => {
      config = decided;
      fill(name, h("img", { src: "/logo.svg", alt: "", width: 28, height: 28 }), h("span", {}, decided.productName));
      speak();
    },
    welcome: (app, user) => {
      signedIn = () => {
        nav.hidden = false;
        fill(nav, ...links(app, user));
      };
      signedIn();
    },
    wait: () => {
      main.setAttribute("aria-busy", "true");
      fill(main, h("p", { class: "waiting" }, texts().loading));
    },
    banner: (kind, ...content) => {
      line.className = `banner ${kind}`;
      fill(line, ...content);
    },
    hasBanner: () => line.hasChildNodes(),
    onLanguage: (listener) => listeners.push(listener),
  };
}

function links(app: App, user: User): Child[] {
  const t = texts();
  const here = location.pathname.replace(/\.html$/, "");
  const link = (href: string, text: string): HTMLElement =>
    h("a", { href, "aria-current": here === href ? "page" : null }, text);
  const leave = h("button", { type: "button", class: "plain", onclick: () => void signOut(app) }, t.account.signOut);
  return [link("/account", t.account.nav), user.role !== "member" && link("/admin", t.account.admin), leave];
}
