/** `/`: sign in. */

import { type App, openPage } from "../app";
import { type Child, h } from "../dom";
import { leaveEmail, takeNotice } from "../notice";
import { destination } from "../return-to";
import { signInForm } from "../sign-in-form";

/** So long nothing is shown to who may be signed in already, in milliseconds. */
const SUSPENSE = 250;

const notice = takeNotice();

function content(app: App): Child[] {
  const { t, config } = app;
  const { element, notices, email } = signInForm(app, () => goOn(app));
  const forgot = h("a", { href: "/forgot-password" }, t.signIn.forgot);
  if (notice === "signedOut") notices.good(t.signIn.signedOut);
  if (notice === "ended") notices.info(t.signIn.ended);
  if (notice === "goOn") notices.info(t.signIn.goOn);
  const card = h("div", { class: "card" }, h("h1", {}, t.signIn.title), element, h("p", { class: "aside" }, forgot));
  // On the way to another password, by the link or by the one in a notice.
  card.addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest("a") !== null) leaveEmail(email.input.value);
  });
  return [
    card,
    config.registration === "on" &&
      h("p", { class: "below" }, `${t.signIn.noAccount} `, h("a", { href: "/register" }, t.signIn.register)),
  ];
}

function goOn({ config }: App): void {
  location.replace(destination(location.search, location.href, config.returnTo));
}

/** Who is signed in goes on; who can't be asked about signs in. */
function before(app: App): Promise<unknown> {
  app.auth.onAuthStateChange(({ status }) => {
    if (status === "signedIn") goOn(app);
  });
  const known = app.auth.restore().then((user) => (user === null ? null : new Promise(() => {})));
  const suspense = new Promise((resolve) => setTimeout(resolve, SUSPENSE));
  return Promise.race([known.catch(() => null), suspense]);
}

void openPage({ title: (t) => t.signIn.title, width: "form", content, before });
