/** One change of the session at a time in the whole browser, so that each is asked for with the newest cookie. */

const CHANGES = /\/auth\/(login|refresh|logout)$/;

/** So long one waits for another tab, in milliseconds: it may hang. */
const PATIENCE = 5_000;

/**
 * `fetch`, but for these requests, which wait for those of other tabs. Ten tabs that open together would else send
 * cookies of several ages, and the server takes one that is two refreshes old for stolen.
 */
export const fetchInTurn: typeof fetch = async (input, init) => {
  const { locks } = navigator as Partial<Navigator>;
  if (locks === undefined || !CHANGES.test(String(input))) return fetch(input, init);
  let isMyTurn = false;
  const send = (): Promise<Response> => {
    isMyTurn = true;
    return fetch(input, init);
  };
  try {
    return await locks.request("latchkey session", { signal: AbortSignal.timeout(PATIENCE) }, send);
  } catch (thrown) {
    if (isMyTurn) throw thrown;
    return fetch(input, init);
  }
};
