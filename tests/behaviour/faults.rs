//! What happens when DynamoDB is throttled, slow, broken or lost for words.

use std::time::{Duration, Instant};

use latchkey_tests::{
    call::{Answer, Call},
    proxy::{Fault, FaultKind},
    world::{OTHER_PASSWORD, PASSWORD, World, text},
};
use serde_json::json;

const ALWAYS: usize = 1000;
const DOWN: [FaultKind; 3] = [FaultKind::Throttled, FaultKind::Broken, FaultKind::Silent];

fn assert_unavailable(answer: &Answer, what: &str) {
    assert_eq!(answer.refusal(), (503, "Service temporarily unavailable. Try again."), "{what}");
    assert_eq!(answer.header("retry-after"), Some("1"), "{what}");
}

// OP6
#[tokio::test(flavor = "multi_thread")]
async fn a_login_without_one_of_its_tables_is_a_503_within_the_functions_time() {
    for (action, table) in [
        ("UpdateItem", "RateLimits"),
        ("GetItem", "Credentials"),
        ("UpdateItem", "Lockouts"),
        ("GetItem", "Users"),
        ("PutItem", "Sessions"),
    ] {
        for kind in DOWN {
            let world = World::with_real_timeouts().await;
            world.create_user("ada@example.com").await;
            world.proxy.break_calls(Fault { action, table, kind, times: ALWAYS });
            let began = Instant::now();
            let answer = world.login("ada@example.com", PASSWORD).await;
            assert_unavailable(&answer, &format!("{action} {table} {kind:?}"));
            assert!(began.elapsed() < Duration::from_secs(14), "{action} {table} {kind:?}");
            assert!(answer.body["access_token"].is_null());
        }
    }
}

// OP6 LG3
#[tokio::test(flavor = "multi_thread")]
async fn the_right_password_is_never_a_counted_failure_whatever_fails_around_it() {
    for (action, table, kind, status) in [
        ("UpdateItem", "Lockouts", FaultKind::AnswerLost, 503),
        ("DeleteItem", "Lockouts", FaultKind::Throttled, 200),
        ("UpdateItem", "Users", FaultKind::Throttled, 200),
        ("PutItem", "Sessions", FaultKind::Throttled, 503),
    ] {
        let world = World::with_real_timeouts().await;
        world.create_user("ada@example.com").await;
        for _ in 0..6 {
            world.proxy.break_calls(Fault { action, table, kind, times: 3 });
            assert_eq!(
                world.login("ada@example.com", PASSWORD).await.status,
                status,
                "{action} {table} {kind:?}"
            );
            world.proxy.mend();
        }
        assert_eq!(world.login("ada@example.com", PASSWORD).await.status, 200, "{action} {table} {kind:?}");
    }
}

// OP6 RT1
#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_users_longer_than_the_grace_is_no_theft() {
    let mut world = World::with_real_timeouts().await;
    world.create_user("ada@example.com").await;
    let token = world.login("ada@example.com", PASSWORD).await.text("refresh_token").to_owned();
    world.proxy.break_calls(Fault {
        action: "GetItem",
        table: "Users",
        kind: FaultKind::Throttled,
        times: ALWAYS,
    });
    assert_unavailable(&world.refresh(&token).await, "Users");
    world.pass(Duration::from_secs(3600));
    world.proxy.mend();
    assert_eq!(world.refresh(&token).await.status, 200);
}

// OP6
#[tokio::test(flavor = "multi_thread")]
async fn one_hiccup_is_not_noticed() {
    for kind in DOWN {
        let world = World::with_real_timeouts().await;
        world.create_user("ada@example.com").await;
        world.proxy.break_calls(Fault { action: "PutItem", table: "Sessions", kind, times: 1 });
        assert_eq!(world.login("ada@example.com", PASSWORD).await.status, 200, "{kind:?}");
    }
}

// OP6
#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_whose_password_could_not_be_judged_is_not_counted() {
    let world = World::with_real_timeouts().await;
    world.create_user("ada@example.com").await;
    world.proxy.break_calls(Fault {
        action: "GetItem",
        table: "Users",
        kind: FaultKind::Broken,
        times: ALWAYS,
    });
    for _ in 0..6 {
        assert_unavailable(&world.login("ada@example.com", PASSWORD).await, "the user can't be read");
    }
    world.proxy.mend();
    assert_eq!(world.login("ada@example.com", PASSWORD).await.status, 200);
}

// OP6 LG5
#[tokio::test(flavor = "multi_thread")]
async fn a_reservation_whose_answer_is_lost_counts_once() {
    let world = World::with_real_timeouts().await;
    world.create_user("ada@example.com").await;
    for _ in 0..5 {
        let kind = FaultKind::AnswerLost;
        world.proxy.break_calls(Fault { action: "UpdateItem", table: "Lockouts", kind, times: 1 });
        assert_eq!(world.login("ada@example.com", OTHER_PASSWORD).await.status, 401);
    }
    let attempts = world.only("Lockouts").await["attempts"].as_bs().expect("a set").len();
    assert_eq!(attempts, 5, "five guesses are five, though each was sent twice");
}

// OP6 RT2
#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_whose_answer_is_lost_signs_nobody_out() {
    let world = World::with_real_timeouts().await;
    world.create_user("ada@example.com").await;
    let token = world.login("ada@example.com", PASSWORD).await.text("refresh_token").to_owned();
    let kind = FaultKind::AnswerLost;
    world.proxy.break_calls(Fault { action: "UpdateItem", table: "Sessions", kind, times: 1 });
    let answer = world.refresh(&token).await;
    assert_eq!(answer.status, 200);
    assert_eq!(text(&world.only("Sessions").await, "counter"), "1");
    assert_eq!(world.refresh(answer.text("refresh_token")).await.status, 200);
}

// OP6
#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_without_a_table_opens_no_door_and_can_be_repeated() {
    for (action, table) in [("UpdateItem", "Sessions"), ("GetItem", "Users")] {
        let world = World::with_real_timeouts().await;
        world.create_user("ada@example.com").await;
        let token = world.login("ada@example.com", PASSWORD).await.text("refresh_token").to_owned();
        world.proxy.break_calls(Fault { action, table, kind: FaultKind::Broken, times: ALWAYS });
        assert_unavailable(&world.refresh(&token).await, table);
        world.proxy.mend();
        assert_eq!(world.refresh(&token).await.status, 200, "{table}");
    }
}

// OP6
#[tokio::test(flavor = "multi_thread")]
async fn the_guard_fails_closed() {
    let world = World::with_real_timeouts().await;
    world.create_user("ada@example.com").await;
    let token = world.login("ada@example.com", PASSWORD).await.text("access_token").to_owned();
    for kind in DOWN {
        world.proxy.break_calls(Fault { action: "GetItem", table: "Users", kind, times: ALWAYS });
        assert_unavailable(&world.me(&token).await, &format!("{kind:?}"));
        world.proxy.mend();
    }
}

// OP6 RS4
#[tokio::test(flavor = "multi_thread")]
async fn a_reset_whose_answer_is_lost_is_done_once_and_told_as_done() {
    let world = World::with_real_timeouts().await;
    world.create_user("ada@example.com").await;
    let token = world.mailed_token("ada@example.com").await;
    let kind = FaultKind::AnswerLost;
    world.proxy.break_calls(Fault { action: "TransactWriteItems", table: "Users", kind, times: 1 });
    assert_eq!(world.reset(&token, OTHER_PASSWORD).await.status, 200);
    assert_eq!(text(&world.only("Users").await, "generation"), "1");
    assert_eq!(world.login("ada@example.com", OTHER_PASSWORD).await.status, 200);
}

// OP6 RS4
#[tokio::test(flavor = "multi_thread")]
async fn a_reset_that_can_not_be_stored_changes_nothing_and_can_be_repeated() {
    let world = World::with_real_timeouts().await;
    world.create_user("ada@example.com").await;
    let token = world.mailed_token("ada@example.com").await;
    let before = world.everything().await;
    let kind = FaultKind::Throttled;
    world.proxy.break_calls(Fault { action: "TransactWriteItems", table: "Users", kind, times: ALWAYS });
    assert_unavailable(&world.reset(&token, OTHER_PASSWORD).await, "reset");
    assert_eq!(world.everything().await, before);
    world.proxy.mend();
    assert_eq!(world.reset(&token, OTHER_PASSWORD).await.status, 200);
}

// OP6 RS13
#[tokio::test(flavor = "multi_thread")]
async fn a_request_for_a_reset_that_failed_gets_its_mail_when_it_is_repeated() {
    for (action, table, kind) in [
        ("PutItem", "Outbox", FaultKind::Broken),
        ("PutItem", "Outbox", FaultKind::Throttled),
        ("UpdateItem", "RateLimits", FaultKind::Broken),
    ] {
        let world = World::with_real_timeouts().await;
        world.create_user("ada@example.com").await;
        world.proxy.break_calls(Fault { action, table, kind, times: 3 });
        assert_unavailable(&world.forgot("ada@example.com").await, table);
        assert_eq!(world.forgot("ada@example.com").await.status, 200);
        world.deliver_all().await;
        assert_eq!(world.mails().len(), 1, "{action} {table} {kind:?}");
    }
}

// OP6 RS13
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_lost_on_the_way_to_a_mail_suppresses_none_and_sends_no_second() {
    for (action, table) in [("UpdateItem", "RateLimits"), ("PutItem", "Outbox")] {
        for days in [0, 2] {
            let mut world = World::with_real_timeouts().await;
            world.create_user("ada@example.com").await;
            if days > 0 {
                world.forgot("ada@example.com").await;
                world.deliver_all().await;
                world.pass(Duration::from_secs(days * 86_400));
            }
            let before = world.mails().len();
            world.proxy.break_calls(Fault { action, table, kind: FaultKind::AnswerLost, times: 2 });
            assert_eq!(world.forgot("ada@example.com").await.status, 200);
            world.deliver_all().await;
            assert_eq!(world.mails().len(), before + 1, "{action} {table} after {days} days");
        }
    }
}

// OP1
#[tokio::test(flavor = "multi_thread")]
async fn a_denied_table_is_our_fault_and_says_nothing_of_it() {
    let world = World::with_real_timeouts().await;
    let kind = FaultKind::Denied;
    world.proxy.break_calls(Fault { action: "PutItem", table: "Outbox", kind, times: ALWAYS });
    let answer = world.send(Call::post("/auth/forgot-password", json!({ "email": "ada@example.com" }))).await;
    assert_eq!(answer.refusal(), (500, "Internal server error"));
    assert!(!answer.body.to_string().contains("Outbox"));
}
