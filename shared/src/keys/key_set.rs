//! What of the keys a function reads: as much as it works with, and its policy grants.

use tokio::try_join;

use super::rotation;
use crate::{
    config::{Config, SecretKey},
    domain::{SessionSecret, Timestamp},
    error::{Error, Result},
    event::Event,
    store::{KeyChange, Store},
    token::{AccessVerifier, SessionTokens, Tokens},
};

/// What can be made of keys.
pub trait KeySet: Sized + Send + Sync {
    /// Of the secret of SECRET_KEY.
    fn of_secret(secret: &SecretKey, config: &Config) -> Self;

    /// Of the keys of the table. Errors: they can't be read, or one of them is broken.
    fn read(store: &Store, config: &Config, now: Timestamp) -> impl Future<Output = Result<Self>> + Send;
}

/// Public halves alone. An empty table is no fault: then there is no token to verify either.
impl KeySet for AccessVerifier {
    fn of_secret(secret: &SecretKey, config: &Config) -> Self {
        Self::of_secret(secret, config)
    }

    async fn read(store: &Store, config: &Config, _: Timestamp) -> Result<Self> {
        Self::of_keys(store.signing_keys.public().await?, config)
    }
}

/// The session secret alone. Where there is none there is no token to verify; the one that stands in verifies nothing.
impl KeySet for SessionTokens {
    fn of_secret(secret: &SecretKey, config: &Config) -> Self {
        Self::of_secret(secret, config)
    }

    async fn read(store: &Store, config: &Config, now: Timestamp) -> Result<Self> {
        let secret = store.signing_keys.session().await?;
        Ok(Self::of_key(&secret.unwrap_or_else(|| SessionSecret::generate(0, now)), config))
    }
}

/// All of it. Who signs also makes what is not there yet (promise KY1).
impl KeySet for Tokens {
    fn of_secret(secret: &SecretKey, config: &Config) -> Self {
        Self::of_secret(secret, config)
    }

    async fn read(store: &Store, config: &Config, now: Timestamp) -> Result<Self> {
        let mut failure = Error::Unavailable("the first signing key could not be made".to_owned());
        for _ in 0..TRIES {
            let keys = &store.signing_keys;
            let (public, private, session) = try_join!(keys.public(), keys.private(), keys.session())?;
            let (has_key, session) = match session {
                Some(session) if public.newest().is_some() => {
                    match Self::of_keys(public, &private, &session, config, now) {
                        Ok(tokens) => return Ok(tokens),
                        // A change between two of the reads; or a fault that stays.
                        Err(error) => failure = error,
                    }
                    continue;
                }
                session => (public.newest().is_some(), session),
            };
            make_first(store, config, now, !has_key, session.is_none()).await?;
        }
        Err(failure)
    }
}

/// How often keys are read that don't fit together, or were made by another one meanwhile.
const TRIES: usize = 3;

/// Makes the first key, or secret, or both. Many may do so at once: one of them does, and the others will read it.
async fn make_first(store: &Store, config: &Config, now: Timestamp, key: bool, session: bool) -> Result<()> {
    let pair = if key { Some(rotation::new_pair(config.algorithm, 1, now, now)?) } else { None };
    let secret = session.then(|| SessionSecret::generate(1, now));
    let of_pair = pair.as_ref().map(|pair| rotation::created(&pair.public, "first_use"));
    let made = |secret: &SessionSecret| Event::success("create_key").because("first_use").key(secret.id());
    let events: Vec<_> = of_pair.into_iter().chain(secret.as_ref().map(made)).collect();
    let entries: Vec<_> = events.iter().map(|event| event.entry_without_caller(now)).collect();
    let change = KeyChange { new: pair.as_ref(), new_session: secret.as_ref(), ..KeyChange::default() };
    if store.change_keys(change, &entries).await? {
        events.into_iter().for_each(Event::log_without_caller);
    }
    Ok(())
}
