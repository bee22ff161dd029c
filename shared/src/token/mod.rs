//! Access and refresh tokens.
//!
//! An access token tells a service who calls (15 minutes, `typ: at+jwt`, `type: access`). A refresh token gets the next
//! pair (`typ: rt+jwt`, `type: refresh`). A device token says that its holder logged in before (`typ: dt+jwt`,
//! `type: device`). None can stand in for another (promise AT3).

mod access;
mod device;
mod jwt;
mod refresh;

use std::time::Duration;

pub use access::AccessToken;
pub use device::DeviceToken;
pub use refresh::RefreshToken;
use zeroize::Zeroizing;

use crate::{
    config::{AccessTokenSettings, Config, SecretKey, SessionSettings},
    domain::{DeviceId, Session, SessionId, Timestamp, User},
    error::{Error, Result},
};

/// Makes and checks tokens with the secret of SECRET_KEY.
pub struct Tokens {
    key: jwt::Key,
    access: AccessTokenSettings,
    session: SessionSettings,
    trusted_device: Duration,
}

/// A token as it goes to the client.
pub struct Minted {
    /// The token itself.
    pub text: Zeroizing<String>,
    /// How long it lives, a refresh token if it isn't used.
    pub lifetime: Duration,
}

/// A pair as it goes to the client.
pub struct TokenPair {
    /// For the Authorization header.
    pub access: Minted,
    /// For the cookie or the client's store.
    pub refresh: Minted,
}

impl Tokens {
    /// Takes the secret and the lifetimes.
    pub fn new(secret: &SecretKey, config: &Config) -> Self {
        Self {
            key: jwt::Key::new(secret),
            access: config.access_token.clone(),
            session: config.session.clone(),
            trusted_device: config.trusted_device,
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
        Ok(TokenPair {
            access: self.mint_access(user, session.session_id, session.generation, now)?,
            refresh: Minted {
                text: refresh.sign(&self.key, &self.access.issuer)?,
                lifetime: refresh_expires_at.since(now),
            },
        })
    }

    /// An access token alone, of a session that goes on in a new generation.
    pub fn mint_access(
        &self,
        user: &User,
        session_id: SessionId,
        generation: u64,
        now: Timestamp,
    ) -> Result<Minted> {
        let lifetime = self.access.lifetime;
        let (issued_at, expires_at) = (now, now + lifetime);
        let access =
            AccessToken { user_id: user.id, session_id, role: user.role, generation, issued_at, expires_at };
        Ok(Minted { text: access.sign(&self.key, &self.access)?, lifetime })
    }

    /// A token for a device where the user just proved a password; `None` where devices are not to be trusted.
    pub fn mint_device(
        &self,
        user: &User,
        device_id: DeviceId,
        password_version: u64,
        now: Timestamp,
    ) -> Result<Option<Minted>> {
        let lifetime = self.trusted_device;
        if lifetime.is_zero() {
            return Ok(None);
        }
        let (issued_at, expires_at) = (now, now + lifetime);
        let device = DeviceToken { user_id: user.id, device_id, password_version, issued_at, expires_at };
        Ok(Some(Minted { text: device.sign(&self.key, &self.access.issuer)?, lifetime }))
    }

    /// What an access token says, if it is ours, for us and alive at `now`.
    pub fn verify_access(&self, token: &str, now: Timestamp) -> Result<AccessToken> {
        AccessToken::verify(token, &self.key, &self.access, now).map_err(|_| Error::InvalidAccessToken)
    }

    /// What a device token says, if it is ours and alive at `now`, and devices are to be trusted. Any other is none: it
    /// is no reason to refuse anybody.
    pub fn verify_device(&self, token: &str, now: Timestamp) -> Option<DeviceToken> {
        if self.trusted_device.is_zero() {
            return None;
        }
        DeviceToken::verify(token, &self.key, &self.access.issuer, now).ok()
    }

    /// What a refresh token says, if it is ours and alive at `now`.
    pub fn verify_refresh(&self, token: &str, now: Timestamp) -> Result<RefreshToken> {
        RefreshToken::verify(token, &self.key, &self.access.issuer, now)
            .map_err(|_| Error::InvalidRefreshToken)
    }
}

#[cfg(test)]
mod tests;
