//! `POST /auth/forgot-password`: the same for everybody.

use std::time::Duration;

use latchkey_local::ses::Fault;
use latchkey_tests::{
    call::Call,
    world::{World, text},
};
use mailer::Outcome;
use serde_json::json;
use shared::domain::Status;

const SECOND: Duration = Duration::from_secs(1);

// RS1
#[tokio::test(flavor = "multi_thread")]
async fn every_email_gets_the_same_answer() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    world.create("idle@example.com", Status::Inactive, 10).await;

    let known = world.forgot("ada@example.com").await;
    world.break_ses(Fault::Reject, 100);
    for email in ["nobody@example.com", "idle@example.com", "ada@example.com", "  ADA@example.com "] {
        assert_eq!(world.forgot(email).await, known, "{email}");
    }

    assert_eq!(known.status, 200);
    assert_eq!(known.body, json!({ "message": "If the email exists, a reset link has been sent" }));
}

// RS1
#[tokio::test(flavor = "multi_thread")]
async fn every_email_costs_the_same_calls() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    let mut costs = Vec::new();
    for email in ["ada@example.com", "nobody@example.com", "ada@example.com"] {
        world.proxy.start_counting();
        world.forgot(email).await;
        costs.push(world.proxy.cost());
    }
    assert!(costs.iter().all(|cost| *cost == costs[0]), "known, unknown, cooled down: {costs:?}");
}

// RS12
#[tokio::test(flavor = "multi_thread")]
async fn asking_changes_nothing_on_any_account() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    let before = world.everything().await;
    world.forgot("ada@example.com").await;
    world.forgot("nobody@example.com").await;
    assert_eq!(world.everything().await, before);
}

// RS9
#[tokio::test(flavor = "multi_thread")]
async fn at_most_one_mail_a_minute_goes_to_an_email() {
    let mut world = World::new().await;
    world.create_user("ada@example.com").await;
    for (seconds, mails) in [(0, 1), (1, 1), (58, 1), (1, 2), (59, 2), (1, 3)] {
        world.pass(seconds * SECOND);
        assert_eq!(world.forgot("ada@example.com").await.status, 200);
        world.deliver_all().await;
        assert_eq!(world.mails().len(), mails, "after {seconds} seconds more");
    }
}

// RS9
#[tokio::test(flavor = "multi_thread")]
async fn at_most_five_mails_a_day_go_to_an_email() {
    let mut world = World::new().await;
    world.create_user("ada@example.com").await;
    for _ in 0..8 {
        world.forgot("ada@example.com").await;
        world.deliver_all().await;
        world.pass(3600 * SECOND);
    }
    assert_eq!(world.mails().len(), 5);
    world.pass(16 * 3600 * SECOND);
    world.forgot("ada@example.com").await;
    world.deliver_all().await;
    assert_eq!(world.mails().len(), 6);
}

// RS10 RS11
#[tokio::test(flavor = "multi_thread")]
async fn the_mail_goes_to_the_stored_address_with_a_link_that_no_header_can_bend() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    let call = Call::post("/auth/forgot-password", json!({ "email": "ADA@Example.com" }))
        .header("host", "evil.example")
        .header("x-forwarded-host", "evil.example")
        .header("origin", "https://evil.example")
        .header("referer", "https://evil.example/");
    world.send(call).await;
    world.deliver_all().await;

    let mail = &world.mails()[0];
    assert_eq!(
        (mail.to.as_slice(), mail.from.as_str()),
        (["ada@example.com".to_owned()].as_slice(), "no-reply@example.com")
    );
    for part in [&mail.text, &mail.html] {
        assert!(!part.contains("evil.example"));
    }
    assert!(mail.text.contains("\nhttps://app.example.com/reset-password#token="), "{}", mail.text);
}

// RS7
#[tokio::test(flavor = "multi_thread")]
async fn nobody_unknown_or_inactive_gets_a_mail() {
    let world = World::new().await;
    world.create("idle@example.com", Status::Inactive, 10).await;
    world.forgot("idle@example.com").await;
    world.forgot("nobody@example.com").await;
    assert_eq!(world.deliver_all().await, [Outcome::NotToBeSent, Outcome::NotToBeSent]);
    assert!(world.mails().is_empty());
    assert!(world.scan("ResetTokens").await.is_empty());
}

// RS2
#[tokio::test(flavor = "multi_thread")]
async fn of_the_mailed_token_only_the_hash_is_stored() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    let token = world.mailed_token("ada@example.com").await;
    assert_eq!(token.len(), 43, "32 bytes in base64url");
    assert!(!world.everything().await.to_string().contains(&token));
    assert!(!format!("{:?}", world.scan("Outbox").await).contains(&token));
    let row = world.only("ResetTokens").await;
    assert_eq!(text(&row, "expires_at"), (world.now + 900 * SECOND).epoch_seconds().to_string());
}

// LG4
#[tokio::test(flavor = "multi_thread")]
async fn once_a_request_is_dealt_with_no_table_holds_the_email_that_was_typed() {
    let world = World::new().await;
    for _ in 0..2 {
        world.forgot("my-secret-password@example.com").await;
    }
    world.deliver_all().await;
    for table in ["Outbox", "RateLimits", "ResetTokens"] {
        let rows = format!("{:?}", world.scan(table).await);
        assert!(!rows.contains("my-secret-password"), "{table}: {rows}");
    }
}
