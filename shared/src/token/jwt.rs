//! The strict form of our tokens (RFC 8725): whatever would have to be interpreted is refused.
//!
//! One header: `{"typ":…,"alg":…,"kid":…}` and no other member. The name finds the key, and the key says the algorithm:
//! a header can only agree (promise AT1).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use super::key::{SigningKey, VerifyingKey};
use crate::{
    domain::{KeyId, Timestamp},
    error::{Error, Result},
};

/// Why a token is refused. Which rule it broke is told to nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is not one of ours, or not any more.
    #[error("not a valid token")]
    Invalid,
    /// It has the form of ours, and names a key that is not among these: it may be newer than they are.
    #[error("signed by a key that is not known")]
    UnknownKey,
}

/// No token of ours comes near it.
const LONGEST_TOKEN: usize = 4096;

/// How far another machine's clock may run ahead of ours.
const CLOCK_SKEW_SECONDS: i64 = 5;

/// All that a header may have. `deny_unknown_fields` refuses jku, jwk, x5u, x5c, crit, zip, b64 and whatever comes;
/// serde refuses members that occur twice.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    typ: String,
    alg: String,
    kid: String,
}

/// A token of the right form; nothing of it is proved yet.
pub(super) struct Unverified<'a> {
    header: Header,
    claims: Vec<u8>,
    signed: &'a str,
    signature: Vec<u8>,
}

/// A token of these claims.
pub(super) fn sign(typ: &str, claims: &impl Serialize, key: &SigningKey) -> Result<Zeroizing<String>> {
    let (typ, alg, kid) = (typ.to_owned(), key.algorithm().to_string(), key.id.to_string());
    let header = encode(&Header { typ, alg, kid })?;
    let mut token = Zeroizing::new(format!("{header}.{}", encode(claims)?));
    let signature = URL_SAFE_NO_PAD.encode(key.sign(token.as_bytes())?);
    token.push('.');
    token.push_str(&signature);
    Ok(token)
}

impl<'a> Unverified<'a> {
    /// Takes apart what has the form of ours.
    pub fn parse(token: &'a str, typ: &str) -> std::result::Result<Self, Refusal> {
        if token.len() > LONGEST_TOKEN {
            return Err(Refusal::Invalid);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(Refusal::Invalid)?;
        let (header, claims) = signed.split_once('.').ok_or(Refusal::Invalid)?;
        let (header, claims) = (canonical_base64url(header)?, canonical_base64url(claims)?);
        let signature = canonical_base64url(signature)?;
        let header: Header = serde_json::from_slice(&header).map_err(|_| Refusal::Invalid)?;
        if header.typ != typ {
            return Err(Refusal::Invalid);
        }
        Ok(Self { header, claims, signed, signature })
    }

    /// The key that it names, among these.
    pub fn key<'k>(
        &self,
        keys: impl IntoIterator<Item = &'k VerifyingKey>,
    ) -> std::result::Result<&'k VerifyingKey, Refusal> {
        let found = keys.into_iter().find(|key| key.id.as_str() == self.header.kid);
        let could_be_ours = self.header.kid.parse::<KeyId>().is_ok();
        found.ok_or(if could_be_ours { Refusal::UnknownKey } else { Refusal::Invalid })
    }

    /// Its claims, if this key signed it. Times are the caller's to check.
    pub fn claims<C: DeserializeOwned>(&self, key: &VerifyingKey) -> std::result::Result<C, Refusal> {
        let is_signed = self.header.alg == key.algorithm.as_str()
            && self.header.kid == key.id.as_str()
            && key.verifies(self.signed.as_bytes(), &self.signature);
        if !is_signed {
            return Err(Refusal::Invalid);
        }
        serde_json::from_slice(&self.claims).map_err(|_| Refusal::Invalid)
    }
}

/// Whether `now` is within the token's life. No leeway at the end: both ends of that clock are ours.
pub(super) fn check_times(iat: i64, exp: i64, now: Timestamp) -> std::result::Result<(), Refusal> {
    let now = now.epoch_seconds();
    if iat <= now + CLOCK_SKEW_SECONDS && now < exp && iat < exp { Ok(()) } else { Err(Refusal::Invalid) }
}

fn encode(part: &impl Serialize) -> Result<String> {
    let json = serde_json::to_vec(part);
    let json = json.map_err(|error| Error::Internal(format!("could not write a token: {error}")))?;
    Ok(URL_SAFE_NO_PAD.encode(json))
}

/// The engine refuses padding, other alphabets and trailing bits: one spelling for one content.
fn canonical_base64url(text: &str) -> std::result::Result<Vec<u8>, Refusal> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| Refusal::Invalid)
}
