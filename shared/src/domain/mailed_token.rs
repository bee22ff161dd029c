//! The secrets in the links of mails, and what is stored of them. Each purpose has its own types, so that a token for
//! one is never taken for another's.

use std::str::FromStr;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::{TryRng, rngs::SysRng};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

macro_rules! mailed_token {
    ($(#[$doc:meta])* $token:ident, $hash:ident, $invalid:ident, $words:literal) => {
        $(#[$doc])*
        ///
        /// 32 random bytes, written as 43 characters of unpadded base64url. It has no Debug and no Serialize.
        #[derive(Clone)]
        pub struct $token(Zeroizing<[u8; 32]>);

        #[doc = concat!("A text that can't be a ", $words, " of ours; it finds nothing.")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
        #[error("is not a {}", $words)]
        pub struct $invalid;

        #[doc = concat!("SHA-256 of a ", $words, ", in base64url. It can't be turned back into a token.")]
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $hash(String);

        impl $token {
            /// A new one, from the operating system's randomness. Panics where that has none: there is no weaker
            /// token.
            pub fn generate() -> Self {
                let mut bytes = Zeroizing::new([0; 32]);
                SysRng.try_fill_bytes(bytes.as_mut_slice()).expect("the operating system gives randomness");
                Self(bytes)
            }

            /// What is stored: one SHA-256, which is enough for 256 random bits.
            pub fn hash(&self) -> $hash {
                $hash(URL_SAFE_NO_PAD.encode(Sha256::digest(*self.0)))
            }

            /// The text that goes into the mail, and nowhere else.
            pub fn expose(&self) -> Zeroizing<String> {
                Zeroizing::new(URL_SAFE_NO_PAD.encode(*self.0))
            }
        }

        impl FromStr for $token {
            type Err = $invalid;

            fn from_str(text: &str) -> Result<Self, $invalid> {
                let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).map_err(|_| $invalid)?);
                bytes.as_slice().try_into().map(|bytes| Self(Zeroizing::new(bytes))).map_err(|_| $invalid)
            }
        }

        impl $hash {
            /// 43 characters of base64url.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
}

mailed_token!(
    /// The secret in a reset link: whoever has it may choose the account's password.
    ResetToken, ResetTokenHash, InvalidResetToken, "reset token"
);
mailed_token!(
    /// The secret in a link that proves that an address is its reader's.
    VerificationToken, VerificationTokenHash, InvalidVerificationToken, "verification token"
);

#[cfg(test)]
mod tests {
    use super::*;

    // RS2
    #[test]
    fn a_token_is_32_random_bytes_and_survives_its_trip_through_the_mail() {
        let token = ResetToken::generate();
        assert_eq!(token.expose().len(), 43);
        assert_ne!(token.expose(), ResetToken::generate().expose());
        let back: ResetToken = token.expose().parse().expect("our own token");
        assert_eq!(back.hash(), token.hash());
        assert!(!token.hash().as_str().contains(token.expose().as_str()));
    }

    #[test]
    fn what_is_no_token_is_refused() {
        let token = ResetToken::generate().expose();
        for text in [
            "",
            "abc",
            &token[1..],
            &format!("{}=", *token),
            &format!("{} ", *token),
            &token.replace(|_| true, "!"),
        ] {
            assert!(text.parse::<ResetToken>().is_err(), "{text}");
            let refused = text.parse::<VerificationToken>().err().map(|error| error.to_string());
            assert_eq!(refused.as_deref(), Some("is not a verification token"), "{text}");
        }
    }
}
