//! `POST /auth/logout`.

use std::time::Duration;

use latchkey_tests::{
    call::{Answer, Call},
    proxy::{Fault, FaultKind},
    world::{ORIGIN, OTHER_PASSWORD, PASSWORD, World, text},
};
use serde_json::json;
use shared::domain::Status;

async fn logout(world: &World, token: &str) -> Answer {
    world.send(Call::post("/auth/logout", json!({ "refresh_token": token }))).await
}

async fn logout_everywhere(world: &World, token: &str) -> Answer {
    world.send(Call::post("/auth/logout", json!({ "refresh_token": token, "everywhere": true }))).await
}

async fn world_with_two_sessions() -> (World, Answer, Answer) {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    let first = world.login("ada@example.com", PASSWORD).await;
    let second = world.login("ada@example.com", PASSWORD).await;
    (world, first, second)
}

// RT9
#[tokio::test(flavor = "multi_thread")]
async fn logout_ends_its_session_at_once_and_no_other_and_can_be_repeated() {
    let (world, first, second) = world_with_two_sessions().await;
    for _ in 0..2 {
        assert_eq!(logout(&world, first.text("refresh_token")).await.status, 204);
    }
    assert_eq!(world.refresh(first.text("refresh_token")).await.status, 401);
    assert_eq!(world.refresh(second.text("refresh_token")).await.status, 200);
}

// RT9 RT10
#[tokio::test(flavor = "multi_thread")]
async fn logout_everywhere_ends_all_sessions_and_access_tokens_of_the_user() {
    let (world, first, second) = world_with_two_sessions().await;
    assert_eq!(logout_everywhere(&world, first.text("refresh_token")).await.status, 204);
    for session in [&first, &second] {
        assert_eq!(world.refresh(session.text("refresh_token")).await.status, 401);
        assert_eq!(world.me(session.text("access_token")).await.status, 401);
    }
    assert_eq!(world.login("ada@example.com", PASSWORD).await.status, 200);
}

// RT9
#[tokio::test(flavor = "multi_thread")]
async fn an_old_token_that_may_be_stolen_ends_only_its_own_session() {
    let (mut world, first, second) = world_with_two_sessions().await;
    let next = world.refresh(first.text("refresh_token")).await;
    world.pass(Duration::from_secs(60));
    world.refresh(next.text("refresh_token")).await;

    assert_eq!(logout_everywhere(&world, first.text("refresh_token")).await.status, 204);

    assert_eq!(world.refresh(second.text("refresh_token")).await.status, 200);
    assert_eq!(world.scan("Sessions").await.len(), 1);
}

// RT9 OP6
#[tokio::test(flavor = "multi_thread")]
async fn a_logout_everywhere_that_failed_half_way_is_done_when_it_is_repeated() {
    for (action, table, kind) in [
        ("TransactWriteItems", "Users", FaultKind::Broken),
        ("TransactWriteItems", "Users", FaultKind::AnswerLost),
        ("DeleteItem", "Sessions", FaultKind::Broken),
    ] {
        let (world, first, second) = world_with_two_sessions().await;
        world.proxy.break_calls(Fault { action, table, kind, times: 3 });
        assert_eq!(
            logout_everywhere(&world, first.text("refresh_token")).await.status,
            503,
            "{action} {kind:?}"
        );
        assert_eq!(
            logout_everywhere(&world, first.text("refresh_token")).await.status,
            204,
            "{action} {kind:?}"
        );
        for session in [&first, &second] {
            assert_eq!(world.refresh(session.text("refresh_token")).await.status, 401, "{action} {kind:?}");
        }
        assert_eq!(text(&world.only("Users").await, "generation"), "1", "{action} {kind:?}");
    }
}

// RT9 RT10
#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_an_ended_generation_ends_no_later_session() {
    let (world, first, _) = world_with_two_sessions().await;
    let token = world.mailed_token("ada@example.com").await;
    world.reset(&token, OTHER_PASSWORD).await;
    let user_id = text(&world.only("Users").await, "user_id").parse().expect("an id");
    world.set_status(user_id, Status::Inactive).await;
    world.set_status(user_id, Status::Active).await;
    let owner = world.login("ada@example.com", OTHER_PASSWORD).await;

    assert_eq!(logout_everywhere(&world, first.text("refresh_token")).await.status, 204);

    assert_eq!(world.refresh(owner.text("refresh_token")).await.status, 200);
}

// RT9
#[tokio::test(flavor = "multi_thread")]
async fn who_is_logged_out_already_gets_204_too() {
    let world = World::new().await;
    for body in [json!({}), json!({ "refresh_token": "junk" }), json!({ "everywhere": false })] {
        assert_eq!(world.send(Call::post("/auth/logout", body)).await.status, 204);
    }
}

// RT9
#[tokio::test(flavor = "multi_thread")]
async fn a_logout_everywhere_that_can_end_nothing_says_so() {
    let world = World::new().await;
    for body in [json!({ "everywhere": true }), json!({ "everywhere": true, "refresh_token": "junk" })] {
        let answer = world.send(Call::post("/auth/logout", body)).await;
        assert_eq!(answer.refusal(), (401, "Invalid refresh token"));
    }
}

// RT6 RT9
#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_client_logs_out_with_an_empty_request_and_its_cookie_is_deleted() {
    let (world, first, _) = world_with_two_sessions().await;
    let cookie = format!("__Host-refresh_token={}", first.text("refresh_token"));
    let call = Call::raw("POST", "/auth/logout").cookie(&cookie).header("origin", ORIGIN);

    let answer = world.send(call).await;

    assert_eq!(answer.status, 204);
    assert_eq!(
        answer.header("set-cookie"),
        Some("__Host-refresh_token=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict")
    );
    assert_eq!(world.refresh(first.text("refresh_token")).await.status, 401);
}
