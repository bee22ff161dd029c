//! The rules of API Gateway's own JWT authorizer for HTTP APIs, as AWS documents them ("Control access to HTTP APIs with
//! JWT authorizers"), walked with our tokens and documents.

use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::Jwk};
use latchkey_tests::{
    keys::part,
    stage::{EMAIL, PASSWORD, Stage},
};
use serde_json::{Value, json};
use shared::domain::Timestamp;

/// An authorizer as a team configures it, and the scopes of one of its routes.
struct Authorizer<'a> {
    issuer: &'a str,
    audience: &'a [&'a str],
    scopes: &'a [&'a str],
}

impl Authorizer<'_> {
    /// The claims, or the rule that was broken.
    async fn authorize(&self, stage: &Stage, header: &str, now: Timestamp) -> Result<Value, &'static str> {
        // The token alone, or behind Bearer.
        let token = header.strip_prefix("Bearer ").unwrap_or(header);
        let (head, claims) = (part(token, 0), part(token, 1));
        // Only RSA-based algorithms are supported; the key comes from the issuer's jwks_uri.
        let algorithm: Algorithm =
            head["alg"].as_str().and_then(|word| word.parse().ok()).ok_or("algorithm")?;
        if ![Algorithm::RS256, Algorithm::RS384, Algorithm::RS512].contains(&algorithm) {
            return Err("algorithm");
        }
        let keys = self.keys(stage).await?;
        let key = keys.iter().find(|key| key["kid"] == head["kid"]).ok_or("kid")?;
        let jwk: Jwk = serde_json::from_value(key.clone()).map_err(|_| "key")?;
        let mut signature_alone = Validation::new(algorithm);
        (signature_alone.validate_exp, signature_alone.validate_aud) = (false, false);
        signature_alone.required_spec_claims.clear();
        let key = DecodingKey::from_jwk(&jwk).map_err(|_| "key")?;
        jsonwebtoken::decode::<Value>(token, &key, &signature_alone).map_err(|_| "signature")?;
        self.judge(&claims, now.epoch_seconds())?;
        Ok(claims)
    }

    /// What the issuer's discovery document leads to.
    async fn keys(&self, stage: &Stage) -> Result<Vec<Value>, &'static str> {
        let base = stage.api.trim_end_matches("/api/v1");
        if self.issuer != base {
            return Err("issuer");
        }
        let document = stage.page("/.well-known/openid-configuration").await;
        if document["issuer"] != self.issuer {
            return Err("discovery");
        }
        let path = document["jwks_uri"].as_str().and_then(|uri| uri.strip_prefix(base)).ok_or("jwks_uri")?;
        Ok(stage.page(path).await["keys"].as_array().cloned().unwrap_or_default())
    }

    fn judge(&self, claims: &Value, now: i64) -> Result<(), &'static str> {
        let has = |value: &Value| self.audience.iter().any(|audience| value == audience);
        let in_audience = match &claims["aud"] {
            // client_id is looked at only if there is no aud.
            Value::Null => has(&claims["client_id"]),
            Value::Array(several) => several.iter().any(has),
            one => has(one),
        };
        let time = |name: &str| claims[name].as_i64();
        let scope = claims.get("scope").or(claims.get("scp")).and_then(Value::as_str).unwrap_or_default();
        let has_scope = scope.split(' ').any(|word| self.scopes.contains(&word));
        let rules = [
            (claims["iss"] == self.issuer, "iss"),
            (in_audience, "aud"),
            (time("exp").is_some_and(|exp| exp > now), "exp"),
            (claims.get("nbf").is_none() || time("nbf").is_some_and(|nbf| nbf <= now), "nbf"),
            (claims.get("iat").is_none() || time("iat").is_some_and(|iat| iat <= now), "iat"),
            (self.scopes.is_empty() || has_scope, "scope"),
        ];
        rules.into_iter().find(|(holds, _)| !holds).map_or(Ok(()), |(_, rule)| Err(rule))
    }
}

// KY3 AT2
#[tokio::test(flavor = "multi_thread")]
async fn api_gateways_jwt_authorizer_takes_our_rsa_tokens_by_each_of_its_rules() {
    let stage = Stage::with(&[("ALGORITHM", "RS256")]).await;
    let issuer = stage.api.trim_end_matches("/api/v1").to_owned();
    let token = stage.login(EMAIL, PASSWORD).await.text("access_token").to_owned();
    let now = Timestamp::now();
    let ours = Authorizer { issuer: &issuer, audience: &["other", "latchkey"], scopes: &["lead", "admin"] };
    for header in [token.clone(), format!("Bearer {token}")] {
        let claims = ours.authorize(&stage, &header, now).await.expect("authorized");
        assert_eq!(claims["sub"], stage.me(&token).await.body["id"]);
    }
    // No claim of the list is there in a form that it could stumble over.
    let claims = part(&token, 1);
    assert!(claims.get("nbf").is_none() && claims["aud"].is_string() && claims["scope"] == json!("admin"));

    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    for (authorizer, at, broken) in [
        (Authorizer { audience: &["other"], ..ours }, now, "aud"),
        (Authorizer { scopes: &["member"], ..ours }, now, "scope"),
        (Authorizer { issuer: "https://other.example", ..ours }, now, "issuer"),
        (Authorizer { scopes: &[], ..ours }, now + minutes(16), "exp"),
        (Authorizer { scopes: &[], ..ours }, now - minutes(1), "iat"),
    ] {
        assert_eq!(authorizer.authorize(&stage, &token, at).await, Err(broken));
    }
    let other = Stage::with(&[("ALGORITHM", "RS256"), ("TOKEN_ISSUER", &issuer)]).await;
    let foreign = other.login(EMAIL, PASSWORD).await.text("access_token").to_owned();
    assert_eq!(ours.authorize(&stage, &foreign, now).await, Err("kid"));
    let (signed, _) = token.rsplit_once('.').expect("a signature");
    let (_, signature) = foreign.rsplit_once('.').expect("a signature");
    assert_eq!(ours.authorize(&stage, &format!("{signed}.{signature}"), now).await, Err("signature"));
}

// KY3
#[tokio::test(flavor = "multi_thread")]
async fn it_takes_no_other_algorithm_which_is_why_rs256_can_be_chosen() {
    let stage = Stage::start().await;
    let issuer = stage.api.trim_end_matches("/api/v1").to_owned();
    let token = stage.login(EMAIL, PASSWORD).await.text("access_token").to_owned();
    let authorizer = Authorizer { issuer: &issuer, audience: &["latchkey"], scopes: &[] };
    assert_eq!(authorizer.authorize(&stage, &token, Timestamp::now()).await, Err("algorithm"));
}
