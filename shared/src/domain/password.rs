//! A password as somebody typed it.

use std::str::FromStr;

use zeroize::Zeroizing;

/// What bcrypt can tell apart. A longer new password is refused where it would be hashed with bcrypt, never cut.
pub const MAX_BCRYPT_PASSWORD_BYTES: usize = 72;

/// More than anybody types, and little for every hash to read.
pub const MAX_PASSWORD_BYTES: usize = 1024;

/// A password that can be checked: 1 to 1024 bytes of UTF-8, taken byte for byte (no trimming, no case folding, no
/// Unicode normalisation), without NUL. It has no Debug and no Serialize, and is wiped when dropped.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

/// Why a text can't be a password. The texts are for the person who typed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPassword {
    /// Nothing was typed.
    #[error("must not be empty")]
    Empty,
    /// Longer than any password here; the number of bytes that came.
    #[error("must have at most {MAX_PASSWORD_BYTES} bytes in UTF-8; this one has {0}")]
    TooLong(usize),
    /// bcrypt repeats a key behind a NUL: `a` and `a\0a` would be the same password.
    #[error("must not contain the NUL character")]
    Nul,
}

impl Password {
    /// The secret itself, for hashing and for checking rules.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for Password {
    type Err = InvalidPassword;

    fn from_str(text: &str) -> Result<Self, InvalidPassword> {
        match text {
            "" => Err(InvalidPassword::Empty),
            _ if text.len() > MAX_PASSWORD_BYTES => Err(InvalidPassword::TooLong(text.len())),
            _ if text.contains('\0') => Err(InvalidPassword::Nul),
            _ => Ok(Self(Zeroizing::new(text.to_owned()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // PW3
    #[test]
    fn a_password_has_1_to_1024_bytes_and_no_nul() {
        assert!("é".repeat(512).parse::<Password>().is_ok());
        assert_eq!(
            format!("{}a", "é".repeat(512)).parse::<Password>().err(),
            Some(InvalidPassword::TooLong(1025))
        );
        assert_eq!("".parse::<Password>().err(), Some(InvalidPassword::Empty));
        assert_eq!("a\0a".parse::<Password>().err(), Some(InvalidPassword::Nul));
    }
}
