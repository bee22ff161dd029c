//! What is stored of a password.

use std::str::FromStr;

use super::{MAX_PASSWORD_BYTES, Password};

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

/// A bcrypt hash in its modular crypt form (`$2b$12$...`), with a random salt inside. It has no Debug and no
/// Serialize. What came from the table may be malformed: that shows when it is checked.
#[derive(Clone)]
pub struct PasswordHash(String);

/// A stored hash that is no bcrypt hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stored password hash is not a bcrypt hash")]
pub struct MalformedHash;

/// Salt and digest of a random password that nobody knows: with any cost in front, a valid hash to check against
/// when there is none.
const NOBODYS_SALT_AND_DIGEST: &str = "Qq1uXFWJS7nNUIvf1tCU5.uWveVfVB3LKmxPtESpqKI2smLDikUTa";

impl PasswordHash {
    /// Hashes with a fresh salt: one bcrypt. Every byte counts, since a [`Password`] is never longer than bcrypt
    /// reads (`bcrypt::non_truncating_hash` would refuse the 72nd byte as well).
    pub fn of(password: &Password, cost: BcryptCost) -> Result<Self, MalformedHash> {
        debug_assert!(password.expose().len() <= MAX_PASSWORD_BYTES);
        bcrypt::hash(password.expose(), cost.get()).map(Self).map_err(|_| MalformedHash)
    }

    /// Whether the password is the one that was hashed: one bcrypt of the cost that the hash names.
    pub fn verify(&self, password: &Password) -> Result<bool, MalformedHash> {
        bcrypt::verify(password.expose(), &self.0).map_err(|_| MalformedHash)
    }

    /// A hash that no password matches, for who has none, so that checking costs the same for everybody.
    pub fn nobodys(cost: u32) -> Self {
        Self(format!("$2b${cost:02}${NOBODYS_SALT_AND_DIGEST}"))
    }

    /// The cost that the hash names.
    pub fn cost(&self) -> Result<u32, MalformedHash> {
        bcrypt::HashParts::from_str(&self.0).map(|parts| parts.get_cost()).map_err(|_| MalformedHash)
    }

    /// What came out of the table.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// What goes into the table, and nowhere else.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> Password {
        text.parse().expect("a valid password")
    }

    fn cost(cost: u32) -> BcryptCost {
        BcryptCost::new(cost).expect("a cost between 10 and 14")
    }

    // PW4
    #[test]
    fn every_byte_of_a_password_counts() {
        let hash = PasswordHash::of(&password("Grüße, Ada 1!"), cost(10)).expect("hashes");
        assert_eq!(hash.verify(&password("Grüße, Ada 1!")), Ok(true));
        for other in ["grüße, Ada 1!", " Grüße, Ada 1!", "Grüße, Ada 1! ", "Gru\u{308}ße, Ada 1!"] {
            assert_eq!(hash.verify(&password(other)), Ok(false), "{other}");
        }
    }

    // PW3
    #[test]
    fn the_seventy_second_byte_counts_too() {
        let hash = PasswordHash::of(&password(&"a".repeat(72)), cost(10)).expect("hashes");
        assert_eq!(hash.verify(&password(&format!("{}b", "a".repeat(71)))), Ok(false));
        assert_eq!(hash.verify(&password(&"a".repeat(71))), Ok(false));
    }

    // LG2
    #[test]
    fn nobodys_hash_is_a_valid_one_of_each_cost() {
        for c in 4..=14 {
            assert_eq!(PasswordHash::nobodys(c).cost(), Ok(c));
        }
        assert_eq!(PasswordHash::nobodys(10).verify(&password("anything")), Ok(false));
    }

    // PW9
    #[test]
    fn a_malformed_hash_is_an_error_and_never_a_panic() {
        let multibyte = "é".repeat(30);
        for text in [
            "",
            "x",
            "$2b$12$",
            "$2b$99$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZabcde",
            &multibyte,
            "$argon2id$v=19",
        ] {
            assert_eq!(
                PasswordHash::from_stored(text.to_owned()).verify(&password("x")),
                Err(MalformedHash),
                "{text}"
            );
        }
    }
}
