//! E-mail addresses in one canonical form.

use std::{fmt, fmt::Write, str::FromStr};

use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

/// An e-mail address: trimmed and lower-cased, ASCII, at most 254 bytes, in the form that browsers accept
/// (WHATWG HTML, "valid e-mail address"). Control characters, spaces and quoting can't occur in it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Email(String);

/// Why a text is no e-mail address. It never repeats the text: people type passwords into that field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEmail {
    /// Longer than RFC 5321 allows.
    #[error("must have at most 254 characters, at most 64 of them before the @")]
    TooLong,
    /// Letters beyond ASCII, which SES can't deliver to.
    #[error("must be written in ASCII (an international domain in its xn-- form)")]
    NotAscii,
    /// Anything else.
    #[error("must be an e-mail address such as ada@example.com")]
    Malformed,
}

impl Email {
    /// The canonical form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the @.
    pub fn local_part(&self) -> &str {
        self.0.split_once('@').map_or(self.0.as_str(), |(local, _)| local)
    }

    /// What logs and tables hold where nobody needs the address itself.
    pub fn hash(&self) -> EmailHash {
        let mut hex = String::with_capacity(64);
        for byte in Sha256::digest(&self.0) {
            // Writing to a String can't fail.
            let _ = write!(hex, "{byte:02x}");
        }
        EmailHash(hex)
    }
}

impl FromStr for Email {
    type Err = InvalidEmail;

    fn from_str(text: &str) -> Result<Self, InvalidEmail> {
        let text = text.trim_matches(' ');
        if text.chars().any(char::is_control) {
            return Err(InvalidEmail::Malformed);
        }
        if !text.is_ascii() {
            return Err(InvalidEmail::NotAscii);
        }
        let (local, domain) = text.split_once('@').ok_or(InvalidEmail::Malformed)?;
        if text.len() > 254 || local.len() > 64 {
            return Err(InvalidEmail::TooLong);
        }
        // An encoded word (RFC 2047) is one address for us, and may be another for who decodes it on the way.
        let local_is_valid = !local.is_empty()
            && !local.contains("=?")
            && local.bytes().all(|b| b.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&b));
        if local_is_valid && domain.split('.').all(is_domain_label) {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(InvalidEmail::Malformed)
        }
    }
}

fn is_domain_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Logs hold no full address, so its Debug form is the hash.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Email({})", self.hash())
    }
}

impl Serialize for Email {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// SHA-256 of the canonical e-mail, in hex: the same as `printf %s ada@example.com | sha256sum`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct EmailHash(String);

/// A text that is no hash of an e-mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be 64 hexadecimal digits in lower case")]
pub struct InvalidEmailHash;

impl FromStr for EmailHash {
    type Err = InvalidEmailHash;

    fn from_str(text: &str) -> Result<Self, InvalidEmailHash> {
        let is_hash = text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if is_hash { Ok(Self(text.to_owned())) } else { Err(InvalidEmailHash) }
    }
}

impl EmailHash {
    /// 64 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EmailHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // LG9
    #[test]
    fn an_email_has_one_canonical_form() {
        for text in ["ada@example.com", " Ada@Example.COM ", "ADA@EXAMPLE.COM"] {
            assert_eq!(
                text.parse::<Email>().map(|e| e.to_string()),
                Ok("ada@example.com".to_owned()),
                "{text}"
            );
        }
    }

    // LG9
    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@example.com", "a".repeat(65));
        for (text, why) in [
            ("", InvalidEmail::Malformed),
            ("ada", InvalidEmail::Malformed),
            ("@example.com", InvalidEmail::Malformed),
            ("ada@", InvalidEmail::Malformed),
            ("ada@example..com", InvalidEmail::Malformed),
            ("ada@-example.com", InvalidEmail::Malformed),
            ("ada@b@example.com", InvalidEmail::Malformed),
            ("ada lovelace@example.com", InvalidEmail::Malformed),
            ("\"ada\"@example.com", InvalidEmail::Malformed),
            ("ada@example.com\r\nBcc: eve@example.com", InvalidEmail::Malformed),
            ("ada\0@example.com", InvalidEmail::Malformed),
            ("ada@example.com\n", InvalidEmail::Malformed),
            ("ada@example-.com", InvalidEmail::Malformed),
            ("ada@example.com,eve@example.com", InvalidEmail::Malformed),
            ("=?utf-8?q?eve=40evil.example=3e?=@example.com", InvalidEmail::Malformed),
            ("ädä@example.com", InvalidEmail::NotAscii),
            (long.as_str(), InvalidEmail::TooLong),
        ] {
            assert_eq!(text.parse::<Email>(), Err(why), "{text:?}");
        }
    }

    // OP5
    #[test]
    fn the_debug_form_of_an_email_shows_only_its_hash() {
        let email: Email = "ada@example.com".parse().expect("valid");
        assert!(!format!("{email:?}").contains("ada"));
        assert_eq!(
            email.hash().as_str(),
            // printf %s ada@example.com | sha256sum
            "b5fc85e55755f9e0d030a10ab4429b6b2944855f9a0d60077fe832becbc41d72"
        );
    }
}
