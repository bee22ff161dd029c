//! What is stored of a password: as we hash it, or as another system did, until its owner's first login.
//!
//! Each family of hashes has its file. Stored is text: bcrypt's modular crypt form, PHC strings for the others, and for
//! what has neither a prefix that names the difference. A hash dearer than a login can afford is none ([`MalformedHash`]).

mod argon2;
mod bcrypt;
mod firebase;
mod method;
mod pbkdf2;
mod phc;
mod scrypt;

use std::fmt;

pub use method::{BcryptCost, HashMethod, spend_bcrypt};

use self::{
    argon2::Argon2Hash, bcrypt::BcryptHash, firebase::FirebaseHash, pbkdf2::Pbkdf2Hash, scrypt::ScryptHash,
};
use super::Password;

/// A hash as text, with its salt inside. It has no Debug and no Serialize. What came from the table may be malformed:
/// that shows when it is checked.
#[derive(Clone)]
pub struct PasswordHash(String);

/// Why a text is no hash that can be checked; it never repeats the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct MalformedHash(&'static str);

/// A password that the method can't hash whole, or a library that refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the password could not be hashed")]
pub struct NotHashed;

/// A hash, taken apart.
enum Parsed {
    Argon2(Argon2Hash),
    Bcrypt(BcryptHash),
    Firebase(FirebaseHash),
    Pbkdf2(Pbkdf2Hash),
    Scrypt(ScryptHash),
}

impl PasswordHash {
    /// Hashes with a fresh salt: one hash of the method's cost. Errors: the password is longer than the method can tell
    /// apart.
    pub fn of(password: &Password, method: HashMethod) -> Result<Self, NotHashed> {
        if !method.takes(password) {
            return Err(NotHashed);
        }
        let text = match method {
            HashMethod::Bcrypt(cost) => {
                ::bcrypt::hash(password.expose(), cost.get()).map_err(|_| NotHashed)?
            }
            HashMethod::Argon2id => Argon2Hash::of(password.expose()).ok_or(NotHashed)?.to_string(),
        };
        Ok(Self(text))
    }

    /// A hash that another system made, in its canonical form. Errors: it is of no known family, or checking it would
    /// cost more than a login may.
    pub fn foreign(text: &str) -> Result<Self, MalformedHash> {
        Parsed::of(text).map(|parsed| Self(parsed.to_string()))
    }

    /// Whether the password is the one that was hashed: one check at the cost that the hash names.
    pub fn verify(&self, password: &Password) -> Result<bool, MalformedHash> {
        let password = password.expose();
        Ok(match Parsed::of(&self.0)? {
            Parsed::Argon2(hash) => hash.verify(password),
            Parsed::Bcrypt(hash) => hash.verify(password),
            Parsed::Firebase(hash) => hash.verify(password),
            Parsed::Pbkdf2(hash) => hash.verify(password),
            Parsed::Scrypt(hash) => hash.verify(password),
        })
    }

    /// Whether the method would make a hash like this one: the same family at the same cost.
    pub fn is_of(&self, method: HashMethod) -> bool {
        match (Parsed::of(&self.0), method) {
            (Ok(Parsed::Bcrypt(hash)), HashMethod::Bcrypt(cost)) => hash.is_plain_of(cost.get()),
            (Ok(Parsed::Argon2(hash)), HashMethod::Argon2id) => hash.is_ours(),
            _ => false,
        }
    }

    /// bcrypt's cost, if it is a bcrypt hash of whatever kind.
    pub fn bcrypt_cost(&self) -> Option<u32> {
        match Parsed::of(&self.0) {
            Ok(Parsed::Bcrypt(hash)) => Some(hash.cost()),
            _ => None,
        }
    }

    /// Family and cost in words, such as `bcrypt, cost 10`: no salt, no digest.
    pub fn kind(&self) -> String {
        match Parsed::of(&self.0) {
            Ok(Parsed::Argon2(hash)) => hash.kind(),
            Ok(Parsed::Bcrypt(hash)) => hash.kind(),
            Ok(Parsed::Firebase(hash)) => hash.kind(),
            Ok(Parsed::Pbkdf2(hash)) => hash.kind(),
            Ok(Parsed::Scrypt(hash)) => hash.kind(),
            Err(_) => "malformed".to_owned(),
        }
    }

    /// What came out of the table.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// What goes into the table or an export, and nowhere else.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Parsed {
    fn of(text: &str) -> Result<Self, MalformedHash> {
        let id = text.strip_prefix('$').and_then(|rest| rest.split('$').next()).unwrap_or_default();
        match id {
            "2a" | "2b" | "2x" | "2y" | bcrypt::PEPPERED | bcrypt::SHA256 => {
                BcryptHash::parse(text).map(Self::Bcrypt)
            }
            "argon2id" | "argon2i" => Argon2Hash::parse(text).map(Self::Argon2),
            "scrypt" => ScryptHash::parse(text).map(Self::Scrypt),
            "fbscrypt" => FirebaseHash::parse(text).map(Self::Firebase),
            "pbkdf2" | "pbkdf2-sha1" | "pbkdf2-sha256" | "pbkdf2-sha512" => {
                Pbkdf2Hash::parse(text).map(Self::Pbkdf2)
            }
            _ => Err(MalformedHash(
                "is no hash of bcrypt, argon2id, argon2i, scrypt, Firebase's scrypt or PBKDF2 in a known form",
            )),
        }
    }
}

impl fmt::Display for Parsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argon2(hash) => hash.fmt(f),
            Self::Bcrypt(hash) => hash.fmt(f),
            Self::Firebase(hash) => hash.fmt(f),
            Self::Pbkdf2(hash) => hash.fmt(f),
            Self::Scrypt(hash) => hash.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests;
