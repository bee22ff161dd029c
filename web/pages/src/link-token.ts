/** The token of a mail's link: read from the fragment and gone from the address bar before anything else happens. */

let token: string | null = takeToken();
const listeners: (() => void)[] = [];

// A link that is opened in the tab of this page changes the fragment only.
addEventListener("hashchange", () => {
  const next = takeToken();
  if (next === null) return;
  token = next;
  for (const listener of listeners) listener();
});

/** The token, kept in this page's memory and nowhere else. */
export function linkToken(): string | null {
  return token;
}

/** Calls when another link was opened in this tab. */
export function onNewToken(listener: () => void): void {
  listeners.push(listener);
}

function takeToken(): string | null {
  const found = new URLSearchParams(location.hash.slice(1)).get("token");
  // Neither the history nor the person next to the screen may keep it.
  if (location.hash !== "") history.replaceState(null, "", location.pathname + location.search);
  return found;
}
