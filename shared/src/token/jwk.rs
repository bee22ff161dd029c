//! Public keys as JSON (RFC 7517, 7518, 8037), and their names (RFC 7638).

use aws_lc_rs::digest;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;

use crate::domain::{Algorithm, KeyId};

/// The public half of a key: the members that its type requires, and no other.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "kty", deny_unknown_fields)]
pub(super) enum Jwk {
    /// A point of a curve.
    #[serde(rename = "EC")]
    Ec { crv: String, x: String, y: String },
    /// A key of Ed25519.
    #[serde(rename = "OKP")]
    Okp { crv: String, x: String },
    /// Exponent and modulus.
    #[serde(rename = "RSA")]
    Rsa { e: String, n: String },
}

impl Jwk {
    /// Of the bytes of an uncompressed point: 4, x, y.
    pub fn p256(point: &[u8]) -> Option<Self> {
        let (&[4], coordinates) = point.split_first_chunk()? else { return None };
        let (x, y) = coordinates.split_at_checked(32)?;
        (y.len() == 32).then(|| Self::Ec { crv: "P-256".to_owned(), x: encode(x), y: encode(y) })
    }

    /// Of the 32 bytes of the key.
    pub fn ed25519(key: &[u8]) -> Self {
        Self::Okp { crv: "Ed25519".to_owned(), x: encode(key) }
    }

    /// Of the numbers, big-endian without leading zeros.
    pub fn rsa(exponent: &[u8], modulus: &[u8]) -> Self {
        Self::Rsa { e: encode(exponent), n: encode(modulus) }
    }

    /// The one algorithm that a key of this type and curve is for, if it is one of ours.
    pub fn algorithm(&self) -> Option<Algorithm> {
        match self {
            Self::Ec { crv, .. } if crv == "P-256" => Some(Algorithm::Es256),
            Self::Okp { crv, .. } if crv == "Ed25519" => Some(Algorithm::EdDsa),
            Self::Rsa { .. } => Some(Algorithm::Rs256),
            Self::Ec { .. } | Self::Okp { .. } => None,
        }
    }

    /// The one spelling that is hashed and stored: members in the order of their names, no spaces (RFC 7638, 3).
    pub fn canonical(&self) -> String {
        match self {
            Self::Ec { crv, x, y } => format!(r#"{{"crv":"{crv}","kty":"EC","x":"{x}","y":"{y}"}}"#),
            Self::Okp { crv, x } => format!(r#"{{"crv":"{crv}","kty":"OKP","x":"{x}"}}"#),
            Self::Rsa { e, n } => format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#),
        }
    }

    /// Its name.
    pub fn thumbprint(&self) -> KeyId {
        let hash = digest::digest(&digest::SHA256, self.canonical().as_bytes());
        encode(hash.as_ref()).parse().expect("base64url is a name")
    }
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    // KY1: the examples of RFC 7638, 3.1, and RFC 8037, A.3.
    #[test]
    fn a_keys_name_is_its_thumbprint() {
        let rsa = concat!(
            "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRX",
            "jBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSq",
            "zs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHa",
            "Q-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
        );
        let rsa = Jwk::Rsa { e: "AQAB".to_owned(), n: rsa.to_owned() };
        assert_eq!(rsa.thumbprint().as_str(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo".to_owned();
        let okp = Jwk::Okp { crv: "Ed25519".to_owned(), x };
        assert_eq!(okp.thumbprint().as_str(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn what_is_stored_is_read_again_and_nothing_more() {
        let key = Jwk::ed25519(&[7; 32]);
        assert_eq!(serde_json::from_str::<Jwk>(&key.canonical()).expect("a JWK"), key);
        for other in [
            r#"{"crv":"Ed25519","kty":"OKP","x":"AA","d":"AA"}"#,
            r#"{"kty":"oct","k":"AA"}"#,
            r#"{"crv":"P-256","kty":"EC","x":"AA"}"#,
            "{}",
        ] {
            assert!(serde_json::from_str::<Jwk>(other).is_err(), "{other}");
        }
        assert_eq!(Jwk::p256(&[4; 64]), None);
        assert_eq!(Jwk::p256(&[3; 65]), None);
        assert!(Jwk::p256(&[4; 65]).is_some_and(|key| key.algorithm() == Some(Algorithm::Es256)));
    }
}
