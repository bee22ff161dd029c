"""Verifies an access token as a Python service would, with PyJWT and nothing else of ours than the issuer's URL.

Usage: python verify.py ISSUER AUDIENCE ALGORITHM < TOKEN. Prints header and claims as JSON; fails if it is refused.
"""

import json
import sys
import urllib.request

import jwt

issuer, audience, algorithm = sys.argv[1:]
token = sys.stdin.read().strip()

with urllib.request.urlopen(f"{issuer}/.well-known/openid-configuration", timeout=30) as answer:
    metadata = json.load(answer)
if metadata["issuer"] != issuer:
    sys.exit(f"the document is of {metadata['issuer']}")

key = jwt.PyJWKClient(metadata["jwks_uri"]).get_signing_key_from_jwt(token)
header = jwt.get_unverified_header(token)
if header["typ"] != "at+jwt":
    sys.exit(f"the token is of the type {header['typ']}")
claims = jwt.decode(
    token,
    key,
    algorithms=[algorithm],
    issuer=issuer,
    audience=audience,
    options={"require": ["iss", "aud", "sub", "client_id", "iat", "exp", "jti"]},
)
print(json.dumps({"header": header, "claims": claims}))
