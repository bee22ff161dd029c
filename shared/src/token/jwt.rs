//! The strict layer in front of `jsonwebtoken` (RFC 8725): what it leaves open is closed here.
//!
//! One algorithm, one key, one header: `{"typ":…,"alg":"HS256","kid":"secret"}` and no other member. A token that
//! would have to be interpreted is refused.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, crypto};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use crate::{
    config::SecretKey,
    domain::Timestamp,
    error::{Error, Result},
};

/// A token that is not one of ours, or not any more. Which rule it broke is told to nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid token")]
pub struct InvalidToken;

/// The one signing key.
pub(super) struct Key {
    encoding: EncodingKey,
    decoding: DecodingKey,
}

/// The key's name; SECRET_KEY is the only one.
const KEY_ID: &str = "secret";

/// No token of ours comes near it.
const LONGEST_TOKEN: usize = 4096;

/// How far another machine's clock may run ahead of ours.
const CLOCK_SKEW_SECONDS: i64 = 5;

/// All that a header may have. `deny_unknown_fields` refuses jku, jwk, x5u, x5c, crit, zip, b64 and whatever comes;
/// serde refuses members that occur twice.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StrictHeader {
    typ: String,
    alg: String,
    kid: String,
}

impl Key {
    pub fn new(secret: &SecretKey) -> Self {
        Self {
            encoding: EncodingKey::from_secret(secret.expose()),
            decoding: DecodingKey::from_secret(secret.expose()),
        }
    }

    pub fn sign(&self, typ: &str, claims: &impl Serialize) -> Result<Zeroizing<String>> {
        let header = Header {
            typ: Some(typ.to_owned()),
            kid: Some(KEY_ID.to_owned()),
            ..Header::new(Algorithm::HS256)
        };
        jsonwebtoken::encode(&header, claims, &self.encoding)
            .map(Zeroizing::new)
            .map_err(|error| Error::Internal(format!("could not sign a token: {error}")))
    }

    /// The claims of a token that this key signed and whose header is exactly ours. Times are the caller's to check.
    pub fn verify<C: DeserializeOwned>(
        &self,
        token: &str,
        typ: &str,
    ) -> std::result::Result<C, InvalidToken> {
        if token.len() > LONGEST_TOKEN {
            return Err(InvalidToken);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(InvalidToken)?;
        let (header, claims) = signed.split_once('.').ok_or(InvalidToken)?;
        let (header, claims) = (canonical_base64url(header)?, canonical_base64url(claims)?);
        canonical_base64url(signature)?;

        let header: StrictHeader = serde_json::from_slice(&header).map_err(|_| InvalidToken)?;
        if header.typ != typ || header.alg != "HS256" || header.kid != KEY_ID {
            return Err(InvalidToken);
        }
        match crypto::verify(signature, signed.as_bytes(), &self.decoding, Algorithm::HS256) {
            Ok(true) => serde_json::from_slice(&claims).map_err(|_| InvalidToken),
            _ => Err(InvalidToken),
        }
    }
}

/// Whether `now` is within the token's life. No leeway at the end: both ends of that clock are ours.
pub(super) fn check_times(iat: i64, exp: i64, now: Timestamp) -> std::result::Result<(), InvalidToken> {
    let now = now.epoch_seconds();
    if iat <= now + CLOCK_SKEW_SECONDS && now < exp && iat < exp { Ok(()) } else { Err(InvalidToken) }
}

/// The engine refuses padding, other alphabets and trailing bits: one spelling for one content.
fn canonical_base64url(text: &str) -> std::result::Result<Vec<u8>, InvalidToken> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidToken)
}
