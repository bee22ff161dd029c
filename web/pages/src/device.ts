/** What somebody signed in with, by name: as the server tells it of a session (shared/src/domain/device.rs). */

import type { Texts } from "./texts";

type Names = readonly (readonly [token: string, name: string])[];

/** The first that fits is meant: nearly all claim to be Safari, and most of the others to be Chrome. */
export const BROWSERS: Names = [
  ["Edg/", "Edge"],
  ["EdgA/", "Edge"],
  ["EdgiOS/", "Edge"],
  ["OPR/", "Opera"],
  ["OPT/", "Opera"],
  ["SamsungBrowser/", "Samsung Internet"],
  ["Vivaldi/", "Vivaldi"],
  ["YaBrowser/", "Yandex Browser"],
  ["DuckDuckGo/", "DuckDuckGo"],
  ["Firefox/", "Firefox"],
  ["FxiOS/", "Firefox"],
  ["CriOS/", "Chrome"],
  ["Chrome/", "Chrome"],
  ["Safari/", "Safari"],
  ["Trident/", "Internet Explorer"],
  ["curl/", "curl"],
  ["Wget/", "Wget"],
  ["HTTPie/", "HTTPie"],
  ["PostmanRuntime/", "Postman"],
  ["python-requests/", "Python"],
  ["okhttp/", "an Android app"],
];

/** Here too: iPhones say "like Mac OS X", Android and ChromeOS are Linux or X11. */
export const SYSTEMS: Names = [
  ["Windows", "Windows"],
  ["iPhone", "iOS"],
  ["iPod", "iOS"],
  ["iPad", "iPadOS"],
  ["Android", "Android"],
  ["CrOS", "ChromeOS"],
  ["Macintosh", "macOS"],
  ["Linux", "Linux"],
];

const UNKNOWN = "an unknown device";

/** `Firefox on Linux`, of a User-Agent header. */
export function deviceOf(userAgent: string): string {
  const named = (names: Names) => names.filter(([token]) => userAgent.includes(token)).map(([, name]) => name)[0];
  const known = [named(BROWSERS), named(SYSTEMS)].filter((name) => name !== undefined);
  return known.length === 0 ? UNKNOWN : known.join(" on ");
}

/** `Firefox on Linux` in the language of the page. */
export function deviceInWords(device: string, t: Texts): string {
  const words = t.account.sessions;
  const [browser, system] = device.split(" on ");
  if (device === UNKNOWN) return words.unknownDevice;
  return browser !== undefined && system !== undefined ? words.device(browser, system) : device;
}
