//! The refresh token: the right to the next pair, once.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{
    jwt::{Refusal, Unverified, check_times, sign},
    key::{SigningKey, VerifyingKey},
};
use crate::{
    domain::{SessionId, Timestamp, UserId},
    error::Result,
};

/// What a refresh token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    /// The claim `sub`.
    pub user_id: UserId,
    /// The claim `sid`.
    pub session_id: SessionId,
    /// The claim `ctr`: valid while the session's counter is the same.
    pub counter: u64,
    /// The claim `iat`.
    pub issued_at: Timestamp,
    /// The claim `exp`.
    pub expires_at: Timestamp,
}

const TYP: &str = "rt+jwt";
const TYPE: &str = "refresh";

/// As strict as an access token's. Issuer and audience are the same: only we read it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    sid: String,
    ctr: u64,
    iat: i64,
    exp: i64,
    r#type: String,
}

impl RefreshToken {
    pub(super) fn sign(&self, key: &SigningKey, issuer: &str) -> Result<Zeroizing<String>> {
        let claims = Claims {
            iss: issuer.to_owned(),
            aud: issuer.to_owned(),
            sub: self.user_id.to_string(),
            sid: self.session_id.to_string(),
            ctr: self.counter,
            iat: self.issued_at.epoch_seconds(),
            exp: self.expires_at.epoch_seconds(),
            r#type: TYPE.to_owned(),
        };
        sign(TYP, &claims, key)
    }

    pub(super) fn verify(
        token: &str,
        key: &VerifyingKey,
        issuer: &str,
        now: Timestamp,
    ) -> std::result::Result<Self, Refusal> {
        let token = Unverified::parse(token, TYP)?;
        let claims: Claims = token.claims(token.key([key])?)?;
        if claims.r#type != TYPE || claims.iss != issuer || claims.aud != issuer {
            return Err(Refusal::Invalid);
        }
        check_times(claims.iat, claims.exp, now)?;
        Ok(Self {
            user_id: claims.sub.parse().map_err(|_| Refusal::Invalid)?,
            session_id: claims.sid.parse().map_err(|_| Refusal::Invalid)?,
            counter: claims.ctr,
            issued_at: Timestamp::from_epoch_seconds(claims.iat),
            expires_at: Timestamp::from_epoch_seconds(claims.exp),
        })
    }
}
