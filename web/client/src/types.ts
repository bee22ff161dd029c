// What travels: the shapes of the HTTP contract, with the wire's own names, as `openapi.yaml` has them.

import type { components } from "./api.js";

type Shapes = components["schemas"];

/** What a person may do. */
export type Role = Shapes["Role"];

/** Whether a person may log in. */
export type Status = Shapes["Status"];

/** A person who may log in. Times are RFC 3339, for example `2026-11-23T13:54:38Z`. */
export type User = Shapes["User"];

/** A user as admins and leads see one in a list. */
export type ListedUser = Shapes["ManagedUser"];

/** A new user, and which mail went out: null where the deployment sends no invitations. */
export type InvitedUser = Shapes["InvitedUser"];

/** A user as admins and leads see one alone. */
export type UserDetails = Shapes["UserInDetail"];

/** Failed logins with a user's e-mail. */
export type Lockout = Shapes["Lockout"];

/** Where a user is logged in. */
export type Session = Shapes["Session"];

/** An entry of the audit trail; it is about a user or, where nobody has the e-mail, about its hash. */
export type AuditEntry = Shapes["AuditEntry"];

/** A field of a request and the rule that it breaks. */
export type FieldError = Shapes["FieldError"];

/** The answer to a login, a refresh and a change of the password. */
export type TokenResponse = Shapes["Refreshed"] & Partial<Pick<Shapes["LoggedIn"], "device_token" | "user">>;
