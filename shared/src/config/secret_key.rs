//! SECRET_KEY: what signs tokens.

use zeroize::Zeroizing;

use super::{InvalidSettings, Reader};

/// The secret that signs tokens with HS256. It has no Debug and no Serialize.
#[derive(Clone)]
pub struct SecretKey(Zeroizing<String>);

/// RFC 7518, 3.2: a key must be as long as the digest.
const SHORTEST_SECRET_BYTES: usize = 32;

impl SecretKey {
    /// Reads SECRET_KEY. Errors: it is missing or under 32 bytes; the value is never shown.
    pub fn from_env() -> Result<Self, InvalidSettings> {
        Self::read(Reader::of_environment())
    }

    /// Takes a text for the secret. Errors: it is under 32 bytes.
    pub fn from_text(text: &str) -> Result<Self, InvalidSettings> {
        Self::read(Reader::of_pairs(&[("SECRET_KEY", text)]))
    }

    fn read(mut env: Reader) -> Result<Self, InvalidSettings> {
        let secret = Zeroizing::new(
            env.required("SECRET_KEY", "32 or more random bytes, as from `openssl rand -hex 32`"),
        );
        let bytes = secret.len();
        env.require(
            bytes == 0 || bytes >= SHORTEST_SECRET_BYTES,
            &format!("SECRET_KEY has {bytes} bytes; it must have at least {SHORTEST_SECRET_BYTES}, as from `openssl rand -hex 32`"),
        );
        env.finish(Self(secret))
    }

    /// The secret's bytes, for the signer alone.
    pub fn expose(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
