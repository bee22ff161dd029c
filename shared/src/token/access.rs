//! The access token: who calls, for 15 minutes.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{
    jwt::{Refusal, check_times, sign},
    key::SigningKey,
};
use crate::{
    config::AccessTokenSettings,
    domain::{Role, SessionId, Timestamp, TokenId, UserId},
    error::Result,
};

/// What an access token says. Nothing personal but the user's id and role (promise AT7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessToken {
    /// The claim `sub`.
    pub user_id: UserId,
    /// The claim `sid`.
    pub session_id: SessionId,
    /// The role when it was made; a guard asks the table for the role as it is.
    pub role: Role,
    /// The claim `gen`: dead once the user's generation is another.
    pub generation: u64,
    /// The claim `iat`.
    pub issued_at: Timestamp,
    /// The claim `exp`.
    pub expires_at: Timestamp,
}

/// RFC 9068.
pub(super) const TYP: &str = "at+jwt";
const TYPE: &str = "access";

/// Who asks for tokens, in OAuth's words (RFC 9068, 2.2): nobody but Latchkey itself.
const CLIENT_ID: &str = "latchkey";

/// Every member is required and typed; a member more, twice, or of another type is refused (promise AT2).
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Claims {
    iss: String,
    aud: String,
    sub: String,
    client_id: String,
    jti: String,
    sid: String,
    role: String,
    /// The role again, by the name that gateways look for.
    scope: String,
    r#gen: u64,
    iat: i64,
    exp: i64,
    r#type: String,
}

impl AccessToken {
    pub(super) fn sign(&self, key: &SigningKey, settings: &AccessTokenSettings) -> Result<Zeroizing<String>> {
        let claims = Claims {
            iss: settings.issuer.clone(),
            aud: settings.audience.clone(),
            sub: self.user_id.to_string(),
            client_id: CLIENT_ID.to_owned(),
            jti: TokenId::generate().to_string(),
            sid: self.session_id.to_string(),
            role: self.role.to_string(),
            scope: self.role.to_string(),
            r#gen: self.generation,
            iat: self.issued_at.epoch_seconds(),
            exp: self.expires_at.epoch_seconds(),
            r#type: TYPE.to_owned(),
        };
        sign(TYP, &claims, key)
    }

    /// What claims say that a key of ours signed.
    pub(super) fn read(
        claims: &Claims,
        settings: &AccessTokenSettings,
        now: Timestamp,
    ) -> std::result::Result<Self, Refusal> {
        let is_ours = claims.r#type == TYPE
            && claims.iss == settings.issuer
            && claims.aud == settings.audience
            && claims.client_id == CLIENT_ID
            && claims.scope == claims.role
            && claims.jti.parse::<TokenId>().is_ok();
        if !is_ours {
            return Err(Refusal::Invalid);
        }
        check_times(claims.iat, claims.exp, now)?;
        Ok(Self {
            user_id: claims.sub.parse().map_err(|_| Refusal::Invalid)?,
            session_id: claims.sid.parse().map_err(|_| Refusal::Invalid)?,
            role: claims.role.parse().map_err(|_| Refusal::Invalid)?,
            generation: claims.r#gen,
            issued_at: Timestamp::from_epoch_seconds(claims.iat),
            expires_at: Timestamp::from_epoch_seconds(claims.exp),
        })
    }
}
