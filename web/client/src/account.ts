// The routes of one's own account.

import type { Channel } from "./channel.js";
import type { Clock } from "./clock.js";
import type { Delivery, Shown } from "./delivery.js";
import { readGrant } from "./grant.js";
import type { Call } from "./http.js";
import type { Serial } from "./serial.js";
import type { Session } from "./session.js";
import type { Warn } from "./state.js";
import type { Session as ListedSession, TokenResponse, User } from "./types.js";

type Ask = <T>(path: string, call?: Call) => Promise<T>;

interface Parts {
  /** Without an access token. */
  ask: Ask;
  /** With it. */
  askSignedIn: Ask;
  session: Session;
  delivery: Delivery;
  channel: Channel;
  clock: Clock;
  exclusively: Serial;
  me: () => Promise<User>;
  warn: Warn;
}

/** Login and logout. */
export function signingApi({ ask, session, delivery, channel, clock, exclusively }: Parts) {
  const { cookies } = delivery;
  /** What names the session whose end the server has not heard of. */
  let owed: Shown | null = null;
  return {
    /** Signs in here, and tells the other tabs. */
    login: ({ email, password }: { email: string; password: string }): Promise<User> =>
      exclusively(async () => {
        const body = { email, password, delivery: delivery.name, ...(await delivery.device()) };
        const sentAt = clock();
        const answer = await ask<TokenResponse & { user: User }>("/auth/login", { body, cookies });
        const grant = readGrant(answer, sentAt);
        await delivery.keep(answer);
        session.begin(grant, answer.user);
        channel.tell({ type: "login", userId: grant.userId });
        return answer.user;
      }),
    /**
     * Signs out here and in the other tabs, at once. Rejects if the server did not hear of it: then the session, and
     * the cookie, live on there, and a page that is loaded anew may find itself signed in.
     */
    logout({ everywhere = false }: { everywhere?: boolean } = {}): Promise<void> {
      const leave = async () => {
        owed = (await delivery.take()) ?? owed;
        const body = { ...owed, everywhere: everywhere || undefined };
        if (owed || everywhere) await ask<void>("/auth/logout", { body, cookies, keepalive: true });
        owed = null;
        channel.tell({ type: "over" });
      };
      session.end();
      channel.tell({ type: "logout", at: Date.now() });
      // A login behind it waits: the answer takes the cookie away, and must not take the login's.
      return exclusively.join(leave());
    },
  };
}

/** What needs no session, and what changes the account of the one that there is. */
export function accountApi({ ask, askSignedIn, session, delivery, channel, clock, me, warn }: Parts) {
  const { cookies } = delivery;
  const told = async (answer: Promise<{ message: string }>) => (await answer).message;
  return {
    /** Mails a link to choose a new password, if the e-mail has an account; the answer is the same if not. */
    forgotPassword: (email: string) => told(ask("/auth/forgot-password", { body: { email } })),
    /** Sets a new password with the link's token. All sessions end. */
    resetPassword: ({ token, newPassword }: { token: string; newPassword: string }) =>
      told(ask("/auth/reset-password", { body: { token, new_password: newPassword } })),
    /** Mails a link to finish a registration. */
    register: (email: string) => told(ask("/auth/register", { body: { email } })),
    /** Makes the account with the link's token. Signs nobody in. */
    verifyEmail: ({ token, newPassword, name }: { token: string; newPassword: string; name?: string }) =>
      told(ask("/auth/verify-email", { body: { token, new_password: newPassword, name } })),
    /** Where the user is logged in. */
    sessions: async () => (await askSignedIn<{ sessions: ListedSession[] }>("/auth/sessions")).sessions,
    /** Ends one of them. The end of this one is a logout. */
    async endSession(id: string): Promise<void> {
      const isOwn = session.grant()?.sessionId === id;
      await askSignedIn(`/auth/sessions/${encodeURIComponent(id)}`, { method: "DELETE" });
      if (!isOwn) return;
      session.end();
      channel.tell({ type: "logout", at: Date.now() });
      await delivery.take();
    },
    /** Sets a new password. All other sessions end, this one goes on. */
    async changePassword({ currentPassword, newPassword }: { currentPassword: string; newPassword: string }): Promise<void> {
      const body = { current_password: currentPassword, new_password: newPassword, ...(await delivery.device()) };
      const sentAt = clock();
      const answer = await askSignedIn<TokenResponse>("/auth/change-password", { body, cookies });
      session.replace(readGrant(answer, sentAt));
      await delivery.keep(answer);
    },
    /** Mails a link to the new address. */
    changeEmail: async ({ newEmail, currentPassword }: { newEmail: string; currentPassword: string }) => {
      const body = { new_email: newEmail, current_password: currentPassword, ...(await delivery.device()) };
      return told(askSignedIn("/auth/change-email", { body, cookies }));
    },
    /** Makes the address that the link's token proves the user's. */
    async confirmEmail(token: string): Promise<string> {
      const message = await told(askSignedIn("/auth/confirm-email", { body: { token } }));
      // It is done, whether the new address can be read now or later.
      await me().catch((error) => warn("The user could not be read again.", error));
      return message;
    },
    me,
  };
}
