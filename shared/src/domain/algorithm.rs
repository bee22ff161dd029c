//! The algorithms that tokens are signed with, by their names in JOSE (RFC 7518, RFC 8037).

use std::{fmt, str::FromStr};

use serde::{Serialize, Serializer};

/// An algorithm. Each key has one, and signs and verifies with no other (promise AT1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// HMAC with SHA-256: one secret signs and verifies.
    Hs256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256, for gateways that take only RSA.
    Rs256,
    /// Ed25519.
    EdDsa,
}

/// A word that is no algorithm of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be one of ES256, RS256, EdDSA")]
pub struct UnknownAlgorithm;

impl Algorithm {
    /// Those that have a public half, and so can be managed and published; the first is the default.
    pub const MANAGED: [Self; 3] = [Self::Es256, Self::Rs256, Self::EdDsa];

    /// All.
    pub const ALL: [Self; 4] = [Self::Es256, Self::Rs256, Self::EdDsa, Self::Hs256];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
            Self::EdDsa => "EdDSA",
        }
    }
}

/// Reads the name of a managed algorithm. Case counts, as in a token's header.
impl FromStr for Algorithm {
    type Err = UnknownAlgorithm;
    fn from_str(word: &str) -> Result<Self, UnknownAlgorithm> {
        Self::MANAGED.into_iter().find(|algorithm| algorithm.as_str() == word).ok_or(UnknownAlgorithm)
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for Algorithm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
