//! Verifies an access token of Latchkey in a service of your own. Dependencies: jsonwebtoken 11 (feature `aws_lc_rs`),
//! reqwest 0.13 (feature `json`), serde (feature `derive`), tokio (feature `sync`).

use std::time::{Duration, Instant};

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, errors, jwk::JwkSet};
use serde::Deserialize;
use tokio::sync::Mutex;

/// What a token says of its bearer.
#[derive(Clone, Debug, Deserialize)]
pub struct Claims {
    /// The user's id.
    pub sub: String,
    /// The role when the token was made: `member`, `lead` or `admin`.
    pub role: String,
    /// The session's id.
    pub sid: String,
    #[serde(rename = "type")]
    kind: String,
}

/// Why there are no claims.
#[derive(Debug)]
pub enum Error {
    /// The token is no good: answer 401.
    Refused(String),
    /// The keys can't be fetched: answer 503.
    Unavailable(reqwest::Error),
}

/// Verifies tokens. Make one, and keep it: it remembers the keys.
pub struct Verifier {
    http: reqwest::Client,
    jwks_url: String,
    algorithm: Algorithm,
    validation: Validation,
    keys: Mutex<Option<(JwkSet, Instant)>>,
}

/// As long as Latchkey promises that keys may be remembered.
const FRESH: Duration = Duration::from_secs(3600);
/// Anybody can name an unknown key: it is looked for no more often.
const PAUSE: Duration = Duration::from_secs(30);
const PATIENCE: Duration = Duration::from_secs(5);

impl Verifier {
    /// For the stack's `TokenIssuer`, `TokenAudience` and `SigningAlgorithm`; never what a token's header says.
    pub fn new(jwks_url: &str, issuer: &str, audience: &str, algorithm: Algorithm) -> Self {
        let mut validation = Validation::new(algorithm);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
        validation.leeway = 5;
        let http = reqwest::Client::builder().timeout(PATIENCE).build().expect("a client");
        Self { http, jwks_url: jwks_url.to_owned(), algorithm, validation, keys: Mutex::new(None) }
    }

    /// The claims of a token.
    pub async fn verify(&self, token: &str) -> Result<Claims, Error> {
        let header = decode_header(token)?;
        if header.typ.as_deref() != Some("at+jwt") || header.alg != self.algorithm {
            return Err(Error::Refused("this is no access token".to_owned()));
        }
        let key = self.key(&header.kid.unwrap_or_default()).await?;
        let claims = decode::<Claims>(token, &key, &self.validation)?.claims;
        if claims.kind == "access" {
            Ok(claims)
        } else {
            Err(Error::Refused("this is no access token".to_owned()))
        }
    }

    async fn key(&self, kid: &str) -> Result<DecodingKey, Error> {
        let mut keys = self.keys.lock().await;
        let known = keys.as_ref().filter(|(_, at)| at.elapsed() < FRESH);
        let is_looked_for =
            known.is_none_or(|(known, at)| known.find(kid).is_none() && at.elapsed() >= PAUSE);
        if is_looked_for {
            let answer = self.http.get(&self.jwks_url).send().await;
            let answer = answer.and_then(reqwest::Response::error_for_status).map_err(Error::Unavailable)?;
            *keys = Some((answer.json().await.map_err(Error::Unavailable)?, Instant::now()));
        }
        let found = keys.as_ref().and_then(|(known, _)| known.find(kid));
        let found = found.ok_or_else(|| Error::Refused("signed by an unknown key".to_owned()))?;
        Ok(DecodingKey::from_jwk(found)?)
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(why) => write!(f, "refused: {why}"),
            Self::Unavailable(error) => write!(f, "the keys can't be fetched: {error}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<errors::Error> for Error {
    fn from(error: errors::Error) -> Self {
        Self::Refused(error.to_string())
    }
}
