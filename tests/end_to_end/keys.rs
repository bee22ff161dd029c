//! Keys of the real binaries: made by whichever process is first, published at the root, rotated by the daily event.

use std::{collections::BTreeSet, sync::Arc};

use futures::future::{join, join_all};
use latchkey_local::{function::Function, launch::launches, template::Template};
use latchkey_tests::{
    keys::{kid, kids},
    stage::{EMAIL, PASSWORD, Stage, binary},
};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::watch;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

// KY1
#[tokio::test(flavor = "multi_thread")]
async fn many_processes_that_start_at_once_make_one_key() {
    // Ten logins at once are ten attempts until they were right.
    let stage = Stage::with(&[("LOCKOUT_ATTEMPTS", "50")]).await;
    let (login, nothing) =
        (json!({ "email": EMAIL, "password": PASSWORD }), json!({ "refresh_token": "none" }));
    let (logins, refreshes) = join(
        join_all((0..10).map(|_| stage.post_patiently("/auth/login", login.clone()))),
        join_all((0..10).map(|_| stage.post_patiently("/auth/refresh", nothing.clone()))),
    )
    .await;
    assert!(refreshes.iter().all(|answer| answer.status == 401), "{refreshes:?}");
    let signed_by: BTreeSet<_> = logins.iter().map(|login| kid(login.text("access_token"))).collect();
    let starts = stage.log().iter().filter(|line| line.contains("cold")).count();
    assert!(starts >= 4, "several processes started: {starts}");
    assert_eq!(signed_by.into_iter().collect::<Vec<_>>(), kids(&stage.page("/.well-known/jwks.json").await));
    for login in &logins {
        assert_eq!(stage.me(login.text("access_token")).await.status, 200);
        let body = json!({ "refresh_token": login.text("refresh_token") });
        assert_eq!(stage.post("/auth/refresh", body).await.status, 200);
    }
}

// KY3 OP4
#[tokio::test(flavor = "multi_thread")]
async fn the_documents_lie_at_the_root_and_a_front_end_may_read_them() {
    let stage = Stage::with(&[("ALLOWED_ORIGINS", "https://app.example.com")]).await;
    stage.login(EMAIL, PASSWORD).await;
    for path in ["/.well-known/jwks.json", "/.well-known/openid-configuration"] {
        let headers = [("origin", "https://app.example.com")];
        let answer = stage.send_at_root(Method::GET, path, &headers).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("cache-control"), Some("public, max-age=3600"));
        assert_eq!(answer.header("access-control-allow-origin"), Some("https://app.example.com"));
        assert_eq!(stage.send(Method::GET, path, &[], "").await.status, 404, "not under /api/v1");
    }
    let root = stage.api.trim_end_matches("/api/v1");
    let document = stage.page("/.well-known/openid-configuration").await;
    assert_eq!(document["jwks_uri"], format!("{root}/.well-known/jwks.json"));
}

// KY2
#[tokio::test(flavor = "multi_thread")]
async fn the_daily_event_makes_the_next_key_and_running_functions_publish_it() {
    let stage = Stage::start().await;
    let token = stage.login(EMAIL, PASSWORD).await.text("access_token").to_owned();
    // Wanted is another algorithm than the one that there is: that is reason enough.
    let (_running, stopping) = watch::channel(false);
    let rotate = rotate(&stage, "RS256", stopping);
    let event = include_str!("../../events/rotate.json");
    for _ in 0..2 {
        let invoked = rotate.invoke(event.into()).await;
        assert_eq!(invoked.outcome.expect("it answers").as_ref(), b"null");
    }
    rotate.stop().await;
    let set = stage.page("/.well-known/jwks.json").await;
    let of = |algorithm: &str| {
        let keys = set["keys"].as_array().expect("keys").iter().filter(|key| key["alg"] == algorithm);
        keys.map(|key| key["kid"].clone()).collect::<Vec<Value>>()
    };
    assert_eq!(of("ES256"), [json!(kid(&token))]);
    assert_eq!(of("RS256").len(), 1, "one, though it was called twice");
    assert_eq!(stage.me(&token).await.status, 200);
    let again = stage.login(EMAIL, PASSWORD).await;
    assert_eq!(kid(again.text("access_token")), kid(&token), "the new one does not sign yet");
}

// AT1
#[tokio::test(flavor = "multi_thread")]
async fn a_secret_in_the_environment_signs_all_and_publishes_nothing() {
    let stage = Stage::with(&[("SECRET_KEY", SECRET)]).await;
    let pair = stage.login(EMAIL, PASSWORD).await;
    assert_eq!(kid(pair.text("access_token")), "secret");
    assert_eq!(stage.me(pair.text("access_token")).await.status, 200);
    let body = json!({ "refresh_token": pair.text("refresh_token") });
    assert_eq!(stage.post("/auth/refresh", body).await.status, 200);
    assert_eq!(stage.page("/.well-known/jwks.json").await, json!({ "keys": [] }));
}

/// The function `rotate` on the stage's tables, as its schedule calls it.
fn rotate(stage: &Stage, algorithm: &str, stopping: watch::Receiver<bool>) -> Arc<Function> {
    let template = Template::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../template.yaml"));
    let template =
        template.expect("template.yaml").with_local_values(9000).with("SigningAlgorithm", algorithm);
    let endpoints = [("AWS_ENDPOINT_URL_DYNAMODB", stage.dynamodb.clone())];
    let program = binary("rotate");
    let binaries = program.parent().expect("a folder");
    let launches = launches(&template, binaries, &endpoints, &stopping).expect("all are built");
    let (spec, launch) = launches.into_iter().find(|(spec, _)| spec.name == "rotate").expect("rotate");
    Arc::new(Function::new(spec, launch, 1))
}
