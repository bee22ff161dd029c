//! PHC strings, `$id$v=19$name=value,...$salt$hash`, taken apart and written.

use std::{fmt, str::FromStr};

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

use super::MalformedHash;

/// The most bytes of a salt or a digest; real ones have 64, or 128 in old Keycloaks.
const MOST_BYTES: usize = 128;

/// Too short a digest proves too little.
const LEAST_DIGEST: usize = 16;

/// Written without padding, as PHC strings are; read with or without, and with stray bits behind the last byte, which
/// some libraries leave there.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// A PHC string, taken apart.
pub(super) struct Phc<'a> {
    parameters: Vec<(&'a str, &'a str)>,
    /// A parameter without a name: so the library passlib writes the rounds of PBKDF2.
    pub bare: Option<&'a str>,
    pub salt: Vec<u8>,
    pub digest: Vec<u8>,
}

impl<'a> Phc<'a> {
    /// Whatever the id; `version` and parameters alike are found by name.
    pub fn parse(text: &'a str) -> Result<Self, MalformedHash> {
        let malformed = MalformedHash("is no well-formed PHC string");
        let mut segments: Vec<&str> = text.split('$').skip(2).collect();
        let (Some(digest), Some(salt)) = (segments.pop(), segments.pop()) else { return Err(malformed) };
        let mut parameters = Vec::new();
        let mut bare = None;
        for word in segments.iter().flat_map(|segment| segment.split(',')) {
            match word.split_once('=') {
                Some((name, _)) if parameters.iter().any(|(other, _)| *other == name) => {
                    return Err(malformed);
                }
                Some(parameter) => parameters.push(parameter),
                None if bare.is_none() => bare = Some(word),
                None => return Err(malformed),
            }
        }
        let phc = Self { parameters, bare, salt: bytes(salt)?, digest: bytes(digest)? };
        if phc.digest.len() < LEAST_DIGEST {
            return Err(MalformedHash("has a digest of less than 16 bytes"));
        }
        Ok(phc)
    }

    /// Nothing but these parameters may be there: an unknown one might change what is computed.
    pub fn only(&self, names: &[&str]) -> Result<(), MalformedHash> {
        let is_known = |(name, _): &(&str, &str)| names.contains(name);
        let known = self.parameters.iter().all(is_known);
        if known { Ok(()) } else { Err(MalformedHash("has a parameter that is not known")) }
    }

    /// The text of a parameter.
    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.parameters.iter().find(|(own, _)| *own == name).map(|(_, value)| *value)
    }

    /// A number that must be there.
    pub fn number<T: FromStr>(&self, name: &str) -> Result<T, MalformedHash> {
        let digits = self.text(name).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        digits
            .and_then(|text| text.parse().ok())
            .ok_or(MalformedHash("lacks a parameter, or has one that is no number in its range"))
    }
}

/// Bytes that are written in base64; passlib writes `.` for `+`.
pub(super) fn bytes(text: &str) -> Result<Vec<u8>, MalformedHash> {
    let bytes = BASE64.decode(text.replace('.', "+")).ok();
    let bytes = bytes.filter(|bytes| bytes.len() <= MOST_BYTES);
    bytes.ok_or(MalformedHash("has a salt or digest that is no base64 of at most 128 bytes"))
}

/// Bytes as they are written: standard base64 without padding.
pub(super) struct Base64<'a>(pub &'a [u8]);

impl fmt::Display for Base64<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64.encode(self.0))
    }
}
