//! SECRET_KEY: signs tokens where keys are not managed.

use zeroize::Zeroizing;

use super::{InvalidSettings, Reader};
use crate::domain::Algorithm;

/// The secret that signs tokens with HS256. It has no Debug and no Serialize.
#[derive(Clone)]
pub struct SecretKey(Zeroizing<String>);

/// RFC 7518, 3.2: a key must be as long as the digest.
const SHORTEST_SECRET_BYTES: usize = 32;

impl SecretKey {
    /// Reads SECRET_KEY; `None` if keys are managed. Errors: it is under 32 bytes, or does not fit ALGORITHM; the value is
    /// never shown.
    pub fn from_env(algorithm: Algorithm) -> Result<Option<Self>, InvalidSettings> {
        Self::read(Reader::of_environment(), algorithm)
    }

    /// Takes a text for the secret. Errors: it is under 32 bytes.
    pub fn from_text(text: &str) -> Result<Self, InvalidSettings> {
        let pairs = [("SECRET_KEY", text)];
        Self::read(Reader::of_pairs(&pairs), Algorithm::Hs256).map(|read| read.expect("HS256 has a secret"))
    }

    fn read(mut env: Reader, algorithm: Algorithm) -> Result<Option<Self>, InvalidSettings> {
        let is_secret = algorithm == Algorithm::Hs256;
        if !is_secret {
            let rule = format!(
                "SECRET_KEY is given, and ALGORITHM is {algorithm}: a secret is for HS256. Leave one of both out"
            );
            env.require(!env.has("SECRET_KEY"), &rule);
            return env.finish(None);
        }
        let secret = Zeroizing::new(env.required(
            "SECRET_KEY",
            "32 or more random bytes, as from `openssl rand -hex 32`, or an ALGORITHM whose keys are managed",
        ));
        let bytes = secret.len();
        env.require(
            bytes == 0 || bytes >= SHORTEST_SECRET_BYTES,
            &format!("SECRET_KEY has {bytes} bytes; it must have at least {SHORTEST_SECRET_BYTES}, as from `openssl rand -hex 32`"),
        );
        env.finish(Some(Self(secret)))
    }

    /// The secret's bytes, for the signer alone.
    pub fn expose(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(secret: &str, algorithm: Algorithm) -> Result<bool, String> {
        let read = SecretKey::read(Reader::of_pairs(&[("SECRET_KEY", secret)]), algorithm);
        read.map(|secret| secret.is_some()).map_err(|error| error.to_string())
    }

    // AT5
    #[test]
    fn a_secret_under_32_bytes_is_refused_without_being_shown() {
        let error = SecretKey::from_text("hunter2-hunter2").err().expect("too short").to_string();
        assert_eq!(
            error,
            "SECRET_KEY has 15 bytes; it must have at least 32, as from `openssl rand -hex 32`"
        );
        assert!(SecretKey::from_text(&"k".repeat(32)).is_ok());
        assert!(
            SecretKey::from_text("").err().expect("missing").to_string().starts_with("SECRET_KEY is missing")
        );
    }

    // AT1 AT5
    #[test]
    fn a_secret_and_an_algorithm_that_contradict_each_other_are_refused() {
        let secret = "k".repeat(32);
        assert_eq!(read(&secret, Algorithm::Hs256), Ok(true));
        for algorithm in Algorithm::MANAGED {
            assert_eq!(read("", algorithm), Ok(false));
            let error = read(&secret, algorithm).expect_err("both");
            assert!(error.contains("SECRET_KEY") && error.contains(algorithm.as_str()), "{error}");
            assert!(!error.contains(&secret), "{error}");
        }
        assert!(read("", Algorithm::Hs256).is_err());
    }
}
