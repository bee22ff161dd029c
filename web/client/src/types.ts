// What travels: the shapes of the HTTP contract, with the wire's own names.

/** What a person may do. */
export type Role = "member" | "lead" | "admin";

/** Whether a person may log in. */
export type Status = "active" | "inactive";

/** A person who may log in. Times are RFC 3339, for example `2026-11-23T13:54:38Z`. */
export interface User {
  id: string;
  email: string;
  name: string | null;
  role: Role;
  status: Status;
  created_at: string;
  last_login: string | null;
}

/** A user as admins and leads see one in a list. */
export interface ListedUser extends User {
  /** Whether the person ever chose a password. */
  has_password: boolean;
}

/** A user as admins and leads see one alone. */
export interface UserDetails extends ListedUser {
  /** Failed logins that still count; null if there are none. */
  lockout: Lockout | null;
}

/** Failed logins with a user's e-mail. */
export interface Lockout {
  attempts: number;
  /** Whether no more are taken. */
  locked: boolean;
  /** When they are forgotten. */
  until: string;
}

/** Where a user is logged in. */
export interface Session {
  id: string;
  /** Whether it is the one that asks. */
  current: boolean;
  /** Such as `Firefox on Linux`. */
  device: string;
  user_agent: string | null;
  address: string;
  created_at: string;
  last_used_at: string;
  /** When it ends unless it is refreshed before. */
  expires_at: string;
}

/** An entry of the audit trail; it is about a user or, where nobody has the e-mail, about its hash. */
export interface AuditEntry {
  id: string;
  at: string;
  /** In the word of the log: `login`, `change_password`, `change_user`. */
  event: string;
  outcome: "success" | "failure";
  reason: string | null;
  user_id?: string;
  email_hash?: string;
  /** Who did it, where that need not be the user it was about. */
  actor: { user_id: string } | { operator: string } | null;
  /** What is different now: `role member -> lead`. */
  change: string | null;
  session_id: string | null;
  address: string | null;
  user_agent: string | null;
  request_id: string | null;
  /** The e-mail that the user has now; null if the user is gone. */
  email: string | null;
  actor_email: string | null;
}

/** A field of a request and the rule that it breaks. */
export interface FieldError {
  field: string;
  message: string;
}

/** The answer to a login, a refresh and a change of the password. */
export interface TokenResponse {
  access_token: string;
  /** Where the tokens are delivered in the body. */
  refresh_token?: string;
  /** Where the tokens are delivered in the body. */
  device_token?: string;
  token_type: "bearer";
  /** Seconds. */
  expires_in: number;
  /** At a login. */
  user?: User;
}
