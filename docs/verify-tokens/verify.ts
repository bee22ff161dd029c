// Verifies an access token of Latchkey in a service of your own. npm install jose@6
//
// As a command it reads one token from standard input: `node verify.ts < token` (Node.js 22.18 or newer, and "type": "module"
// in package.json) prints what it says.

import { readFileSync, realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload } from "jose";

const issuer = process.env.TOKEN_ISSUER!; // as your stack's TokenIssuer, such as https://auth.example.com
const audience = process.env.TOKEN_AUDIENCE ?? "latchkey";
const algorithm = process.env.ALGORITHM ?? "ES256"; // never what a token's header says
const jwksUrl = new URL(process.env.JWKS_URL ?? `${issuer}/.well-known/jwks.json`);

// Remembered for as long as Latchkey promises. An unknown key is looked for once in 30 seconds at most.
const keys = createRemoteJWKSet(jwksUrl, { cacheMaxAge: 3_600_000, cooldownDuration: 30_000, timeoutDuration: 5_000 });

/** What a token says: `sub` is the user's id, `sid` the session's. */
export interface Claims extends JWTPayload {
  sub: string;
  sid: string;
  role: "member" | "lead" | "admin";
}

/** The claims of a token. Throws when it is no good (answer 401), or the keys can't be fetched (answer 503): see `isRefusal`. */
export async function verify(token: string): Promise<Claims> {
  const { payload } = await jwtVerify<Claims>(token, keys, {
    issuer,
    audience,
    algorithms: [algorithm],
    typ: "at+jwt",
    clockTolerance: 5,
    requiredClaims: ["sub", "iat", "exp"],
  });
  if (payload.type !== "access") {
    throw new errors.JWTClaimValidationFailed("this is no access token", payload, "type");
  }
  return payload;
}

/** Whether an error of `verify` says something about the token. */
export function isRefusal(error: unknown): boolean {
  const ofKeys = ["ERR_JOSE_GENERIC", "ERR_JWKS_TIMEOUT", "ERR_JWKS_INVALID"];
  return error instanceof errors.JOSEError && !ofKeys.includes(error.code);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    console.log(JSON.stringify(await verify(readFileSync(0, "utf8").trim())));
  } catch (error) {
    console.error(isRefusal(error) ? `refused: ${error}` : `the keys can't be fetched: ${error}`);
    process.exitCode = isRefusal(error) ? 1 : 2;
  }
}
