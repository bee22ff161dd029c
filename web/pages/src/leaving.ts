/** The ways out of a page that needs a signed-in user. */

import { AuthError } from "@latchkey/client";

import type { App } from "./app";
import { retrying } from "./connection";
import { leaveNotice } from "./notice";
import { signInFrom } from "./return-to";

let isLeaving = false;

/** Signs out, here or everywhere, and says so on the sign-in page. Offline it waits: the cookie is the server's. */
export async function signOut(app: App, everywhere = false): Promise<void> {
  if (isLeaving) return;
  isLeaving = true;
  await retrying({ ...app, text: app.t.account.signingOut }, async () => {
    try {
      await app.auth.logout({ everywhere });
    } catch (thrown) {
      // There is no session any more: it was ended elsewhere, or by a try whose answer was lost.
      if (!(thrown instanceof AuthError && thrown.status === 401)) throw thrown;
    }
  });
  // The browser may keep the page as it is now, for "back".
  app.shell.wait();
  leaveNotice("signedOut");
  location.assign("/");
}

/** To the sign-in page, which leads back here. */
export function sendToSignIn(wasSignedIn: boolean): void {
  if (isLeaving) return;
  isLeaving = true;
  leaveNotice(wasSignedIn ? "ended" : "goOn");
  location.replace(signInFrom(location));
}
