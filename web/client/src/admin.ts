// `auth.admin`: users and the audit trail, for admins and leads.

import type { Call } from "./http.js";
import type { AuditEntry, InvitedUser, ListedUser, Role, Status, UserDetails } from "./types.js";

/** A page of a list. It may be short, even empty, while there are more: `nextCursor` tells. */
export interface Page {
  /** 50 unless said otherwise. */
  limit?: number;
  /** The `nextCursor` of the page before. */
  cursor?: string;
}

/** Sends a request with the access token. */
type Ask = <T>(path: string, call?: Call) => Promise<T>;

/** `auth.admin`. */
export type AdminApi = ReturnType<typeof adminApi>;

export function adminApi(ask: Ask) {
  const at = (id: string, act = "") => `/admin/users/${encodeURIComponent(id)}${act}`;
  const help = (act: string) => (id: string) => ask<void>(at(id, act), { body: {} });
  return {
    /** Everybody, in no order, each once; or the one who has this e-mail. */
    async users(query: Page & { email?: string } = {}) {
      const answer = await ask<{ users: ListedUser[]; next_cursor: string | null }>("/admin/users", { query: { ...query } });
      return { users: answer.users, nextCursor: answer.next_cursor };
    },
    /** One user, and why that user may be unable to log in. */
    user: (id: string) => ask<UserDetails>(at(id)),
    /** Makes an account; a mail invites its owner to choose a password, unless such mails are off. */
    invite: (user: { email: string; name?: string; role?: Role }) => ask<InvitedUser>("/admin/users", { body: user }),
    /** Changes what is given; a name of null takes it away. Inactive ends all sessions. */
    update: (id: string, change: { role?: Role; status?: Status; name?: string | null }) =>
      ask<ListedUser>(at(id), { method: "PATCH", body: change }),
    remove: (id: string) => ask<void>(at(id), { method: "DELETE" }),
    /** Forgets the failures that locked the user's e-mail. */
    unlock: help("/unlock"),
    /** Ends all sessions of the user, and all access tokens. */
    endSessions: help("/end-sessions"),
    /** Mails a link to choose a password. */
    sendReset: help("/send-reset"),
    /** Who did what to whom, the newest first; of the last 7 days unless `since` is given. */
    async audit(query: Page & { email?: string; userId?: string; since?: string | Date; until?: string | Date } = {}) {
      const { userId, ...rest } = query;
      const answer = await ask<{ entries: AuditEntry[]; next_cursor: string | null }>("/admin/audit", {
        query: { ...rest, user_id: userId },
      });
      return { entries: answer.entries, nextCursor: answer.next_cursor };
    },
  };
}
