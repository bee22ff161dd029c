//! `GET /.well-known/jwks.json` and `GET /.well-known/openid-configuration`: what other services need to verify access
//! tokens.

use std::time::Duration;

use lambda_http::Request;
use serde_json::json;
use shared::{
    app::VerifierApp,
    domain::{Algorithm, Role, Timestamp},
    error::{Error, Result},
    http::{Answer, Caller, NoFields, Reply, routes},
};

/// Answers a request that came at `now`.
pub async fn answer(app: &VerifierApp, request: Request, now: Timestamp) -> Answer {
    routes! { app, request, now;
        GET "/.well-known/jwks.json" => jwks,
        GET "/.well-known/openid-configuration" => discovery,
    }
}

/// How long everybody may keep both: with the hour for which we may keep keys ourselves, under the time for which a new
/// key is published before it signs (promise KY2).
const CACHED: Duration = Duration::from_secs(3600);

/// The rule: every key that signs, will sign, or signed a token that may live. None is secret, none is left out.
async fn jwks(app: &VerifierApp, _: NoFields, caller: Caller) -> Result<Reply> {
    let mut keys = app.keys(caller.now).await?;
    // Before the first login there is no key. Who kept that for as long as keys would refuse the first tokens.
    if keys.published(caller.now).is_empty()
        && let Some(newer) = app.newer_keys(&keys, caller.now).await?
    {
        keys = newer;
    }
    let set = keys.published(caller.now);
    let reply = Reply::ok(&set);
    Ok(if set.is_empty() { reply } else { reply.cached_for(CACHED) })
}

/// The rule: what leads from the issuer to its keys (OpenID Connect Discovery 1.0, 3; RFC 8414, 2). We are no provider of
/// OpenID: there is no page to send users to, so nothing is offered. The issuer is configuration, never a Host header.
async fn discovery(app: &VerifierApp, _: NoFields, caller: Caller) -> Result<Reply> {
    let issuer = &app.config.access_token.issuer;
    if app.config.algorithm == Algorithm::Hs256 {
        return Err(Error::NotFound(
            "document: a SECRET_KEY signs the tokens, and nobody else can verify them",
        ));
    }
    if !issuer.starts_with("https://") && !issuer.starts_with("http://") {
        return Err(Error::NotFound(
            "document: set TOKEN_ISSUER to the URL of this API, such as https://auth.example.com",
        ));
    }
    let keys = app.keys(caller.now).await?;
    let mut algorithms: Vec<_> = keys.managed().iter().map(|key| key.algorithm.as_str()).collect();
    algorithms.push(app.config.algorithm.as_str());
    algorithms.sort_unstable();
    algorithms.dedup();
    let document = json!({
        "issuer": issuer,
        "jwks_uri": format!("{}/.well-known/jwks.json", issuer.trim_end_matches('/')),
        "id_token_signing_alg_values_supported": algorithms,
        "subject_types_supported": ["public"],
        "response_types_supported": [],
        "grant_types_supported": [],
        "scopes_supported": [Role::Member, Role::Lead, Role::Admin],
        "claims_supported": ["iss", "aud", "sub", "client_id", "jti", "iat", "exp", "sid", "role", "scope"],
    });
    Ok(Reply::ok(&document).cached_for(CACHED))
}
