//! The life of keys: made, published, signing, retired, removed. Each act is in the audit trail, in the same transaction
//! (promise KY6).

use std::time::Duration;

use crate::{
    domain::{
        Algorithm, AuditEntry, KeyId, KeyState, PrivateKey, PublicKey, PublicKeys, SessionSecret, Timestamp,
    },
    error::{Error, Result},
    event::Event,
    store::{KeyChange, KeyPair, Store},
    token::NewKey,
};

/// What came of a rotation.
pub enum Rotated {
    /// A key was made. It signs after its lead.
    Made(PublicKey),
    /// One that was made before waits to sign; nothing was done.
    Waiting(PublicKey),
    /// There is none at all: the first one is made by the first function that signs.
    NoKeyYet,
}

/// A key that is gone.
pub struct Revoked {
    /// The key.
    pub id: KeyId,
    /// What signs in its place from now on, if it was the one that signed.
    pub replacement: Option<KeyId>,
}

/// How often a change is tried while others change keys, too.
const TRIES: usize = 3;

/// Makes the next key, of the same algorithm as the newest or of another. It is published at once, and signs when
/// everybody who caches our keys knows it (promise KY2).
pub async fn rotate(
    store: &Store,
    algorithm: Option<Algorithm>,
    now: Timestamp,
    entry: impl Fn(Event) -> AuditEntry,
) -> Result<Rotated> {
    for _ in 0..TRIES {
        let public = store.signing_keys.public().await?;
        let Some(newest) = public.newest() else { return Ok(Rotated::NoKeyYet) };
        if let Some(pending) = public.iter().find(|key| key.signs_from > now) {
            return Ok(Rotated::Waiting(pending.clone()));
        }
        let algorithm = algorithm.unwrap_or(newest.algorithm);
        let pair = new_pair(algorithm, newest.number + 1, now, now + PublicKeys::LEAD)?;
        let made = entry(created(&pair.public, "rotation"));
        let change = KeyChange { new: Some(&pair), ..KeyChange::default() };
        if store.change_keys(change, &[made]).await? {
            return Ok(Rotated::Made(pair.public));
        }
    }
    Err(busy())
}

/// Removes both halves of each key whose last token is dead, if access tokens live so long.
pub async fn remove_dead(
    store: &Store,
    lifetime: Duration,
    now: Timestamp,
    entry: impl Fn(Event) -> AuditEntry,
) -> Result<Vec<KeyId>> {
    let public = store.signing_keys.public().await?;
    let mut removed = Vec::new();
    for key in public.iter().filter(|key| public.state(key, now, lifetime) == KeyState::Dead) {
        let event = Event::success("delete_key").because("tokens_dead").key(key.id.clone());
        let change = KeyChange { removed: Some(key), ..KeyChange::default() };
        if store.change_keys(change, &[entry(event)]).await? {
            removed.push(key.id.clone());
        }
    }
    Ok(removed)
}

/// Removes a key that somebody else may know, at once. If it signs, a new one signs in its place: nobody had time to
/// learn of that one. `None`: there is no key of that name.
pub async fn revoke(
    store: &Store,
    id: &KeyId,
    now: Timestamp,
    entry: impl Fn(Event) -> AuditEntry,
) -> Result<Option<Revoked>> {
    for _ in 0..TRIES {
        let public = store.signing_keys.public().await?;
        let Some(key) = public.find(id) else { return revoke_secret(store, id, now, entry).await };
        let is_signing = public.signing(now).is_some_and(|signing| signing.number == key.number);
        let number = public.newest().map_or(1, |newest| newest.number + 1);
        let pair = if is_signing { Some(new_pair(key.algorithm, number, now, now)?) } else { None };
        let mut entries = vec![entry(Event::success("revoke_key").key(id.clone()))];
        entries.extend(pair.iter().map(|pair| entry(created(&pair.public, "revocation"))));
        let change = KeyChange { new: pair.as_ref(), removed: Some(key), ..KeyChange::default() };
        if store.change_keys(change, &entries).await? {
            let replacement = pair.map(|pair| pair.public.id);
            return Ok(Some(Revoked { id: id.clone(), replacement }));
        }
    }
    Err(busy())
}

/// The same for what signs refresh and device tokens: all sessions end with it.
async fn revoke_secret(
    store: &Store,
    id: &KeyId,
    now: Timestamp,
    entry: impl Fn(Event) -> AuditEntry,
) -> Result<Option<Revoked>> {
    let secret = store.signing_keys.session().await?;
    let Some(secret) = secret.filter(|secret| secret.id() == *id) else { return Ok(None) };
    let new = SessionSecret::generate(secret.number + 1, now);
    let events = [
        Event::success("revoke_key").key(id.clone()),
        Event::success("create_key").because("revocation").key(new.id()),
    ];
    let change =
        KeyChange { new_session: Some(&new), removed_session: Some(secret.number), ..KeyChange::default() };
    if !store.change_keys(change, &events.map(entry)).await? {
        return Err(busy());
    }
    Ok(Some(Revoked { id: id.clone(), replacement: Some(new.id()) }))
}

/// A new key, not stored yet.
pub(super) fn new_pair(
    algorithm: Algorithm,
    number: u64,
    created_at: Timestamp,
    signs_from: Timestamp,
) -> Result<KeyPair> {
    let NewKey { id, algorithm, jwk, pkcs8 } = NewKey::generate(algorithm)?;
    let public = PublicKey { number, id, algorithm, jwk, created_at, signs_from };
    Ok(KeyPair { public, private: PrivateKey { number, pkcs8 } })
}

/// That a key was made, and why.
pub(super) fn created(key: &PublicKey, why: &'static str) -> Event {
    let event = Event::success("create_key").because(why).key(key.id.clone());
    event.change(format!("{}, signs from {}", key.algorithm, key.signs_from))
}

fn busy() -> Error {
    Error::Unavailable("others changed the signing keys all the time".to_owned())
}
