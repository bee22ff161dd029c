/** What a deployment decides: `/config.json`, read when a page opens, so that the same build serves every stack. */

import type { Hash, Policy } from "./password-rules";

export interface Config {
  /** The API, with or without /api/v1; empty: on the pages' own origin. */
  api: string;
  /** Where the refresh token lives. "body" is for a front end that the API's cookie can't reach. */
  delivery: "cookie" | "body";
  /** PASSWORD_POLICY of the functions. */
  passwordPolicy: Policy;
  /** PASSWORD_HASH of the functions. */
  passwordHash: Hash;
  /** PRODUCT_NAME of the functions. */
  productName: string;
  /** REGISTRATION of the functions. */
  registration: "on" | "off";
  /** LOCKOUT_MINUTES of the functions. */
  lockoutMinutes: number;
  /** Origins that `?return_to=` may lead to, besides the pages' own. */
  returnTo: string[];
  /** Whether to link what only `cargo dev` has. */
  dev: boolean;
}

export const DEFAULTS: Config = {
  api: "",
  delivery: "cookie",
  passwordPolicy: "spec",
  passwordHash: "bcrypt",
  productName: "Latchkey",
  registration: "off",
  lockoutMinutes: 30,
  returnTo: [],
  dev: false,
};

/** The deployment's decisions; a host without the file is taken for the API's own. Rejects while nothing answers. */
export async function readConfig(): Promise<Config> {
  const response = await fetch("/config.json");
  // A host in trouble says nothing about the file, and the API may be elsewhere.
  if (response.status === 429 || response.status >= 500) throw new Error(`config.json: ${response.status}`);
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  return response.ok && isJson ? { ...DEFAULTS, ...(await response.json()) } : DEFAULTS;
}
