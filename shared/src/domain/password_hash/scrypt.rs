//! scrypt (RFC 7914): `$scrypt$ln=14,r=8,p=1$salt$hash`.

use std::fmt;

use scrypt::{Params, scrypt};
use subtle::ConstantTimeEq;

use super::{
    MalformedHash,
    phc::{Base64, Phc},
};

/// N times r: 128 bytes each, 256 MiB in all. A login has 1769 MB.
const MOST_BLOCKS: u64 = 1 << 21;
/// N times r times p: about a second.
const MOST_WORK: u64 = 1 << 22;
/// r times p: PBKDF2 makes 128 bytes for each, beside the memory that N and r ask for. With a small N they would be most
/// of it: 2 MiB at most. Usual hashes have 8 to 128.
const MOST_LANES: u64 = 1 << 14;

/// What scrypt costs: N is 2^`log_n`.
#[derive(Clone, Copy)]
pub(super) struct Cost {
    pub log_n: u8,
    pub r: u32,
    pub p: u32,
}

pub(super) struct ScryptHash {
    cost: Cost,
    salt: Vec<u8>,
    digest: Vec<u8>,
}

impl Cost {
    /// Errors: more than a login can afford, or than scrypt allows.
    pub fn new(log_n: u8, r: u32, p: u32) -> Result<Self, MalformedHash> {
        let blocks = 1_u64.checked_shl(log_n.into()).filter(|_| log_n < 32).map(|n| n * u64::from(r));
        match blocks {
            Some(blocks) if blocks > MOST_BLOCKS => {
                Err(MalformedHash("asks for more than 256 MiB of memory"))
            }
            Some(_) if u64::from(r) * u64::from(p) > MOST_LANES => {
                Err(MalformedHash("would take longer to check than a login may (r times p over 16 Ki)"))
            }
            Some(blocks) if blocks.saturating_mul(p.into()) <= MOST_WORK => {
                let params = (log_n > 0).then(|| Params::new(log_n, r, p).ok()).flatten();
                params
                    .map(|_| Self { log_n, r, p })
                    .ok_or(MalformedHash("has parameters that scrypt does not allow"))
            }
            _ => Err(MalformedHash(
                "would take longer to check than a login may (N times r times p over 4 Mi)",
            )),
        }
    }

    /// Fills `out` with the key; `false` if scrypt refused.
    pub fn derive(self, password: &str, salt: &[u8], out: &mut [u8]) -> bool {
        let params = Params::new(self.log_n, self.r, self.p);
        params.is_ok_and(|params| scrypt(password.as_bytes(), salt, &params, out).is_ok())
    }
}

impl ScryptHash {
    pub fn parse(text: &str) -> Result<Self, MalformedHash> {
        let phc = Phc::parse(text)?;
        phc.only(&["ln", "r", "p"])?;
        let cost = Cost::new(phc.number("ln")?, phc.number("r")?, phc.number("p")?)?;
        Ok(Self { cost, salt: phc.salt, digest: phc.digest })
    }

    pub fn verify(&self, password: &str) -> bool {
        let mut digest = vec![0; self.digest.len()];
        self.cost.derive(password, &self.salt, &mut digest) && bool::from(digest.ct_eq(&self.digest))
    }

    pub fn kind(&self) -> String {
        format!("scrypt, {}", self.cost)
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ln={}, r={}, p={}", self.log_n, self.r, self.p)
    }
}

impl fmt::Display for ScryptHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cost { log_n, r, p } = self.cost;
        write!(f, "$scrypt$ln={log_n},r={r},p={p}${}${}", Base64(&self.salt), Base64(&self.digest))
    }
}
