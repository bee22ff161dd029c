//! Access and refresh tokens.
//!
//! An access token tells a service who calls (15 minutes, `typ: at+jwt`, `type: access`). A refresh token gets the next
//! pair (`typ: rt+jwt`, `type: refresh`). Neither can stand in for the other (promise AT3).

mod access;
mod jwt;
mod refresh;

use std::time::Duration;

pub use access::AccessToken;
pub use refresh::RefreshToken;
use zeroize::Zeroizing;

use crate::{
    config::{AccessTokenSettings, Config, SecretKey, SessionSettings},
    domain::{Session, Timestamp, User},
    error::{Error, Result},
};

/// Makes and checks tokens with the secret of SECRET_KEY.
pub struct Tokens {
    key: jwt::Key,
    access: AccessTokenSettings,
    session: SessionSettings,
}

/// A pair as it goes to the client.
pub struct TokenPair {
    /// For the Authorization header.
    pub access_token: Zeroizing<String>,
    /// How long the access token lives.
    pub expires_in: Duration,
    /// For the cookie or the client's store.
    pub refresh_token: Zeroizing<String>,
    /// How long the refresh token lives if it isn't used.
    pub refresh_expires_in: Duration,
}

impl Tokens {
    /// Takes the secret and the lifetimes.
    pub fn new(secret: &SecretKey, config: &Config) -> Self {
        Self {
            key: jwt::Key::new(secret),
            access: config.access_token.clone(),
            session: config.session.clone(),
        }
    }

    /// The pair for a session as it stands. The refresh token is a function of the session's row alone: the same row
    /// gives the same token, to the byte (promise RT2).
    pub fn mint(&self, user: &User, session: &Session, now: Timestamp) -> Result<TokenPair> {
        let refresh_expires_at = session.expires_at.min(session.created_at + self.session.absolute);
        let refresh = RefreshToken {
            user_id: session.user_id,
            session_id: session.session_id,
            counter: session.counter,
            issued_at: session.rotated_at,
            expires_at: refresh_expires_at,
        };
        let access = AccessToken {
            user_id: user.id,
            session_id: session.session_id,
            role: user.role,
            generation: session.generation,
            issued_at: now,
            expires_at: now + self.access.lifetime,
        };
        Ok(TokenPair {
            access_token: access.sign(&self.key, &self.access)?,
            expires_in: self.access.lifetime,
            refresh_token: refresh.sign(&self.key, &self.access.issuer)?,
            refresh_expires_in: refresh_expires_at.since(now),
        })
    }

    /// What an access token says, if it is ours, for us and alive at `now`.
    pub fn verify_access(&self, token: &str, now: Timestamp) -> Result<AccessToken> {
        AccessToken::verify(token, &self.key, &self.access, now).map_err(|_| Error::InvalidAccessToken)
    }

    /// What a refresh token says, if it is ours and alive at `now`.
    pub fn verify_refresh(&self, token: &str, now: Timestamp) -> Result<RefreshToken> {
        RefreshToken::verify(token, &self.key, &self.access.issuer, now)
            .map_err(|_| Error::InvalidRefreshToken)
    }
}

#[cfg(test)]
mod tests;
