//! bcrypt in its four spellings, `$2b$12$...`, and two ways to prepare the password that other systems have:
//! `$bcrypt-sha256-hex$2b$12$...`, the hex SHA-256 of it (Django), and `$bcrypt-pepper$PEPPER$2a$11$...`, with a pepper in
//! base64 behind it (Devise).
//!
//! `$2a$`, `$2b$` and `$2y$` are one algorithm for a password of UTF-8: what crypt_blowfish does differently for `$2a$`
//! concerns only passwords with a byte 0xFF, and OpenBSD's old fault only those over 255 bytes. `$2x$` marks hashes that
//! crypt_blowfish before 1.1 made, which took bytes from 0x80 on for negative numbers.

use std::{fmt, fmt::Write, hint::black_box};

use base64::{
    Engine,
    alphabet::BCRYPT,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{
    MalformedHash,
    phc::{Base64, bytes},
};
use crate::domain::MAX_BCRYPT_PASSWORD_BYTES;

/// The id of Django's way.
pub(super) const SHA256: &str = "bcrypt-sha256-hex";
/// The id of Devise's way.
pub(super) const PEPPERED: &str = "bcrypt-pepper";

/// Read with stray bits behind the last byte: every implementation ignores them, and some leave them there.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &BCRYPT,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

pub(super) struct BcryptHash {
    input: Input,
    /// `a`, `b`, `x` or `y`.
    spelling: char,
    cost: u32,
    salt: [u8; 16],
    digest: [u8; 23],
}

/// What becomes of a password before it is hashed.
enum Input {
    Plain,
    Sha256,
    Peppered(Vec<u8>),
}

impl BcryptHash {
    pub fn parse(text: &str) -> Result<Self, MalformedHash> {
        let rest = text.strip_prefix('$').unwrap_or_default();
        if let Some(plain) = rest.strip_prefix(SHA256) {
            return Self::parse_plain(plain, Input::Sha256);
        }
        match rest.strip_prefix(PEPPERED).and_then(|rest| rest.strip_prefix('$')?.split_once('$')) {
            Some((pepper, _)) => {
                let plain = &rest[PEPPERED.len() + 1 + pepper.len()..];
                Self::parse_plain(plain, Input::Peppered(bytes(pepper)?))
            }
            None => Self::parse_plain(text, Input::Plain),
        }
    }

    fn parse_plain(text: &str, input: Input) -> Result<Self, MalformedHash> {
        let malformed = MalformedHash("is no well-formed bcrypt hash");
        let parts = text.strip_prefix("$2").and_then(|rest| rest.split_once('$'));
        let (spelling, rest) = parts.ok_or(malformed)?;
        let (cost, rest) = rest.split_once('$').filter(|(cost, _)| cost.len() == 2).ok_or(malformed)?;
        let (salt, digest) =
            rest.split_at_checked(22).filter(|(_, digest)| digest.len() == 31).ok_or(malformed)?;
        let (mut salt_bytes, mut digest_bytes) = ([0; 16], [0; 23]);
        BASE64.decode_slice(salt, &mut salt_bytes).map_err(|_| malformed)?;
        BASE64.decode_slice(digest, &mut digest_bytes).map_err(|_| malformed)?;
        let cost = Some(cost).filter(|cost| cost.bytes().all(|byte| byte.is_ascii_digit()));
        let cost = cost.and_then(|cost| cost.parse().ok()).filter(|cost| (4..=31).contains(cost));
        let cost = cost.ok_or(malformed)?;
        if cost > 14 {
            return Err(MalformedHash(
                "would take longer to check than a login may (bcrypt's cost is over 14)",
            ));
        }
        let spelling = match spelling {
            "a" => 'a',
            "b" => 'b',
            "x" => 'x',
            "y" => 'y',
            _ => return Err(malformed),
        };
        Ok(Self { input, spelling, cost, salt: salt_bytes, digest: digest_bytes })
    }

    pub const fn cost(&self) -> u32 {
        self.cost
    }

    /// Whether it is as ours of that cost; how the three right spellings are written makes no difference.
    pub const fn is_plain_of(&self, cost: u32) -> bool {
        matches!(self.input, Input::Plain) && self.spelling != 'x' && self.cost == cost
    }

    /// A longer password than bcrypt can tell apart is another one, at the same price: none is cut.
    pub fn verify(&self, password: &str) -> bool {
        match &self.input {
            Input::Plain => self.matches(password.as_bytes()) && password.len() <= MAX_BCRYPT_PASSWORD_BYTES,
            Input::Sha256 => self.matches(hex_sha256(password).as_bytes()),
            // The pepper may be cut, and is; the password may not.
            Input::Peppered(pepper) => {
                let peppered = Zeroizing::new([password.as_bytes(), pepper].concat());
                self.matches(&peppered) && password.len() <= MAX_BCRYPT_PASSWORD_BYTES
            }
        }
    }

    /// The same for bytes that need not be UTF-8.
    pub(super) fn matches(&self, password: &[u8]) -> bool {
        let key = if self.spelling == 'x' { sign_extended(&key(password)) } else { key(password) };
        let digest = ::bcrypt::bcrypt(self.cost, self.salt, &key);
        digest[..self.digest.len()].ct_eq(&self.digest).into()
    }

    pub fn kind(&self) -> String {
        let Self { spelling, cost, .. } = self;
        match self.input {
            Input::Plain => format!("bcrypt ($2{spelling}$), cost {cost}"),
            Input::Sha256 => format!("bcrypt over SHA-256, cost {cost}"),
            Input::Peppered(_) => format!("bcrypt with a pepper, cost {cost}"),
        }
    }
}

/// Costs a check at `cost`, and compares with nothing.
pub(super) fn spend(cost: u32, password: &str) {
    black_box(::bcrypt::bcrypt(cost, [0; 16], &key(password.as_bytes())));
}

/// What bcrypt reads: the password and a NUL, 72 bytes of it at most.
fn key(password: &[u8]) -> Zeroizing<Vec<u8>> {
    let cut = &password[..password.len().min(MAX_BCRYPT_PASSWORD_BYTES)];
    let mut key = Zeroizing::new(Vec::with_capacity(MAX_BCRYPT_PASSWORD_BYTES));
    key.extend_from_slice(cut);
    if key.len() < MAX_BCRYPT_PASSWORD_BYTES {
        key.push(0);
    }
    key
}

/// The key that old crypt_blowfish made of it: it read the key round and round into 18 words of four bytes, and each byte
/// from 0x80 on, taken for a negative number, set all bits of those before it in its word.
fn sign_extended(key: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut bytes = key.iter().copied().cycle();
    let mut word = || {
        let four = bytes.by_ref().take(4);
        four.fold(0_u32, |word, byte| (word << 8) | i32::from(byte.cast_signed()).cast_unsigned())
    };
    Zeroizing::new((0..18).flat_map(|_| word().to_be_bytes()).collect())
}

fn hex_sha256(password: &str) -> Zeroizing<String> {
    let mut hex = Zeroizing::new(String::with_capacity(64));
    for byte in Sha256::digest(password) {
        // Writing to a String can't fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

impl fmt::Display for BcryptHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.input {
            Input::Plain => {}
            Input::Sha256 => write!(f, "${SHA256}")?,
            Input::Peppered(pepper) => write!(f, "${PEPPERED}${}", Base64(pepper))?,
        }
        let (salt, digest) = (BASE64.encode(self.salt), BASE64.encode(self.digest));
        write!(f, "$2{}${:02}${salt}{digest}", self.spelling, self.cost)
    }
}
