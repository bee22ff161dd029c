/** `/`: sign in. */

import type { User } from "@latchkey/client";

import { type App, openPage } from "../app";
import { type Child, h } from "../dom";
import { GOOD } from "../icons";
import { leaveEmail, takeNotice } from "../notice";
import { destination } from "../return-to";
import { signInForm } from "../sign-in-form";
import { linkButton, stateCard } from "../state-card";

/** So long nothing is shown to who may be signed in already, in milliseconds. */
const SUSPENSE = 250;

const notice = takeNotice();

/** Who was signed in before the page was opened. */
let already: User | null = null;

function content(app: App): Child[] {
  const { t, config } = app;
  if (already !== null) return [signedInAlready(app, already)];
  const { element, notices, email, password } = signInForm(app, () => location.replace(whereTo(app).href));
  const forgot = h("a", { href: "/forgot-password" }, t.signIn.forgot);
  if (notice === "signedOut") notices.good(t.signIn.signedOut);
  else if (notice !== null) notices.info(t.signIn[notice]);
  const card = h("div", { class: "card" }, h("h1", {}, t.signIn.title), element, h("p", { class: "aside" }, forgot));
  // On the way to another password, by the link or by the one in a notice.
  card.addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest("a") !== null) leaveEmail(email.input.value);
  });
  // Not where that opens a keyboard over half the screen.
  if (matchMedia("(pointer: fine)").matches) {
    requestAnimationFrame(() => (email.input.value === "" ? email : password).input.focus());
  }
  return [
    card,
    config.registration === "on" &&
      h("p", { class: "below" }, `${t.signIn.noAccount} `, h("a", { href: "/register" }, t.signIn.register)),
  ];
}

/** An app that sends here who is signed in can't use the session: sent back at once, it would send here again. */
function signedInAlready(app: App, user: User): HTMLElement {
  const { t } = app;
  const { href, host } = whereTo(app);
  const text = h("p", {}, t.signIn.already(user.email));
  return stateCard(
    GOOD,
    "good",
    t.signIn.title,
    text,
    linkButton(href, t.signIn.goOnTo(host)),
    h("a", { href: "/account" }, t.signIn.toAccount),
  );
}

function whereTo({ config }: App): URL {
  return new URL(destination(location.search, location.href, config.returnTo), location.href);
}

/** Who is signed in goes on; who can't be asked about signs in. */
async function before(app: App): Promise<unknown> {
  const to = whereTo(app);
  const isOurs = to.origin === location.origin;
  if (isOurs) {
    app.auth.onAuthStateChange(({ status }) => {
      if (status === "signedIn") location.replace(to.href);
    });
  }
  // The session is there, and no good to the page that sent here: back there, it would send here again.
  if (notice === "notKept") return null;
  const known = app.auth.restore().then((user) => {
    if (user === null) return null;
    if (isOurs) return new Promise(() => {});
    already = user;
    return app.redraw();
  });
  const suspense = new Promise((resolve) => setTimeout(resolve, SUSPENSE));
  return Promise.race([known.catch(() => null), suspense]);
}

void openPage({ title: (t) => t.signIn.title, width: "form", content, before });
