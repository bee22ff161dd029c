//! The keys that a function has in its hands: read once at its cold start, and again when they may be outdated.
//!
//! [`Keys`] is the cache, [`KeySet`] says what is read, and [`rotation`] makes and removes keys.

mod key_set;
pub mod rotation;

use std::{sync::Arc, time::Duration};

pub use key_set::KeySet;
use tokio::sync::Mutex;

use crate::{
    config::{Config, SecretKey},
    domain::{PublicKeys, Timestamp},
    error::{Error, Result},
    event::Event,
    store::Store,
};

/// Keys, or what is made of them. Those of the table are read again from time to time.
pub struct Keys<T>(Source<T>);

enum Source<T> {
    Fixed(Arc<T>),
    Table(Mutex<Cache<T>>),
}

/// What is known of the table. Who holds the lock may read it: of many requests at once one does.
struct Cache<T> {
    held: Option<Held<T>>,
    /// When the last read failed, if it did.
    failed_at: Option<Timestamp>,
    /// When an unknown key last was a reason to read, and whether that failed.
    asked_for: Option<(Timestamp, bool)>,
}

struct Held<T> {
    keys: Arc<T>,
    read_at: Timestamp,
}

/// Keys older than this are read again: how long a warm function goes on with a key that was revoked.
const FRESH: Duration = Duration::from_secs(60);

/// The least time between two reads of which the first one failed, while older keys still do; and between two reads for
/// an unknown key: anybody can name one.
const PAUSE: Duration = Duration::from_secs(30);

impl<T: KeySet> Keys<T> {
    /// The one secret of SECRET_KEY.
    pub fn of_secret(secret: &SecretKey, config: &Config) -> Self {
        Self::fixed(T::of_secret(secret, config))
    }

    /// Keys that stay what they are.
    pub fn fixed(keys: T) -> Self {
        Self(Source::Fixed(Arc::new(keys)))
    }

    /// The keys of the table, read when they are needed.
    pub fn of_table() -> Self {
        Self(Source::Table(Mutex::new(Cache { held: None, failed_at: None, asked_for: None })))
    }

    /// The keys at `now`: a minute old at most or, while the table can't be read, an hour. Errors: `Unavailable`; no
    /// other key takes their place (promise KY4).
    pub async fn current(&self, store: &Store, config: &Config, now: Timestamp) -> Result<Arc<T>> {
        let cache = match &self.0 {
            Source::Fixed(keys) => return Ok(Arc::clone(keys)),
            Source::Table(cache) => cache,
        };
        let mut cache = cache.lock().await;
        if let Some(keys) = cache.held_within(FRESH, now) {
            return Ok(keys);
        }
        let older = cache.held_within(PublicKeys::LONGEST_CACHED, now);
        let failed_lately = cache.failed_at.is_some_and(|at| now.since(at) < PAUSE);
        match older {
            Some(keys) if failed_lately => Ok(keys),
            Some(keys) => Ok(cache.read(store, config, now).await.unwrap_or(keys)),
            None => cache.read(store, config, now).await,
        }
    }

    /// The keys if they are newer than these, which lack one that a token names. At most one read in 30 seconds.
    /// Errors: `Unavailable`, for as long, if that one failed: the token may be good.
    pub async fn newer_than(
        &self,
        known: &Arc<T>,
        store: &Store,
        config: &Config,
        now: Timestamp,
    ) -> Result<Option<Arc<T>>> {
        let Source::Table(cache) = &self.0 else { return Ok(None) };
        let mut cache = cache.lock().await;
        if let Some(held) = cache.held.as_ref().filter(|held| !Arc::ptr_eq(&held.keys, known)) {
            return Ok(Some(Arc::clone(&held.keys)));
        }
        match cache.asked_for {
            Some((at, true)) if now.since(at) < PAUSE => {
                Err(Error::Unavailable("the signing keys could not be read a moment ago".to_owned()))
            }
            Some((at, false)) if now.since(at) < PAUSE => Ok(None),
            _ => {
                let read = cache.read(store, config, now).await;
                cache.asked_for = Some((now, read.is_err()));
                read.map(Some)
            }
        }
    }
}

impl<T: KeySet> Cache<T> {
    fn held_within(&self, age: Duration, now: Timestamp) -> Option<Arc<T>> {
        let held = self.held.as_ref().filter(|held| now.since(held.read_at) < age);
        held.map(|held| Arc::clone(&held.keys))
    }

    async fn read(&mut self, store: &Store, config: &Config, now: Timestamp) -> Result<Arc<T>> {
        // Boxed: it is seldom done, and would make the future of every request larger.
        match Box::pin(T::read(store, config, now)).await {
            Ok(keys) => {
                let keys = Arc::new(keys);
                self.held = Some(Held { keys: Arc::clone(&keys), read_at: now });
                self.failed_at = None;
                Ok(keys)
            }
            Err(error) => {
                self.failed_at = Some(now);
                Event::failure("read_signing_keys", "unavailable").caused_by(&error).log_without_caller();
                // Whatever it was: it is none of the caller's, and may be gone a moment later.
                Err(Error::Unavailable(error.internal_cause().unwrap_or_default().to_owned()))
            }
        }
    }
}
