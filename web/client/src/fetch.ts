// `fetch` with the access token.

import type { Gate } from "./gate.js";
import type { Fetch } from "./http.js";

/** A body that can be sent twice. What is not listed is a stream: gone once it was sent. */
const REPEATABLE = [Blob, FormData, URLSearchParams, ArrayBuffer];

/** Whether this body can be sent a second time. */
export function isRepeatable(body: unknown): boolean {
  return body == null || typeof body === "string" || ArrayBuffer.isView(body) || REPEATABLE.some((type) => body instanceof type);
}

export function authorizedFetch(send: Fetch, gate: Gate): Fetch {
  return async (input, init) => {
    // One of another frame is no `Request` of this one.
    const request = (input as Request).url ? (input as Request) : null;
    const url = request ? request.url : String(input);
    const headers = new Headers(init?.headers ?? request?.headers);
    const signal = init?.signal === undefined ? request?.signal : init.signal;
    // Who brings a header of his own knows better.
    const grant = headers.has("authorization") ? null : await gate.authorize(url, signal);
    if (!grant) return send(input, init);

    const sendWith = (token: string, what: typeof input) => {
      headers.set("authorization", `Bearer ${token}`);
      return send(what, { ...init, headers });
    };
    // Of a Request the first try takes a copy: sending uses it up.
    const response = await sendWith(grant.token, request ? request.clone() : input);
    if (response.status !== 401 || (response.redirected && !gate.trusts(response.url))) return response;
    const renewed = gate.reauthorize(grant, signal);
    if (!isRepeatable(init?.body)) {
      renewed.catch(() => {});
      return response;
    }
    const next = await renewed;
    if (!next) return response;
    // One that has failed since is no fault of this call's.
    response.body?.cancel().catch(() => {});
    return sendWith(next.token, input);
  };
}
