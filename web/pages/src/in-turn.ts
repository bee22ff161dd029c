/** One change of the session at a time in the whole browser, so that each is asked for with the newest cookie. */

const CHANGES = /\/auth\/(login|refresh|logout)$/;

/**
 * `fetch`, but for these requests, which wait for those of other tabs. Ten tabs that open together would else send
 * cookies of several ages, and the server takes one that is two refreshes old for stolen.
 */
export const fetchInTurn: typeof fetch = (input, init) => {
  const send = (): Promise<Response> => fetch(input, init);
  const { locks } = navigator as Partial<Navigator>;
  return locks !== undefined && CHANGES.test(String(input)) ? locks.request("latchkey session", send) : send();
};
