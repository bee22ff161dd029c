//! What a function has in its hands while it runs: built once, at its cold start.

use std::{sync::Arc, time::Duration};

use tokio::time::timeout;

use crate::{
    aws,
    config::{Config, SecretKey},
    domain::{Algorithm, PublicKeys, Timestamp},
    error::{Error, Result},
    event,
    keys::{KeySet, Keys},
    store::Store,
    token::{AccessToken, AccessVerifier, RefreshToken, Refusal, SessionTokens, Tokens},
};

/// Settings, tables and keys. A function gets as much of the keys as it works with: all of them, or see
/// [`VerifierApp`], [`SessionApp`] and [`KeylessApp`].
pub struct App<K = Keys<Tokens>> {
    /// The settings.
    pub config: Config,
    /// The tables.
    pub store: Store,
    /// The keys.
    pub keys: K,
}

/// An app that verifies access tokens and makes none.
pub type VerifierApp = App<Keys<AccessVerifier>>;

/// An app that reads refresh tokens and no others.
pub type SessionApp = App<Keys<SessionTokens>>;

/// An app without keys.
pub type KeylessApp = App<()>;

/// Why a function did not start.
pub type StartError = Box<dyn std::error::Error + Send + Sync>;

/// Lambda's init phase ends after 10 s; what was not read by then is read with the first request.
const INIT_LIMIT: Duration = Duration::from_secs(5);

impl<T: KeySet> App<Keys<T>> {
    /// Reads the environment, SECRET_KEY included, and the keys: with that, the connection to DynamoDB is open, too. Keys
    /// that can't be read are no reason not to start: requests answer 503 until they can. Errors: a setting is bad; the
    /// function must not start.
    pub async fn from_env() -> std::result::Result<Self, StartError> {
        let keyless = KeylessApp::without_key().await?;
        let keys = match SecretKey::from_env(keyless.config.algorithm)? {
            Some(secret) => Keys::of_secret(&secret, &keyless.config),
            None => Keys::of_table(),
        };
        Ok(Self::started(keyless, keys).await)
    }

    async fn started(KeylessApp { config, store, .. }: KeylessApp, keys: Keys<T>) -> Self {
        let app = Self { config, store, keys };
        let _ = timeout(INIT_LIMIT, app.keys(Timestamp::now())).await;
        app
    }

    /// The keys at `now`, for one request. Errors: `Unavailable`.
    pub async fn keys(&self, now: Timestamp) -> Result<Arc<T>> {
        self.keys.current(&self.store, &self.config, now).await
    }

    /// The keys if they are newer than these, which may lack what was made since. Errors: `Unavailable`.
    pub async fn newer_keys(&self, known: &Arc<T>, now: Timestamp) -> Result<Option<Arc<T>>> {
        self.keys.newer_than(known, &self.store, &self.config, now).await
    }

    /// What `verify` finds with the keys at hand or, if those lack the token's, with newer ones.
    async fn verify<V>(
        &self,
        now: Timestamp,
        verify: impl Fn(&T) -> std::result::Result<V, Refusal>,
        invalid: Error,
    ) -> Result<V> {
        let keys = self.keys(now).await?;
        let verified = match verify(&keys) {
            Err(Refusal::UnknownKey) => match self.newer_keys(&keys, now).await? {
                Some(newer) => verify(&newer),
                None => Err(Refusal::UnknownKey),
            },
            known => known,
        };
        verified.map_err(|_| invalid)
    }
}

impl<T: KeySet + AsRef<AccessVerifier>> App<Keys<T>> {
    /// What an access token says, if it is ours, for us and alive at `now`. Errors: `InvalidAccessToken`, `Unavailable`.
    pub async fn verify_access(&self, token: &str, now: Timestamp) -> Result<AccessToken> {
        self.verify(now, |keys| keys.as_ref().verify(token, now), Error::InvalidAccessToken).await
    }
}

impl<T: KeySet + AsRef<SessionTokens>> App<Keys<T>> {
    /// What a refresh token says, if it is ours and alive at `now`. Errors: `InvalidRefreshToken`, `Unavailable`.
    pub async fn verify_refresh(&self, token: &str, now: Timestamp) -> Result<RefreshToken> {
        self.verify(now, |keys| keys.as_ref().verify_refresh(token, now), Error::InvalidRefreshToken).await
    }
}

impl VerifierApp {
    /// As [`App::from_env`], for functions that are not given SECRET_KEY: where that signs, they have no keys.
    pub async fn without_secret() -> std::result::Result<Self, StartError> {
        let keyless = KeylessApp::without_key().await?;
        let keys = match keyless.config.algorithm {
            Algorithm::Hs256 => Keys::fixed(AccessVerifier::of_keys(PublicKeys::default(), &keyless.config)?),
            _ => Keys::of_table(),
        };
        Ok(Self::started(keyless, keys).await)
    }
}

impl KeylessApp {
    /// Reads the environment but SECRET_KEY. Errors: a setting is bad; the function must not start.
    pub async fn without_key() -> std::result::Result<Self, StartError> {
        event::init_log();
        let config = Config::from_env()?;
        let store = Store::new(&aws::load_config().await, &config);
        Ok(Self { config, store, keys: () })
    }
}
