/** The ways out of a page that needs a signed-in user. */

import { AuthError } from "@latchkey/client";

import type { App } from "./app";
import { retrying } from "./connection";
import { type Notice, leaveNotice } from "./notice";
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
export function sendToSignIn(notice: Notice): void {
  if (isLeaving) return;
  isLeaving = true;
  leaveNotice(notice);
  location.replace(signInFrom(location));
}

/**
 * Whether the session could not be kept: the server refuses the access token even after the client's refresh and second
 * try. Then only signing in anew can help.
 */
export function leaveIfNotKept(thrown: unknown): boolean {
  const isRefused = thrown instanceof AuthError && thrown.status === 401;
  if (isRefused) sendToSignIn("notKept");
  return isRefused;
}
