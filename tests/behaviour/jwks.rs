//! What is published for who verifies our tokens, and how long it may be kept.

use std::collections::BTreeSet;

use latchkey_tests::{
    call::Call,
    keys::kid,
    world::{PASSWORD, SECRET, World},
};
use serde_json::{Value, json};

const ISSUER: &str = "https://auth.example.com";
const DISCOVERY: &str = "/.well-known/openid-configuration";

async fn world_of(algorithm: &str, issuer: &str) -> World {
    World::with(&[("ALGORITHM", algorithm), ("TOKEN_ISSUER", issuer)]).await
}

fn members(object: &Value) -> BTreeSet<&str> {
    object.as_object().expect("an object").keys().map(String::as_str).collect()
}

// KY3 KY5
#[tokio::test(flavor = "multi_thread")]
async fn the_set_has_public_halves_alone_with_name_algorithm_and_use() {
    for (algorithm, kty, own) in [
        ("ES256", "EC", ["crv", "x", "y"].as_slice()),
        ("RS256", "RSA", &["e", "n"]),
        ("EdDSA", "OKP", &["crv", "x"]),
    ] {
        let world = world_of(algorithm, ISSUER).await;
        world.create_user("ada@example.com").await;
        let token = world.login("ada@example.com", PASSWORD).await.text("access_token").to_owned();
        let answer = world.jwks().await;
        assert_eq!((answer.status, members(&answer.body)), (200, BTreeSet::from(["keys"])));
        let [key] = answer.body["keys"].as_array().expect("a list").as_slice() else { panic!("one key") };
        let common = ["kty", "kid", "alg", "use"];
        assert_eq!(members(key), common.iter().chain(own).copied().collect(), "{algorithm}");
        assert_eq!((&key["kty"], &key["alg"], &key["use"]), (&json!(kty), &json!(algorithm), &json!("sig")));
        assert_eq!(key["kid"], kid(&token));
    }
}

// KY3
#[tokio::test(flavor = "multi_thread")]
async fn both_documents_may_be_kept_for_an_hour_and_a_refusal_not_at_all() {
    let world = world_of("ES256", ISSUER).await;
    for path in ["/.well-known/jwks.json", DISCOVERY] {
        let answer = world.send(Call::get(path)).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
        assert_eq!(answer.header("cache-control"), Some("public, max-age=3600"));
        // Nothing depends on who asks.
        let as_somebody = world.send(Call::get(path).bearer("nonsense")).await;
        assert_eq!(answer, as_somebody);
        for header in ["x-content-type-options", "strict-transport-security", "content-security-policy"] {
            assert!(answer.header(header).is_some(), "{header}");
        }
        let refused = world.send(Call::post(path, json!({}))).await;
        assert_eq!((refused.status, refused.header("allow")), (405, Some("GET, OPTIONS")));
        assert_eq!(refused.header("cache-control"), Some("no-store"));
    }
}

// KY3
#[tokio::test(flavor = "multi_thread")]
async fn discovery_leads_from_the_issuer_to_the_keys_whatever_host_was_asked() {
    for (issuer, jwks_uri) in [
        (ISSUER, "https://auth.example.com/.well-known/jwks.json"),
        ("https://example.com/auth/", "https://example.com/auth/.well-known/jwks.json"),
        ("http://localhost:9000", "http://localhost:9000/.well-known/jwks.json"),
    ] {
        let world = world_of("RS256", issuer).await;
        let call =
            Call::get(DISCOVERY).header("host", "evil.example").header("x-forwarded-host", "evil.example");
        let document = world.send(call).await.body;
        assert_eq!((&document["issuer"], &document["jwks_uri"]), (&json!(issuer), &json!(jwks_uri)));
        assert_eq!(document["id_token_signing_alg_values_supported"], json!(["RS256"]));
        assert!(!document.to_string().contains("evil"), "{document}");
    }
}

// KY3
#[tokio::test(flavor = "multi_thread")]
async fn without_a_url_as_issuer_there_is_a_set_and_no_discovery() {
    let world = World::new().await;
    assert_eq!(world.jwks().await.body["keys"].as_array().map(Vec::len), Some(1));
    let answer = world.send(Call::get(DISCOVERY)).await;
    let told = answer.text("detail");
    assert!(answer.status == 404 && told.contains("TOKEN_ISSUER"), "{answer:?}");
}

// KY3 AT1
#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_never_published() {
    let world = World::with(&[("SECRET_KEY", SECRET), ("TOKEN_ISSUER", ISSUER)]).await;
    assert_eq!(world.jwks().await.body, json!({ "keys": [] }));
    let answer = world.send(Call::get(DISCOVERY)).await;
    assert!(answer.status == 404 && answer.text("detail").contains("SECRET_KEY"), "{answer:?}");
}
