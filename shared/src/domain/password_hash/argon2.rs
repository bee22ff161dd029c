//! Argon2id and Argon2i: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`.

use std::fmt;

use argon2::{Algorithm, Argon2, Params, Version};
use subtle::ConstantTimeEq;

use super::{
    MalformedHash,
    phc::{Base64, Phc},
};

/// Ours (OWASP, Password Storage Cheat Sheet): KiB, passes, lanes.
const OURS: (u32, u32, u32) = (19_456, 2, 1);

/// A login has 1769 MB, and nothing else in it needs much.
const MOST_KIB: u32 = 256 * 1024;
/// KiB times passes: about a second.
const MOST_WORK: u64 = 1024 * 1024;
const MOST_LANES: u32 = 16;

pub(super) struct Argon2Hash {
    algorithm: Algorithm,
    version: Version,
    kib: u32,
    passes: u32,
    lanes: u32,
    salt: Vec<u8>,
    digest: Vec<u8>,
}

impl Argon2Hash {
    /// Ours, with a fresh salt of 16 bytes.
    pub fn of(password: &str) -> Option<Self> {
        let mut hash = Self { salt: rand::random::<[u8; 16]>().to_vec(), ..Self::decoy() };
        hash.digest = hash.digest_of(password)?;
        Some(hash)
    }

    /// A hash like ours that no password matches.
    pub fn decoy() -> Self {
        let (kib, passes, lanes) = OURS;
        Self {
            algorithm: Algorithm::Argon2id,
            version: Version::V0x13,
            kib,
            passes,
            lanes,
            salt: vec![0; 16],
            digest: vec![0; 32],
        }
    }

    pub fn parse(text: &str) -> Result<Self, MalformedHash> {
        let phc = Phc::parse(text)?;
        phc.only(&["v", "m", "t", "p"])?;
        let algorithm = if text.starts_with("$argon2i$") { Algorithm::Argon2i } else { Algorithm::Argon2id };
        let version = match phc.text("v") {
            Some("19") => Version::V0x13,
            // A string without a version is from before there were two.
            Some("16") | None => Version::V0x10,
            Some(_) => return Err(MalformedHash("is of an unknown version of Argon2")),
        };
        let hash = Self {
            algorithm,
            version,
            kib: phc.number("m")?,
            passes: phc.number("t")?,
            lanes: phc.number("p")?,
            salt: phc.salt,
            digest: phc.digest,
        };
        if hash.kib > MOST_KIB {
            return Err(MalformedHash("asks for more than 256 MiB of memory"));
        }
        if u64::from(hash.kib) * u64::from(hash.passes) > MOST_WORK || hash.lanes > MOST_LANES {
            return Err(MalformedHash(
                "would take longer to check than a login may (1 GiB times passes, 16 lanes)",
            ));
        }
        if hash.salt.len() < argon2::MIN_SALT_LEN || hash.parameters().is_none() {
            return Err(MalformedHash("has parameters that Argon2 does not allow"));
        }
        Ok(hash)
    }

    pub fn verify(&self, password: &str) -> bool {
        self.digest_of(password).is_some_and(|digest| digest.ct_eq(&self.digest).into())
    }

    pub fn is_ours(&self) -> bool {
        let is_argon2id = self.algorithm == Algorithm::Argon2id && self.version == Version::V0x13;
        is_argon2id && (self.kib, self.passes, self.lanes) == OURS
    }

    pub fn kind(&self) -> String {
        let Self { kib, passes, lanes, .. } = self;
        format!("{}, m={kib}, t={passes}, p={lanes}", self.algorithm.as_str())
    }

    fn parameters(&self) -> Option<Params> {
        Params::new(self.kib, self.passes, self.lanes, Some(self.digest.len())).ok()
    }

    fn digest_of(&self, password: &str) -> Option<Vec<u8>> {
        let argon2 = Argon2::new(self.algorithm, self.version, self.parameters()?);
        let mut digest = vec![0; self.digest.len()];
        argon2.hash_password_into(password.as_bytes(), &self.salt, &mut digest).ok()?;
        Some(digest)
    }
}

impl fmt::Display for Argon2Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { algorithm, version, kib, passes, lanes, salt, digest } = self;
        let (name, version) = (algorithm.as_str(), *version as u32);
        let (salt, digest) = (Base64(salt), Base64(digest));
        write!(f, "${name}$v={version}$m={kib},t={passes},p={lanes}${salt}${digest}")
    }
}
