//! `POST /auth/login`.

use std::time::{Duration, Instant};

use aws_sdk_dynamodb::types::AttributeValue;
use latchkey_tests::{
    call::Call,
    proxy::{Fault, FaultKind},
    world::{OTHER_PASSWORD, PASSWORD, World, text},
};
use serde_json::json;
use shared::domain::{PasswordHash, Status};

// RT8
#[tokio::test(flavor = "multi_thread")]
async fn the_right_password_gets_a_pair_of_tokens_and_the_user() {
    let world = World::new().await;
    let user = world.create_user("ada@example.com").await;

    let answer = world.login("ada@example.com", PASSWORD).await;

    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.text("token_type"), "bearer");
    assert_eq!(answer.body["expires_in"], 900);
    assert_eq!(
        answer.body["user"],
        json!({
            "id": user.id, "email": "ada@example.com", "name": "Ada Lovelace", "role": "member", "status": "active",
            "created_at": "2027-01-15T08:00:00Z", "last_login": "2027-01-15T08:00:00Z",
        })
    );
    assert_eq!(answer.refresh_cookie(), None);
    assert_eq!(world.me(answer.text("access_token")).await.status, 200);
    assert_eq!(world.refresh(answer.text("refresh_token")).await.status, 200);
}

// RT8 RT6
#[tokio::test(flavor = "multi_thread")]
async fn with_cookie_delivery_the_refresh_token_is_in_the_cookie_and_in_no_body() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    let body = json!({ "email": "ada@example.com", "password": PASSWORD, "delivery": "cookie" });

    let answer = world.send(Call::post("/auth/login", body)).await;

    let token = answer.refresh_cookie().expect("a cookie");
    assert!(!answer.body.to_string().contains(token) && answer.body["refresh_token"].is_null());
    let cookie = answer.header("set-cookie").expect("a cookie");
    assert!(cookie.ends_with("; Path=/; Max-Age=604800; Secure; HttpOnly; SameSite=Strict"), "{cookie}");
    assert!(cookie.len() < 4096);
}

// LG1
#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_email_and_a_wrong_password_are_answered_alike() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;

    let wrong = world.login("ada@example.com", OTHER_PASSWORD).await;
    let unknown = world.login("eve@example.com", OTHER_PASSWORD).await;

    assert_eq!(wrong.refusal(), (401, "Incorrect email or password"));
    assert_eq!(wrong, unknown);
}

// LG9
#[tokio::test(flavor = "multi_thread")]
async fn spaces_around_an_email_and_its_case_do_not_matter() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    assert_eq!(world.login("  Ada@EXAMPLE.com ", PASSWORD).await.status, 200);
}

// PW4
#[tokio::test(flavor = "multi_thread")]
async fn the_password_counts_byte_for_byte() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    for other in [format!(" {PASSWORD}"), format!("{PASSWORD} "), PASSWORD.to_lowercase()] {
        assert_eq!(world.login("ada@example.com", &other).await.status, 401, "{other}");
    }
}

// LG7
#[tokio::test(flavor = "multi_thread")]
async fn an_inactive_user_is_told_so_only_with_the_right_password() {
    let world = World::new().await;
    world.create("ada@example.com", Status::Inactive, 10).await;

    let wrong = world.login("ada@example.com", OTHER_PASSWORD).await;
    let right = world.login("ada@example.com", PASSWORD).await;

    assert_eq!(wrong.refusal(), (401, "Incorrect email or password"));
    assert_eq!(right.refusal(), (403, "User account is inactive"));
    assert!(world.scan("Sessions").await.is_empty());
}

// LG10
#[tokio::test(flavor = "multi_thread")]
async fn every_login_begins_a_session_of_its_own_and_adopts_no_cookie() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    let first = world.login("ada@example.com", PASSWORD).await;
    let body = json!({ "email": "ada@example.com", "password": PASSWORD, "delivery": "cookie" });
    let cookie = format!("__Host-refresh_token={}", first.text("refresh_token"));

    let second = world.send(Call::post("/auth/login", body).cookie(&cookie)).await;

    assert_ne!(second.refresh_cookie().expect("a cookie"), first.text("refresh_token"));
    assert_eq!(world.scan("Sessions").await.len(), 2);
    assert_eq!(world.refresh(first.text("refresh_token")).await.status, 200);
}

// LG11
#[tokio::test(flavor = "multi_thread")]
async fn the_last_login_is_recorded() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    assert_eq!(text(&world.only("Users").await, "last_login"), "");
    world.login("ada@example.com", PASSWORD).await;
    assert_eq!(text(&world.only("Users").await, "last_login"), world.now.epoch_seconds().to_string());
}

// PW8
#[tokio::test(flavor = "multi_thread")]
async fn a_hash_of_a_lower_cost_is_renewed_at_the_next_login() {
    let world = World::with(&[("BCRYPT_COST", "11")]).await;
    world.create("ada@example.com", Status::Active, 10).await;
    let hash = async || text(&world.only("Credentials").await, "password_hash");
    assert!(hash().await.starts_with("$2b$10$"));

    assert_eq!(world.login("ada@example.com", OTHER_PASSWORD).await.status, 401);
    assert!(hash().await.starts_with("$2b$10$"), "a wrong password renews nothing");
    assert_eq!(world.login("ada@example.com", PASSWORD).await.status, 200);

    assert!(hash().await.starts_with("$2b$11$"));
    assert_eq!(world.login("ada@example.com", PASSWORD).await.status, 200);
}

// PW9
#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_stored_hash_is_a_wrong_password_and_no_crash() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    for junk in ["junk", "", "$2b$12$tooshort", "éééééééééééééééééééééééééééééé"]
    {
        let junk = AttributeValue::S(junk.to_owned());
        world.set("Credentials", &[("email", "ada@example.com")], "password_hash", junk).await;
        let answer = world.login("ada@example.com", PASSWORD).await;
        assert_eq!(answer.refusal(), (401, "Incorrect email or password"));
    }
}

// RT5
#[tokio::test(flavor = "multi_thread")]
async fn nothing_in_the_tables_can_be_replayed_as_a_token_or_read_as_a_password() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    let answer = world.login("ada@example.com", PASSWORD).await;
    let stored = world.everything().await.to_string();
    for secret in [answer.text("refresh_token"), answer.text("access_token"), PASSWORD] {
        assert!(!stored.contains(secret));
        assert!(!secret.contains('.') || !stored.contains(secret.rsplit('.').next().expect("a signature")));
    }
}

// LG2
#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_email_pays_for_a_bcrypt_too() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    world.login("warm-up@example.com", OTHER_PASSWORD).await;
    // The fastest of four: other programs can make a login slower, and none makes it faster than its bcrypt.
    let fastest = async |email: &str| {
        let mut fastest = Duration::MAX;
        for _ in 0..4 {
            let began = Instant::now();
            assert_eq!(world.login(email, OTHER_PASSWORD).await.status, 401);
            fastest = fastest.min(began.elapsed());
        }
        fastest
    };
    let (wrong, unknown) = (fastest("ada@example.com").await, fastest("eve@example.com").await);
    assert!(unknown > wrong / 2, "{unknown:?} for an unknown e-mail, {wrong:?} for a wrong password");
}

// PW8
#[tokio::test(flavor = "multi_thread")]
async fn a_renewed_hash_never_replaces_a_newer_password() {
    let world = World::new().await;
    let user = world.create_user("ada@example.com").await;
    let before = world.only("Credentials").await;
    let late = PasswordHash::from_stored("$2b$12$of-an-older-password".to_owned());
    world.app.store.credentials.rehash(&user.email, user.id, 7, &late).await.expect("answers");
    assert_eq!(world.only("Credentials").await, before);
}

// PW8
#[tokio::test(flavor = "multi_thread")]
async fn a_hash_that_can_not_be_renewed_now_does_not_fail_the_login() {
    let world = World::with(&[("BCRYPT_COST", "11")]).await;
    world.create("ada@example.com", Status::Active, 10).await;
    let (action, table, kind) = ("UpdateItem", "Credentials", FaultKind::Broken);
    world.proxy.break_calls(Fault { action, table, kind, times: 100 });
    assert_eq!(world.login("ada@example.com", PASSWORD).await.status, 200);
}

// LG7
#[tokio::test(flavor = "multi_thread")]
async fn the_right_password_of_an_inactive_user_is_no_failure() {
    let world = World::new().await;
    world.create("ada@example.com", Status::Inactive, 10).await;
    for _ in 0..7 {
        assert_eq!(
            world.login("ada@example.com", PASSWORD).await.refusal(),
            (403, "User account is inactive")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_was_replaced_while_it_was_checked_signs_nobody_in() {
    let world = World::new().await;
    let user = world.create_user("ada@example.com").await;
    // As if a reset had been committed between the read of the hash and the read of the user.
    let moved = AttributeValue::N("2".to_owned());
    world.set("Users", &[("user_id", &user.id.to_string())], "password_version", moved).await;

    assert_eq!(
        world.login("ada@example.com", PASSWORD).await.refusal(),
        (401, "Incorrect email or password")
    );
    assert!(world.scan("Sessions").await.is_empty());
}
