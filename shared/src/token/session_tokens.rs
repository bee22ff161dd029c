//! Refresh and device tokens: only we read them, so one secret signs and verifies them.

use std::time::Duration;

use super::{
    Minted,
    device::DeviceToken,
    jwt::Refusal,
    key::{SigningKey, VerifyingKey},
    refresh::RefreshToken,
    secret_id,
};
use crate::{
    config::{Config, SecretKey},
    domain::{DeviceId, KeyId, Session, SessionSecret, Timestamp, User},
    error::Result,
};

/// Makes and checks refresh and device tokens.
pub struct SessionTokens {
    signing: SigningKey,
    verifying: VerifyingKey,
    issuer: String,
    longest_session: Duration,
    trusted_device: Duration,
}

impl SessionTokens {
    /// With the secret of SECRET_KEY.
    pub fn of_secret(secret: &SecretKey, config: &Config) -> Self {
        Self::new(secret_id(), secret.expose(), config)
    }

    /// With the secret of the table.
    pub fn of_key(secret: &SessionSecret, config: &Config) -> Self {
        Self::new(secret.id(), &*secret.bytes, config)
    }

    fn new(id: KeyId, secret: &[u8], config: &Config) -> Self {
        Self {
            signing: SigningKey::secret(id.clone(), secret),
            verifying: VerifyingKey::secret(id, secret),
            issuer: config.access_token.issuer.clone(),
            longest_session: config.session.absolute,
            trusted_device: config.trusted_device,
        }
    }

    /// The refresh token of a session as it stands: a function of the session's row alone. The same row gives the same
    /// token, to the byte (promise RT2).
    pub(super) fn mint_refresh(&self, session: &Session, now: Timestamp) -> Result<Minted> {
        let expires_at = session.expires_at.min(session.created_at + self.longest_session);
        let refresh = RefreshToken {
            user_id: session.user_id,
            session_id: session.session_id,
            counter: session.counter,
            issued_at: session.rotated_at,
            expires_at,
        };
        Ok(Minted { text: refresh.sign(&self.signing, &self.issuer)?, lifetime: expires_at.since(now) })
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
        Ok(Some(Minted { text: device.sign(&self.signing, &self.issuer)?, lifetime }))
    }

    /// What a device token says, if it is ours and alive at `now`, and devices are to be trusted. Any other is none: it
    /// is no reason to refuse anybody.
    pub fn verify_device(&self, token: &str, now: Timestamp) -> Option<DeviceToken> {
        if self.trusted_device.is_zero() {
            return None;
        }
        DeviceToken::verify(token, &self.verifying, &self.issuer, now).ok()
    }

    /// What a refresh token says, if it is ours and alive at `now`.
    pub fn verify_refresh(&self, token: &str, now: Timestamp) -> std::result::Result<RefreshToken, Refusal> {
        RefreshToken::verify(token, &self.verifying, &self.issuer, now)
    }
}

impl AsRef<SessionTokens> for SessionTokens {
    fn as_ref(&self) -> &SessionTokens {
        self
    }
}
