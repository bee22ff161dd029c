//! The first key: made by whoever signs first, and once.

use std::{collections::BTreeSet, time::Duration};

use futures::future::join_all;
use latchkey_tests::{
    call::Call,
    keys::kid,
    look::text,
    world::{PASSWORD, World},
};
use serde_json::json;
use shared::{
    domain::{Role, SessionId, User},
    token::{AccessVerifier, Tokens},
};

const ADA: &str = "ada@example.com";

// KY1
#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_parallel_cold_starts_make_one_key() {
    let world = World::not_started(&[]).await;
    let user = User::new(ADA.parse().expect("valid"), None, Role::Member, world.now);
    let functions = ["login", "refresh", "account"].into_iter().cycle().take(200);
    let instances: Vec<_> = functions.map(|function| world.instance::<Tokens>(function)).collect();

    let keys = join_all(instances.iter().map(|instance| instance.keys(world.now))).await;
    let keys: Vec<_> = keys.into_iter().map(|keys| keys.expect("every one of them starts")).collect();

    for part in ["public", "private", "session"] {
        assert_eq!(world.key_rows(part).await.len(), 1, "{part}");
    }
    let tokens = keys.iter().map(|keys| {
        let minted = keys.mint_access(&user, SessionId::generate(), user.generation, world.now);
        minted.expect("signs").text.to_string()
    });
    let tokens: Vec<_> = tokens.collect();
    let signed_by: BTreeSet<_> = tokens.iter().map(|token| kid(token)).collect();
    assert_eq!(signed_by.into_iter().collect::<Vec<_>>(), world.published().await);
    let verifier = world.instance::<AccessVerifier>("me");
    for token in &tokens {
        assert!(verifier.verify_access(token, world.now).await.is_ok());
    }
    // And it is told once.
    let audit = world.scan("Audit").await;
    let told: BTreeSet<_> = audit.iter().map(|row| text(row, "key_id")).collect();
    assert_eq!((audit.len(), told.len()), (2, 2), "{audit:?}");
    assert!(audit.iter().all(|row| text(row, "event") == "create_key" && text(row, "reason") == "first_use"));
}

// KY1
#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_is_the_same_whichever_instance_makes_it() {
    let world = World::new().await;
    world.create_user(ADA).await;
    let token = world.login(ADA, PASSWORD).await.text("refresh_token").to_owned();
    let instances: Vec<_> = (0..8).map(|_| world.instance::<Tokens>("refresh")).collect();
    let answers = join_all(instances.iter().map(|instance| world.refresh_at(instance, &token))).await;
    let successors: BTreeSet<_> = answers.iter().map(|answer| answer.text("refresh_token")).collect();
    assert!(answers.iter().all(|answer| answer.status == 200) && successors.len() == 1, "{answers:?}");
}

// KY1 KY5
#[tokio::test(flavor = "multi_thread")]
async fn who_only_verifies_makes_no_key_and_without_one_no_token_is_good() {
    let world = World::not_started(&[]).await;
    let token = World::new().await.with_token(ADA, Role::Admin).await.1;
    for line in ["GET /users/me", "GET /auth/sessions", "GET /admin/users"] {
        assert_eq!(world.ask(&token, line, serde_json::Value::Null).await.status, 401, "{line}");
    }
    let body = json!({ "refresh_token": token, "everywhere": true });
    assert_eq!(world.send(Call::post("/auth/logout", body)).await.status, 401);
    let jwks = world.jwks().await;
    assert_eq!((jwks.status, &jwks.body), (200, &json!({ "keys": [] })));
    assert_eq!(jwks.header("cache-control"), Some("no-store"), "there may be one a moment later");
    assert_eq!(world.turn().await, rotate::Turn::default());
    assert_eq!(world.scan("SigningKeys").await.len(), 0);
}

// KY1 KY3
#[tokio::test(flavor = "multi_thread")]
async fn the_first_key_is_published_within_half_a_minute_though_there_was_none_when_keys_were_read() {
    let mut world = World::not_started(&[]).await;
    world.create_user(ADA).await;
    assert_eq!(world.jwks().await.body, json!({ "keys": [] }));
    let token = world.login(ADA, PASSWORD).await.text("access_token").to_owned();
    world.pass(Duration::from_secs(30));
    assert_eq!(world.published().await, [kid(&token)]);
}

// KY1
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_part_is_made_again_and_the_other_kept() {
    for (lost, kept) in [("session", "public"), ("public", "session")] {
        let world = World::new().await;
        let before = world.key_rows(kept).await;
        world.lose_keys(lost).await;
        if lost == "public" {
            world.lose_keys("private").await;
        }
        world.instance::<Tokens>("login").keys(world.now).await.expect("keys");
        assert_eq!(world.key_rows(lost).await.len(), 1, "{lost}");
        assert_eq!(world.key_rows(kept).await, before, "{kept}");
    }
}
