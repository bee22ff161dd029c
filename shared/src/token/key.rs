//! Keys at work: what signs, what verifies, and how a new pair is made. Each has one algorithm and knows no other.

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    error::Unspecified,
    hmac,
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ED25519, EcdsaKeyPair, Ed25519KeyPair,
        KeyPair, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair,
        RsaPublicKeyComponents,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use super::jwk::Jwk;
use crate::{
    domain::{Algorithm, KeyId, PublicKey},
    error::{Error, Result},
};

/// What signs. It has no Debug and no Serialize.
pub(super) struct SigningKey {
    pub id: KeyId,
    pair: Pair,
}

enum Pair {
    Secret(Box<hmac::Key>),
    Es256(EcdsaKeyPair),
    Rs256(RsaKeyPair),
    EdDsa(Ed25519KeyPair),
}

/// What verifies.
pub(super) struct VerifyingKey {
    pub id: KeyId,
    pub algorithm: Algorithm,
    half: Half,
}

enum Half {
    Secret(Box<hmac::Key>),
    Public(ParsedPublicKey),
}

/// A pair that was just made. It has no Debug and no Serialize.
pub struct NewKey {
    /// Its name.
    pub id: KeyId,
    /// Its one algorithm.
    pub algorithm: Algorithm,
    /// The public half, as it is stored.
    pub jwk: String,
    /// The private half: PKCS #8, version 1.
    pub pkcs8: Zeroizing<Vec<u8>>,
}

impl SigningKey {
    /// A secret for HMAC.
    pub fn secret(id: KeyId, secret: &[u8]) -> Self {
        Self { id, pair: Pair::Secret(Box::new(hmac::Key::new(hmac::HMAC_SHA256, secret))) }
    }

    /// The private half of a managed key. Errors: it is not the other half of that public one.
    pub fn private(public: &PublicKey, pkcs8: &[u8]) -> Result<Self> {
        let rejected = |_| broken(public, "its private half can't be read");
        let (pair, jwk) = match public.algorithm {
            Algorithm::Hs256 => return Err(broken(public, "HS256 has no private half")),
            Algorithm::Es256 => {
                let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8);
                let pair = pair.map_err(rejected)?;
                let jwk = Jwk::p256(pair.public_key().as_ref());
                (Pair::Es256(pair), jwk)
            }
            Algorithm::Rs256 => {
                let pair = RsaKeyPair::from_pkcs8(pkcs8).map_err(rejected)?;
                let jwk = rsa_jwk(&pair);
                (Pair::Rs256(pair), Some(jwk))
            }
            Algorithm::EdDsa => {
                let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(pkcs8).map_err(rejected)?;
                let jwk = Jwk::ed25519(pair.public_key().as_ref());
                (Pair::EdDsa(pair), Some(jwk))
            }
        };
        if jwk.is_none_or(|jwk| jwk.canonical() != public.jwk) {
            return Err(broken(public, "its private half is another key's"));
        }
        Ok(Self { id: public.id.clone(), pair })
    }

    pub fn algorithm(&self) -> Algorithm {
        match self.pair {
            Pair::Secret(_) => Algorithm::Hs256,
            Pair::Es256(_) => Algorithm::Es256,
            Pair::Rs256(_) => Algorithm::Rs256,
            Pair::EdDsa(_) => Algorithm::EdDsa,
        }
    }

    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        let random = SystemRandom::new();
        let signature = match &self.pair {
            Pair::Secret(key) => Ok(hmac::sign(key, message).as_ref().to_vec()),
            Pair::Es256(pair) => pair.sign(&random, message).map(|signature| signature.as_ref().to_vec()),
            Pair::EdDsa(pair) => pair.try_sign(message).map(|signature| signature.as_ref().to_vec()),
            Pair::Rs256(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).map(|()| signature)
            }
        };
        signature.map_err(|Unspecified| Error::Internal(format!("the key {} could not sign", self.id)))
    }
}

impl VerifyingKey {
    /// A secret for HMAC.
    pub fn secret(id: KeyId, secret: &[u8]) -> Self {
        let half = Half::Secret(Box::new(hmac::Key::new(hmac::HMAC_SHA256, secret)));
        Self { id, algorithm: Algorithm::Hs256, half }
    }

    /// The public half of a managed key. Errors: it is none, its name is not its thumbprint, or its algorithm another.
    pub fn public(key: &PublicKey) -> Result<Self> {
        let jwk: Jwk =
            serde_json::from_str(&key.jwk).map_err(|_| broken(key, "its public half is no JWK"))?;
        if jwk.canonical() != key.jwk || jwk.thumbprint() != key.id || jwk.algorithm() != Some(key.algorithm)
        {
            return Err(broken(key, "its public half, name and algorithm don't belong together"));
        }
        let parsed = parse(&jwk).ok_or_else(|| broken(key, "its public half is no key"))?;
        Ok(Self { id: key.id.clone(), algorithm: key.algorithm, half: Half::Public(parsed) })
    }

    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.half {
            Half::Secret(key) => hmac::verify(key, message, signature).is_ok(),
            Half::Public(key) => key.verify_sig(message, signature).is_ok(),
        }
    }
}

impl NewKey {
    /// A new pair. RSA has 2048 bits: that takes a good part of a second.
    pub fn generate(algorithm: Algorithm) -> Result<Self> {
        let (jwk, pkcs8) = match algorithm {
            Algorithm::Hs256 => None,
            Algorithm::Es256 => p256(),
            Algorithm::Rs256 => rsa(),
            Algorithm::EdDsa => ed25519(),
        }
        .ok_or_else(|| Error::Internal(format!("no key for {algorithm} could be made")))?;
        Ok(Self { id: jwk.thumbprint(), algorithm, jwk: jwk.canonical(), pkcs8 })
    }
}

fn p256() -> Option<(Jwk, Zeroizing<Vec<u8>>)> {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).ok()?;
    let pkcs8 = pair.to_pkcs8v1().ok()?;
    Some((Jwk::p256(pair.public_key().as_ref())?, secret_copy(pkcs8.as_ref())))
}

fn rsa() -> Option<(Jwk, Zeroizing<Vec<u8>>)> {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).ok()?;
    let pkcs8: Pkcs8V1Der = pair.as_der().ok()?;
    Some((rsa_jwk(&pair), secret_copy(pkcs8.as_ref())))
}

fn ed25519() -> Option<(Jwk, Zeroizing<Vec<u8>>)> {
    let pair = Ed25519KeyPair::generate().ok()?;
    let pkcs8 = pair.to_pkcs8v1().ok()?;
    Some((Jwk::ed25519(pair.public_key().as_ref()), secret_copy(pkcs8.as_ref())))
}

fn rsa_jwk(pair: &RsaKeyPair) -> Jwk {
    let public = pair.public_key();
    let (exponent, modulus) = (public.exponent(), public.modulus());
    Jwk::rsa(exponent.big_endian_without_leading_zero(), modulus.big_endian_without_leading_zero())
}

fn secret_copy(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(bytes.to_vec())
}

fn parse(jwk: &Jwk) -> Option<ParsedPublicKey> {
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).ok();
    match jwk {
        Jwk::Ec { x, y, .. } => {
            let point = [vec![4], bytes(x)?, bytes(y)?].concat();
            ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).ok()
        }
        Jwk::Okp { x, .. } => ParsedPublicKey::new(&ED25519, bytes(x)?).ok(),
        Jwk::Rsa { e, n } => {
            let components = RsaPublicKeyComponents { n: bytes(n)?, e: bytes(e)? };
            components.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256).ok()
        }
    }
}

fn broken(key: &PublicKey, why: &str) -> Error {
    Error::Internal(format!("the signing key {} is broken: {why}", key.id))
}
