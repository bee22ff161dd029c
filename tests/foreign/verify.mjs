// Verifies an access token as a Node.js service would, with `jose` and nothing else of ours than the issuer's URL.
// Usage: node verify.mjs ISSUER AUDIENCE ALGORITHM < TOKEN. Prints header and claims as JSON; fails if it is refused.

import { createRemoteJWKSet, jwtVerify } from "jose";

const [issuer, audience, algorithm] = process.argv.slice(2);
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const token = Buffer.concat(chunks).toString().trim();

const discovery = await fetch(`${issuer}/.well-known/openid-configuration`);
if (!discovery.ok) throw new Error(`discovery answers ${discovery.status}`);
const metadata = await discovery.json();
if (metadata.issuer !== issuer) throw new Error(`the document is of ${metadata.issuer}`);

const keys = createRemoteJWKSet(new URL(metadata.jwks_uri));
const { payload, protectedHeader } = await jwtVerify(token, keys, {
  issuer,
  audience,
  algorithms: [algorithm],
  typ: "at+jwt",
  requiredClaims: ["sub", "client_id", "iat", "exp", "jti"],
});
console.log(JSON.stringify({ header: protectedHeader, claims: payload }));
