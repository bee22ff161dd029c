/** Where to go after signing in: `?return_to=`, if it leads to a page of ours or of an app that the deployment names. */

const FALLBACK = "/account";

/** The address to go to. What leads anywhere else is left out: a link must not send users on to a stranger. */
export function destination(query: string, here: string, allowed: readonly string[]): string {
  const wanted = parse(new URLSearchParams(query).get("return_to"), here);
  const own = new URL(here);
  if (wanted === null || ![own.origin, ...allowed].includes(wanted.origin)) return FALLBACK;
  // The sign-in page would lead to itself.
  const isSignIn = wanted.origin === own.origin && ["/", "/index.html"].includes(wanted.pathname);
  return isSignIn ? FALLBACK : wanted.href;
}

/** The sign-in page that leads back to where the user is now. */
export function signInFrom(here: Location): string {
  return `/?return_to=${encodeURIComponent(here.pathname + here.hash)}`;
}

function parse(address: string | null, base: string): URL | null {
  try {
    const url = address === null ? null : new URL(address, base);
    // A blob has the origin of who made it.
    return url !== null && /^https?:$/.test(url.protocol) ? url : null;
  } catch {
    return null;
  }
}
