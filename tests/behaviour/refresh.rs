//! `POST /auth/refresh`: rotation, grace and the end of sessions.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use latchkey_tests::{
    call::Call,
    world::{PASSWORD, World, text},
};
use serde_json::json;
use shared::domain::Status;

const REFUSED: (u16, &str) = (401, "Invalid refresh token");
const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_secs(86_400);

async fn world_with_token() -> (World, String) {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    let token = world.login("ada@example.com", PASSWORD).await.text("refresh_token").to_owned();
    (world, token)
}

// RT1
#[tokio::test(flavor = "multi_thread")]
async fn every_refresh_gives_a_new_pair_and_the_new_token_works() {
    let (mut world, mut token) = world_with_token().await;
    for counter in 1..=5 {
        world.pass(60 * SECOND);
        let answer = world.refresh(&token).await;
        assert_eq!((answer.status, answer.text("token_type")), (200, "bearer"));
        assert_eq!(answer.body["expires_in"], 900);
        assert_eq!(world.me(answer.text("access_token")).await.status, 200);
        assert_ne!(answer.text("refresh_token"), token);
        assert_eq!(text(&world.only("Sessions").await, "counter"), counter.to_string());
        token = answer.text("refresh_token").to_owned();
    }
}

// RT1
#[tokio::test(flavor = "multi_thread")]
async fn a_token_used_again_after_the_grace_ends_the_session_for_both_holders() {
    let (mut world, stolen) = world_with_token().await;
    let next = world.refresh(&stolen).await.text("refresh_token").to_owned();
    world.pass(11 * SECOND);

    assert_eq!(world.refresh(&stolen).await.refusal(), REFUSED);
    assert_eq!(world.refresh(&next).await.refusal(), REFUSED);
    assert!(world.scan("Sessions").await.is_empty());
}

// RT1
#[tokio::test(flavor = "multi_thread")]
async fn a_token_two_behind_ends_the_session_even_within_the_grace() {
    let (mut world, first) = world_with_token().await;
    let second = world.refresh(&first).await.text("refresh_token").to_owned();
    world.pass(11 * SECOND);
    let third = world.refresh(&second).await.text("refresh_token").to_owned();

    assert_eq!(world.refresh(&first).await.refusal(), REFUSED);
    assert_eq!(world.refresh(&third).await.refusal(), REFUSED);
}

// RT2
#[tokio::test(flavor = "multi_thread")]
async fn within_ten_seconds_the_same_token_gets_the_same_successor() {
    let (mut world, token) = world_with_token().await;
    let first = world.refresh(&token).await;
    for _ in 0..5 {
        world.pass(2 * SECOND);
        let again = world.refresh(&token).await;
        assert_eq!(again.status, 200);
        assert_eq!(again.text("refresh_token"), first.text("refresh_token"));
        assert_eq!(world.me(again.text("access_token")).await.status, 200);
    }
    assert_eq!(text(&world.only("Sessions").await, "counter"), "1");
    world.pass(SECOND);
    assert_eq!(world.refresh(&token).await.refusal(), REFUSED);
}

// RT2
#[tokio::test(flavor = "multi_thread")]
async fn tabs_that_overlap_never_leave_one_of_them_two_behind() {
    let (mut world, first) = world_with_token().await;
    let second = world.refresh(&first).await.text("refresh_token").to_owned();
    // One tab has the new token already, another sent the old one a moment ago.
    for token in [&second, &first, &second, &second, &first] {
        let answer = world.refresh(token).await;
        assert_eq!((answer.status, answer.text("refresh_token")), (200, second.as_str()));
        assert_eq!(world.me(answer.text("access_token")).await.status, 200);
    }
    assert_eq!(text(&world.only("Sessions").await, "counter"), "1");

    world.pass(11 * SECOND);
    assert_ne!(world.refresh(&second).await.text("refresh_token"), second, "the next rotation");
    world.pass(11 * SECOND);
    assert_eq!(world.refresh(&second).await.refusal(), REFUSED);
}

// RT2
#[tokio::test(flavor = "multi_thread")]
async fn without_grace_every_refresh_rotates() {
    let world = World::with(&[("REFRESH_GRACE_SECONDS", "0")]).await;
    world.create_user("ada@example.com").await;
    let mut token = world.login("ada@example.com", PASSWORD).await.text("refresh_token").to_owned();
    for counter in 1..=3 {
        token = world.refresh(&token).await.text("refresh_token").to_owned();
        assert_eq!(text(&world.only("Sessions").await, "counter"), counter.to_string());
    }
}

// RT2
#[tokio::test(flavor = "multi_thread")]
async fn without_grace_a_second_use_ends_the_session_at_once() {
    let world = World::with(&[("REFRESH_GRACE_SECONDS", "0")]).await;
    world.create_user("ada@example.com").await;
    let token = world.login("ada@example.com", PASSWORD).await.text("refresh_token").to_owned();
    assert_eq!(world.refresh(&token).await.status, 200);
    assert_eq!(world.refresh(&token).await.refusal(), REFUSED);
    assert!(world.scan("Sessions").await.is_empty());
}

// RT4
#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_after_seven_idle_days_though_its_row_is_still_there() {
    let (mut world, token) = world_with_token().await;
    world.pass(7 * DAY - SECOND);
    let token = world.refresh(&token).await.text("refresh_token").to_owned();
    world.pass(7 * DAY);
    assert_eq!(world.refresh(&token).await.refusal(), REFUSED);
    assert_eq!(world.scan("Sessions").await.len(), 1, "deleting expired rows is the table's business");
}

// RT4
#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_after_thirty_days_however_often_it_is_refreshed() {
    let (mut world, mut token) = world_with_token().await;
    for _ in 0..4 {
        world.pass(6 * DAY);
        token = world.refresh(&token).await.text("refresh_token").to_owned();
        assert!(!token.is_empty());
    }
    world.pass(6 * DAY - SECOND);
    token = world.refresh(&token).await.text("refresh_token").to_owned();
    assert!(!token.is_empty());
    world.pass(SECOND);
    assert_eq!(world.refresh(&token).await.refusal(), REFUSED);
}

// RT4
#[tokio::test(flavor = "multi_thread")]
async fn the_rows_own_end_counts_even_for_a_token_that_lives_longer() {
    let (world, token) = world_with_token().await;
    let row = world.only("Sessions").await;
    let (user_id, session_id) = (text(&row, "user_id"), text(&row, "session_id"));
    let key = [("user_id", user_id.as_str()), ("session_id", session_id.as_str())];
    let now = AttributeValue::N(world.now.epoch_seconds().to_string());
    world.set("Sessions", &key, "expires_at", now).await;
    assert_eq!(world.refresh(&token).await.refusal(), REFUSED);
    assert_eq!(world.scan("Sessions").await.len(), 1, "over is not stolen: nothing is deleted");
}

// RT4
#[tokio::test(flavor = "multi_thread")]
async fn the_rows_own_beginning_counts_for_the_absolute_limit() {
    let (world, token) = world_with_token().await;
    let row = world.only("Sessions").await;
    let (user_id, session_id) = (text(&row, "user_id"), text(&row, "session_id"));
    let key = [("user_id", user_id.as_str()), ("session_id", session_id.as_str())];
    let long_ago = AttributeValue::N((world.now - 30 * DAY).epoch_seconds().to_string());
    world.set("Sessions", &key, "created_at", long_ago).await;
    assert_eq!(world.refresh(&token).await.refusal(), REFUSED);
}

// RT4 RT6
#[tokio::test(flavor = "multi_thread")]
async fn near_the_absolute_limit_the_cookie_lives_no_longer_than_the_session() {
    let (mut world, mut token) = world_with_token().await;
    for _ in 0..4 {
        world.pass(6 * DAY);
        token = world.refresh(&token).await.text("refresh_token").to_owned();
    }
    world.pass(5 * DAY);
    let cookie = format!("__Host-refresh_token={token}");
    let answer = world.send(Call::raw("POST", "/auth/refresh").cookie(&cookie)).await;
    let header = answer.header("set-cookie").expect("a cookie");
    assert!(header.contains("; Max-Age=86400;"), "one of thirty days is left: {header}");
}

// RT10
#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_user_is_signed_out_everywhere_by_one_write() {
    let (world, token) = world_with_token().await;
    let other = world.login("ada@example.com", PASSWORD).await;
    let user_id = text(&world.only("Users").await, "user_id").parse().expect("an id");

    world.set_status(user_id, Status::Inactive).await;

    for token in [token.as_str(), other.text("refresh_token")] {
        assert_eq!(world.refresh(token).await.refusal(), REFUSED);
    }
    world.set_status(user_id, Status::Active).await;
    assert_eq!(world.refresh(&token).await.refusal(), REFUSED, "what was ended stays ended");
    assert_eq!(world.me(other.text("access_token")).await.status, 401);
}

// RT10
#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_was_made_inactive_by_hand_can_not_refresh_either() {
    let (world, token) = world_with_token().await;
    let id = text(&world.only("Users").await, "user_id");
    world.set("Users", &[("user_id", &id)], "status", AttributeValue::S("inactive".to_owned())).await;
    assert_eq!(world.refresh(&token).await.refusal(), REFUSED);
    assert!(world.scan("Sessions").await.is_empty());
}

// RT10
#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_user_can_not_refresh() {
    let (world, token) = world_with_token().await;
    let user_id = AttributeValue::S(text(&world.only("Users").await, "user_id"));
    let delete = world.dynamo.delete_item().table_name("latchkey-Users").key("user_id", user_id);
    delete.send().await.expect("deletes");
    assert_eq!(world.refresh(&token).await.refusal(), REFUSED);
    assert!(world.scan("Sessions").await.is_empty());
}

// RT8
#[tokio::test(flavor = "multi_thread")]
async fn a_body_client_gets_the_next_token_in_the_body_and_a_cookie_client_in_the_cookie() {
    let (world, token) = world_with_token().await;
    let in_body = world.refresh(&token).await;
    assert_eq!(in_body.refresh_cookie(), None);

    let cookie = format!("__Host-refresh_token={}", in_body.text("refresh_token"));
    let in_cookie = world.send(Call::raw("POST", "/auth/refresh").cookie(&cookie)).await;

    let next = in_cookie.refresh_cookie().expect("a cookie").to_owned();
    assert!(in_cookie.status == 200 && in_cookie.body["refresh_token"].is_null());
    assert!(!in_cookie.body.to_string().contains(&next));
    assert_eq!(world.refresh(&next).await.status, 200);
}

// RT3
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_refresh_leaves_the_cookie_as_it_is() {
    let (mut world, token) = world_with_token().await;
    world.refresh(&token).await;
    world.pass(60 * SECOND);
    for cookie in [token.as_str(), "junk", "a.b.c"] {
        let call = Call::raw("POST", "/auth/refresh").cookie(&format!("__Host-refresh_token={cookie}"));
        let answer = world.send(call).await;
        assert_eq!((answer.refusal(), answer.header("set-cookie")), (REFUSED, None));
    }
}

// AT3 AT4
#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_refresh_token_of_ours_is_refused_and_touches_nothing() {
    let (world, token) = world_with_token().await;
    let access = world.login("ada@example.com", PASSWORD).await.text("access_token").to_owned();
    let before = world.everything().await;
    for junk in ["", "x", "a.b.c", &access, &format!("{token}x"), &token[1..], &"k".repeat(10_000)] {
        assert_eq!(world.refresh(junk).await.refusal(), REFUSED, "{junk}");
    }
    let empty = world.send(Call::post("/auth/refresh", json!({}))).await;
    assert_eq!(empty.refusal(), REFUSED);
    assert_eq!(world.everything().await, before);
}
