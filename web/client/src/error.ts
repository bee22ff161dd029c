// The one error of this package, and how an answer becomes one.

import type { FieldError } from "./types.js";

/**
 * - `http`: the server refused; `status` and `detail` say why.
 * - `network`: no answer came; `status` is 0.
 * - `malformed`: what answered is not the API, for example a hotel's login page.
 * - `userChanged`: another user signed in meanwhile; the request was not sent on that user's behalf.
 */
export type AuthErrorCode = "http" | "network" | "malformed" | "userChanged";

interface More {
  status?: number;
  fieldErrors?: FieldError[];
  retryAfter?: number | null;
  cause?: unknown;
}

/** Why something was not done. */
export class AuthError extends Error {
  override readonly name = "AuthError";
  readonly code: AuthErrorCode;
  /** The HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** The server's sentence, or ours where it sent none. */
  readonly detail: string;
  /** Which fields of the request break which rules (422). */
  readonly fieldErrors: FieldError[];
  /** Seconds until it is worth to ask again (429, 503); null if the server did not say. */
  readonly retryAfter: number | null;

  constructor(code: AuthErrorCode, detail: string, more: More = {}) {
    super(detail, { cause: more.cause });
    this.code = code;
    this.detail = detail;
    this.status = more.status ?? 0;
    this.fieldErrors = more.fieldErrors ?? [];
    this.retryAfter = more.retryAfter ?? null;
  }
}

/** Reads `application/problem+json` (RFC 9457), the gateway's `{"message": …}`, or neither. */
export async function refusal(response: Response): Promise<AuthError> {
  const { status, headers } = response;
  const { detail, message, errors } = (await response.json().catch(() => null)) ?? {};
  const said = [detail, message].find((text) => typeof text === "string" && text);
  return new AuthError("http", said ?? `The server answered ${status}.`, {
    status,
    fieldErrors: Array.isArray(errors) ? errors : [],
    // In seconds: what the API and its gateway send. `Number` makes nothing of a date, and 0 of null.
    retryAfter: Number(headers.get("retry-after")) || null,
  });
}
