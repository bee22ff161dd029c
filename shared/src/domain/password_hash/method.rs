//! How new passwords are hashed, and what a check costs where there is nothing to check.

use std::hint::black_box;

use super::{argon2::Argon2Hash, bcrypt};
use crate::domain::{MAX_BCRYPT_PASSWORD_BYTES, MAX_PASSWORD_BYTES, Password};

/// bcrypt's work factor: 2^cost rounds. 12 takes about a quarter of a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BcryptCost(u32);

impl BcryptCost {
    /// A cost of 10 (OWASP's least) to 14 (about a second); `None` beyond.
    pub fn new(cost: u32) -> Option<Self> {
        (10..=14).contains(&cost).then_some(Self(cost))
    }

    /// The number itself.
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// The settings `PASSWORD_HASH` and `BCRYPT_COST`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashMethod {
    /// bcrypt, which reads 72 bytes.
    Bcrypt(BcryptCost),
    /// Argon2id with 19 MiB, two passes and one lane (OWASP): about a tenth of the time of bcrypt 12.
    Argon2id,
}

impl HashMethod {
    /// The longest password that it can tell from every other one, in bytes.
    pub const fn longest_password(self) -> usize {
        match self {
            Self::Bcrypt(_) => MAX_BCRYPT_PASSWORD_BYTES,
            Self::Argon2id => MAX_PASSWORD_BYTES,
        }
    }

    /// Whether it can hash the whole password.
    pub fn takes(self, password: &Password) -> bool {
        password.expose().len() <= self.longest_password()
    }

    /// Costs what checking a password against a hash of this method costs, and compares it with nothing.
    pub fn spend(self, password: &Password) {
        match self {
            Self::Bcrypt(cost) => bcrypt::spend(cost.get(), password.expose()),
            Self::Argon2id => _ = black_box(Argon2Hash::decoy().verify(password.expose())),
        }
    }
}

/// Costs a bcrypt of `cost`, and compares with nothing.
pub fn spend_bcrypt(cost: u32, password: &Password) {
    bcrypt::spend(cost, password.expose());
}
