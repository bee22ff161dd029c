//! PBKDF2 (RFC 8018): `$pbkdf2-sha256$i=600000$salt$hash`, also with sha1 and sha512.

use std::{fmt, num::NonZeroU32};

use aws_lc_rs::pbkdf2::{self, PBKDF2_HMAC_SHA1, PBKDF2_HMAC_SHA256, PBKDF2_HMAC_SHA512};
use subtle::ConstantTimeEq;

use super::{
    MalformedHash,
    phc::{Base64, Phc},
};

#[derive(Clone, Copy, PartialEq)]
enum Digest {
    Sha1,
    Sha256,
    Sha512,
}

pub(super) struct Pbkdf2Hash {
    digest: Digest,
    iterations: NonZeroU32,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl Digest {
    const fn bytes(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }

    /// About a second.
    const fn most_iterations(self) -> u32 {
        match self {
            Self::Sha1 | Self::Sha256 => 5_000_000,
            Self::Sha512 => 2_000_000,
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Sha1 => "pbkdf2-sha1",
            Self::Sha256 => "pbkdf2-sha256",
            Self::Sha512 => "pbkdf2-sha512",
        }
    }
}

impl Pbkdf2Hash {
    pub fn parse(text: &str) -> Result<Self, MalformedHash> {
        let phc = Phc::parse(text)?;
        phc.only(&["i", "l"])?;
        let digest = match text.split('$').nth(1) {
            Some("pbkdf2-sha256") => Digest::Sha256,
            Some("pbkdf2-sha512") => Digest::Sha512,
            _ => Digest::Sha1,
        };
        let iterations = match phc.bare.and_then(|rounds| rounds.parse().ok()) {
            Some(rounds) => rounds,
            None => phc.number::<u32>("i")?,
        };
        if phc.text("l").is_some() && phc.number("l") != Ok(phc.digest.len()) {
            return Err(MalformedHash("has a digest of another length than it says"));
        }
        let iterations = NonZeroU32::new(iterations).ok_or(MalformedHash("has no iterations"))?;
        if iterations.get() > digest.most_iterations() {
            return Err(MalformedHash(
                "would take longer to check than a login may (5 million iterations, 2 million of SHA-512)",
            ));
        }
        Ok(Self { digest, iterations, salt: phc.salt, hash: phc.digest })
    }

    /// Only the first block is computed: the others cost as much again and prove no more, as whoever guesses knows.
    pub fn verify(&self, password: &str) -> bool {
        let mut block = vec![0; self.hash.len().min(self.digest.bytes())];
        let algorithm = match self.digest {
            Digest::Sha1 => PBKDF2_HMAC_SHA1,
            Digest::Sha256 => PBKDF2_HMAC_SHA256,
            Digest::Sha512 => PBKDF2_HMAC_SHA512,
        };
        pbkdf2::derive(algorithm, self.iterations, &self.salt, password.as_bytes(), &mut block);
        self.hash.get(..block.len()).is_some_and(|expected| block.ct_eq(expected).into())
    }

    pub fn kind(&self) -> String {
        format!("{}, {} iterations", self.digest.as_str(), self.iterations)
    }
}

impl fmt::Display for Pbkdf2Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, iterations) = (self.digest.as_str(), self.iterations);
        write!(f, "${name}$i={iterations}${}${}", Base64(&self.salt), Base64(&self.hash))
    }
}
