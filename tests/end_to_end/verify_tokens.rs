//! docs/verify-tokens: what we tell services to verify tokens with.

use jsonwebtoken::Algorithm;
use latchkey_tests::stage::{EMAIL, PASSWORD, Stage};
use verify::{Error, Verifier};

#[path = "../../docs/verify-tokens/verify.rs"]
mod verify;

fn root(stage: &Stage) -> &str {
    stage.api.trim_end_matches("/api/v1")
}

fn verifier(stage: &Stage, audience: &str, algorithm: Algorithm) -> Verifier {
    let issuer = root(stage);
    Verifier::new(&format!("{issuer}/.well-known/jwks.json"), issuer, audience, algorithm)
}

// AT1 AT2 AT3
#[tokio::test(flavor = "multi_thread")]
async fn the_rust_of_the_documents_takes_our_access_tokens_and_no_others() {
    for (name, algorithm, other) in [
        ("ES256", Algorithm::ES256, Algorithm::RS256),
        ("RS256", Algorithm::RS256, Algorithm::ES256),
        ("EdDSA", Algorithm::EdDSA, Algorithm::ES256),
    ] {
        let stage = Stage::with(&[("ALGORITHM", name)]).await;
        let login = stage.login(EMAIL, PASSWORD).await;
        let token = login.text("access_token");
        let ours = verifier(&stage, "latchkey", algorithm);
        let claims = ours.verify(token).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((claims.sub.as_str(), claims.role.as_str()), (&*id(&login.body), "admin"));
        assert!(!claims.sid.is_empty());

        let (start, signature) = token.rsplit_once('.').expect("a signature");
        let reversed = format!("{start}.{}", signature.chars().rev().collect::<String>());
        for bad in ["", "a.b.c", login.text("refresh_token"), &reversed, &token[..token.len() - 1]] {
            assert!(matches!(ours.verify(bad).await, Err(Error::Refused(_))), "{name}: {bad}");
        }
        for other in [verifier(&stage, "another", algorithm), verifier(&stage, "latchkey", other)] {
            assert!(matches!(other.verify(token).await, Err(Error::Refused(_))), "{name}");
        }
    }
}

fn id(login: &serde_json::Value) -> String {
    login["user"]["id"].as_str().expect("an id").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_can_not_be_fetched_say_nothing_about_a_token() {
    let stage = Stage::start().await;
    let token = stage.login(EMAIL, PASSWORD).await.text("access_token").to_owned();
    let elsewhere = format!("{}/nowhere.json", root(&stage));
    for url in ["http://127.0.0.1:9/jwks.json", &elsewhere] {
        let verifier = Verifier::new(url, root(&stage), "latchkey", Algorithm::ES256);
        assert!(matches!(verifier.verify(&token).await, Err(Error::Unavailable(_))), "{url}");
    }
}
