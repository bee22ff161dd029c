"""Verifies an access token of Latchkey in a service of your own. pip install "PyJWT[crypto]>=2.15"

As a command it reads one token from standard input: `python verify.py < token` prints what it says.
"""

import json
import os
import sys

import jwt

ISSUER = os.environ["TOKEN_ISSUER"]  # as your stack's TokenIssuer, such as https://auth.example.com
AUDIENCE = os.environ.get("TOKEN_AUDIENCE", "latchkey")
ALGORITHM = os.environ.get("ALGORITHM", "ES256")  # never what a token's header says
JWKS_URL = os.environ.get("JWKS_URL", f"{ISSUER}/.well-known/jwks.json")

# Remembered for as long as Latchkey promises. An unknown key is looked for once in 30 seconds at most.
keys = jwt.PyJWKClient(JWKS_URL, lifespan=3600, timeout=5, cooldown_duration=30)


def verify(token: str) -> dict:
    """The claims: `sub` is the user's id, `role` the role, `sid` the session's id.

    Raises jwt.PyJWKClientConnectionError when the keys can't be fetched (answer 503), and any other jwt.PyJWTError when
    the token is no good (answer 401).
    """
    if jwt.get_unverified_header(token).get("typ") != "at+jwt":
        raise jwt.InvalidTokenError("this is no access token")
    claims = jwt.decode(
        token,
        keys.get_signing_key_from_jwt(token),
        algorithms=[ALGORITHM],
        issuer=ISSUER,
        audience=AUDIENCE,
        leeway=5,
        options={"require": ["iss", "aud", "sub", "iat", "exp"], "strict_aud": True},
    )
    if claims.get("type") != "access":
        raise jwt.InvalidTokenError("this is no access token")
    return claims


if __name__ == "__main__":
    try:
        print(json.dumps(verify(sys.stdin.read().strip())))
    except jwt.PyJWKClientConnectionError as error:
        print(f"the keys can't be fetched: {error}", file=sys.stderr)
        sys.exit(2)
    except jwt.PyJWTError as error:
        print(f"refused: {error}", file=sys.stderr)
        sys.exit(1)
