//! The device token: proof that its holder logged in on this device before (OWASP device cookies).

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{
    jwt::{Refusal, Unverified, check_times, sign},
    key::{SigningKey, VerifyingKey},
};
use crate::{
    domain::{DeviceId, Timestamp, UserId},
    error::Result,
};

/// What a device token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceToken {
    /// The claim `sub`: who logged in.
    pub user_id: UserId,
    /// The claim `did`: its holder's attempts are counted by it.
    pub device_id: DeviceId,
    /// The claim `pwv`: which password was proved. Who knew an older one only is not trusted.
    pub password_version: u64,
    /// The claim `iat`.
    pub issued_at: Timestamp,
    /// The claim `exp`.
    pub expires_at: Timestamp,
}

const TYP: &str = "dt+jwt";
const TYPE: &str = "device";

/// As strict as a refresh token's; only we read it, too.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    did: String,
    pwv: u64,
    iat: i64,
    exp: i64,
    r#type: String,
}

impl DeviceToken {
    pub(super) fn sign(&self, key: &SigningKey, issuer: &str) -> Result<Zeroizing<String>> {
        let claims = Claims {
            iss: issuer.to_owned(),
            aud: issuer.to_owned(),
            sub: self.user_id.to_string(),
            did: self.device_id.to_string(),
            pwv: self.password_version,
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
            device_id: claims.did.parse().map_err(|_| Refusal::Invalid)?,
            password_version: claims.pwv,
            issued_at: Timestamp::from_epoch_seconds(claims.iat),
            expires_at: Timestamp::from_epoch_seconds(claims.exp),
        })
    }
}
