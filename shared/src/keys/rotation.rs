//! The life of keys: made, published, signing, retired, removed. Every act is in the audit trail.

use crate::{
    domain::{Algorithm, PrivateKey, PublicKey, Timestamp},
    error::Result,
    store::KeyPair,
    token::NewKey,
};

/// A new key, not stored yet.
pub fn new_pair(
    algorithm: Algorithm,
    number: u64,
    created_at: Timestamp,
    signs_from: Timestamp,
) -> Result<KeyPair> {
    let NewKey { id, algorithm, jwk, pkcs8 } = NewKey::generate(algorithm)?;
    let public = PublicKey { number, id, algorithm, jwk, created_at, signs_from };
    Ok(KeyPair { public, private: PrivateKey { number, pkcs8 } })
}
