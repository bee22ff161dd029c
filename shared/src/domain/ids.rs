//! Identifiers. They find things; none of them proves anything.

use std::{fmt, str::FromStr};

use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A text that is no identifier of ours: we write UUIDs in their lower-case, hyphenated form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a UUID in lower case with hyphens")]
pub struct InvalidId;

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// A new one: 122 random bits from the operating system.
            pub fn generate() -> Self {
                Self(Uuid::new_v4())
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let id = Uuid::try_parse(text).map_err(|_| InvalidId)?;
                // One spelling only: the same id must never be two keys.
                if id.as_hyphenated().to_string() == text { Ok(Self(id)) } else { Err(InvalidId) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    };
}

identifier!(
    /// Names a user for ever; e-mail addresses change.
    UserId
);
impl UserId {
    /// The same for the same text, and another for another (UUID version 8 over its SHA-256): what is imported twice is
    /// one user.
    pub fn of_import(text: &str) -> Self {
        let digest: [u8; 32] = Sha256::digest(text).into();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        Self(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }
}

identifier!(
    /// Names one login of a user, from its login to its end.
    SessionId
);
identifier!(
    /// Names a device on which a user logged in.
    DeviceId
);
identifier!(
    /// Names one access token: no two have the same `jti`.
    TokenId
);
identifier!(
    /// Names a mail that is to be sent.
    IntentId
);

/// Names one entry of the audit trail. Later ones sort behind earlier ones (UUID version 7, RFC 9562).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AuditId(Uuid);

impl AuditId {
    /// A new one, later than all that this process made before.
    pub fn generate() -> Self {
        Self(Uuid::now_v7())
    }
}

impl FromStr for AuditId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        Uuid::try_parse(text).map(Self).map_err(|_| InvalidId)
    }
}

impl fmt::Display for AuditId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}

impl Serialize for AuditId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Names one password attempt, so that a reservation that is sent twice counts once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttemptId([u8; 8]);

impl AttemptId {
    /// A new one: 64 random bits; it only has to differ from the few others of the same window.
    pub fn generate() -> Self {
        Self(rand::random())
    }

    /// Its eight bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // MV4
    #[test]
    fn the_id_of_an_import_is_the_same_each_time() {
        let id = UserId::of_import("ada");
        assert_eq!((id, id.to_string().parse()), (UserId::of_import("ada"), Ok(id)));
        assert_ne!(id, UserId::of_import("bob"));
        assert_eq!(id.to_string().chars().nth(14), Some('8'), "its version");
    }

    #[test]
    fn an_identifier_has_one_spelling() {
        let id = UserId::generate();
        assert_eq!(id.to_string().parse(), Ok(id));
        for other in [
            id.to_string().to_uppercase(),
            id.to_string().replace('-', ""),
            format!("{{{id}}}"),
            String::new(),
        ] {
            assert_eq!(other.parse::<UserId>(), Err(InvalidId), "{other}");
        }
    }
}
