//! What verifies access tokens: public keys alone, or the one secret of SECRET_KEY.

use serde::Serialize;
use serde_json::{Value, json};

use super::{
    access::{self, AccessToken, Claims},
    jwt::{Refusal, Unverified},
    key::VerifyingKey,
};
use crate::{
    config::{AccessTokenSettings, Config, SecretKey},
    domain::{KeyId, KeyState, PublicKeys, Timestamp},
    error::Result,
};

/// Verifies access tokens, and can make none.
pub struct AccessVerifier {
    keys: Vec<VerifyingKey>,
    /// The same with their times; empty where there is a secret.
    managed: PublicKeys,
    pub(super) settings: AccessTokenSettings,
}

/// The keys for everybody who verifies our access tokens (RFC 7517, 5).
#[derive(Debug, Serialize)]
pub struct JwkSet {
    keys: Vec<Value>,
}

impl AccessVerifier {
    /// With the secret of SECRET_KEY, which is never published.
    pub fn of_secret(secret: &SecretKey, config: &Config) -> Self {
        let keys = vec![VerifyingKey::secret(super::secret_id(), secret.expose())];
        Self { keys, managed: PublicKeys::default(), settings: config.access_token.clone() }
    }

    /// With the keys of the table. Errors: one of them is broken; then none is used.
    pub fn of_keys(managed: PublicKeys, config: &Config) -> Result<Self> {
        let keys = managed.iter().map(VerifyingKey::public).collect::<Result<_>>()?;
        Ok(Self { keys, managed, settings: config.access_token.clone() })
    }

    /// What an access token says, if it is ours, for us and alive at `now`.
    pub fn verify(&self, token: &str, now: Timestamp) -> std::result::Result<AccessToken, Refusal> {
        let token = Unverified::parse(token, access::TYP)?;
        let key = token.key(&self.keys)?;
        if self.is_dead(&key.id, now) {
            return Err(Refusal::Invalid);
        }
        let claims: Claims = token.claims(key)?;
        AccessToken::read(&claims, &self.settings, now)
    }

    /// The keys to publish: all that sign, will sign, or signed a token that may live.
    pub fn published(&self, now: Timestamp) -> JwkSet {
        let alive = self.managed.iter().filter(|key| !self.is_dead(&key.id, now));
        let published = alive.filter_map(|key| {
            let mut jwk: Value = serde_json::from_str(&key.jwk).ok()?;
            jwk["kid"] = json!(key.id);
            jwk["alg"] = json!(key.algorithm);
            jwk["use"] = json!("sig");
            Some(jwk)
        });
        JwkSet { keys: published.collect() }
    }

    /// The managed keys with their times.
    pub fn managed(&self) -> &PublicKeys {
        &self.managed
    }

    fn is_dead(&self, id: &KeyId, now: Timestamp) -> bool {
        let state = |key| self.managed.state(key, now, self.settings.lifetime);
        self.managed.find(id).is_some_and(|key| state(key) == KeyState::Dead)
    }
}

impl JwkSet {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

impl AsRef<AccessVerifier> for AccessVerifier {
    fn as_ref(&self) -> &AccessVerifier {
        self
    }
}
