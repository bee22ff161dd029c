//! From the change to the mail, through the stream.

use std::process::Command;

use latchkey_tests::stage::{EMAIL, Stage, binary};
use serde_json::json;

/// Lets an operator make an account, whose owner is mailed an invitation.
fn invite(stage: &Stage, email: &str) {
    let create = ["user", "create", email, "--invite", "--endpoint-url", &stage.dynamodb];
    assert!(Command::new(binary("latchkey")).args(create).status().expect("it runs").success());
}

// RS13
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_ses_refuses_at_first_arrives_once() {
    let stage = Stage::start().await;
    stage.break_ses("reject", 2).await;
    stage.post("/auth/forgot-password", json!({ "email": EMAIL })).await;
    stage.wait_for("/inbox.json", |mails| mails[0].is_object()).await;
    let events = stage.events_at_least(4).await;
    let failures = events.iter().filter(|e| e["event"] == "mail" && e["reason"] == "not_sent").count();
    assert_eq!(failures, 2);
    assert_eq!(stage.page("/inbox.json").await.as_array().map(Vec::len), Some(1));
}

// RS13
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_can_not_be_sent_becomes_a_dead_letter_and_blocks_no_other() {
    let stage = Stage::start().await;
    stage.break_ses("reject", 1000).await;
    stage.post("/auth/forgot-password", json!({ "email": EMAIL })).await;
    invite(&stage, "grace@example.com");
    let letters = stage.wait_for("/dead-letters.json", |letters| letters[1].is_object()).await;
    assert_eq!(letters.as_array().map(Vec::len), Some(2), "{letters}");
    stage.break_ses("reject", 0).await;
    invite(&stage, "bob@example.com");
    stage.wait_for("/inbox.json", |mails| mails[0]["to"][0] == "bob@example.com").await;
}

// NT1 OP5
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_is_switched_off_or_has_no_reader_is_no_sent_mail_in_the_log() {
    let stage = Stage::with(&[("SECURITY_NOTICES", "none")]).await;
    invite(&stage, "grace@example.com");
    stage.post("/auth/forgot-password", json!({ "email": "nobody@example.com" })).await;
    let events = stage.events_at_least(3).await;
    let mut skipped: Vec<_> =
        events.iter().filter(|event| event["event"] == "skip_mail").map(|event| &event["reason"]).collect();
    skipped.sort_by_key(|reason| reason.to_string());
    assert_eq!(skipped, ["not_to_be_sent", "switched_off"]);
    assert!(events.iter().all(|event| event["event"] != "mail"), "{events:#?}");
}

// RS1 RS9
#[tokio::test(flavor = "multi_thread")]
async fn a_cooled_down_or_unknown_email_gets_no_mail() {
    let stage = Stage::start().await;
    for email in [EMAIL, EMAIL, "nobody@example.com", EMAIL] {
        assert_eq!(stage.post("/auth/forgot-password", json!({ "email": email })).await.status, 200);
    }
    // The stream keeps their order: what would come, comes before hers.
    invite(&stage, "grace@example.com");
    let inbox = stage.wait_for("/inbox.json", |mails| mails[0]["to"][0] == "grace@example.com").await;
    assert_eq!(inbox.as_array().map(Vec::len), Some(2), "{inbox}");
}
