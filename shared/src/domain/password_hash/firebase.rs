//! Firebase's scrypt: `$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=...$salt$hash`, as Supabase Auth writes it. `n` is
//! Firebase's mem_cost, `r` its rounds, `ss` its salt separator; the hash is the project's signer key `sk`, encrypted
//! with what scrypt makes of the password.

use std::fmt;

use aws_lc_rs::{
    cipher::{AES_256, EncryptingKey, EncryptionContext, UnboundCipherKey},
    iv::FixedLength,
};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{
    MalformedHash,
    phc::{Base64, Phc, bytes},
    scrypt::Cost,
};

pub(super) struct FirebaseHash {
    cost: Cost,
    salt_separator: Vec<u8>,
    signer_key: Vec<u8>,
    salt: Vec<u8>,
    digest: Vec<u8>,
}

impl FirebaseHash {
    pub fn parse(text: &str) -> Result<Self, MalformedHash> {
        let phc = Phc::parse(text)?;
        phc.only(&["v", "n", "r", "p", "ss", "sk"])?;
        if phc.text("v") != Some("1") {
            return Err(MalformedHash("is of an unknown version of Firebase's scrypt"));
        }
        let hash = Self {
            cost: Cost::new(phc.number("n")?, phc.number("r")?, phc.number("p")?)?,
            salt_separator: bytes(phc.text("ss").unwrap_or_default())?,
            signer_key: bytes(phc.text("sk").unwrap_or_default())?,
            salt: phc.salt,
            digest: phc.digest,
        };
        let fits = hash.signer_key.len() == hash.digest.len();
        if fits { Ok(hash) } else { Err(MalformedHash("has no signer key of the digest's length")) }
    }

    pub fn verify(&self, password: &str) -> bool {
        let mut key = Zeroizing::new([0; 32]);
        let salt = [&self.salt[..], &self.salt_separator].concat();
        let encrypted =
            self.cost.derive(password, &salt, &mut key[..]).then(|| encrypt(&key, &self.signer_key));
        encrypted.flatten().is_some_and(|encrypted| encrypted.ct_eq(&self.digest).into())
    }

    pub fn kind(&self) -> String {
        format!("Firebase's scrypt, {}", self.cost)
    }
}

/// AES-256 in counter mode from zero on: each key is used once.
fn encrypt(key: &[u8; 32], text: &[u8]) -> Option<Vec<u8>> {
    let mut text = text.to_vec();
    let key = EncryptingKey::ctr(UnboundCipherKey::new(&AES_256, key).ok()?).ok()?;
    key.less_safe_encrypt(&mut text, EncryptionContext::Iv128(FixedLength::from([0; 16]))).ok()?;
    Some(text)
}

impl fmt::Display for FirebaseHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cost { log_n, r, p } = self.cost;
        let (separator, key) = (Base64(&self.salt_separator), Base64(&self.signer_key));
        write!(f, "$fbscrypt$v=1,n={log_n},r={r},p={p},ss={separator},sk={key}$")?;
        write!(f, "{}${}", Base64(&self.salt), Base64(&self.digest))
    }
}
