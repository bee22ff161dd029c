//! Changes of a password while DynamoDB fails, and on rows that disagree.

use aws_sdk_dynamodb::types::AttributeValue;
use latchkey_tests::{
    proxy::{Fault, FaultKind},
    world::{OTHER_PASSWORD, PASSWORD, World, text},
};
use serde_json::Value;

const ADA: &str = "ada@example.com";

/// How many failed attempts are remembered of the e-mail.
async fn failures(world: &World) -> usize {
    let rows = world.scan("Lockouts").await;
    rows.iter().filter_map(|row| row.get("attempts")?.as_bs().ok()).map(Vec::len).sum()
}

// RT11 OP6
#[tokio::test(flavor = "multi_thread")]
async fn without_one_of_its_tables_nothing_changes_and_the_right_password_is_no_failure() {
    for (action, table, passing) in [
        ("GetItem", "Users", 0),
        ("GetItem", "Credentials", 0),
        ("UpdateItem", "Lockouts", 0),
        ("GetItem", "Users", 1),
        ("TransactWriteItems", "Users", 0),
    ] {
        let world = World::with_real_timeouts().await;
        world.create_user(ADA).await;
        let session = world.login(ADA, PASSWORD).await;
        let mut before = world.everything().await;
        for _ in 0..6 {
            let kind = FaultKind::Broken;
            world.proxy.break_calls_after(passing, Fault { action, table, kind, times: 3 });
            let answer = world.change_password(session.text("access_token"), PASSWORD, OTHER_PASSWORD).await;
            assert_eq!(answer.status, 503, "{action} {table} {answer:?}");
            world.proxy.mend();
        }
        let mut after = world.everything().await;
        // A row without attempts may stand there.
        (before["Lockouts"], after["Lockouts"]) = (Value::Null, Value::Null);
        assert_eq!(after, before, "{action} {table}");
        assert_eq!(
            (failures(&world).await, world.queued("password_changed").await),
            (0, 0),
            "{action} {table}"
        );
        let answer = world.change_password(session.text("access_token"), PASSWORD, OTHER_PASSWORD).await;
        assert_eq!(answer.status, 200);
    }
}

// RT11 OP6
#[tokio::test(flavor = "multi_thread")]
async fn a_change_whose_answer_is_lost_is_done_once_and_told_as_done() {
    let world = World::with_real_timeouts().await;
    world.create_user(ADA).await;
    let session = world.login(ADA, PASSWORD).await;
    let kind = FaultKind::AnswerLost;
    world.proxy.break_calls(Fault { action: "TransactWriteItems", table: "Users", kind, times: 1 });
    let answer = world.change_password(session.text("access_token"), PASSWORD, OTHER_PASSWORD).await;
    assert_eq!(answer.status, 200);
    assert_eq!(text(&world.only("Users").await, "generation"), "1");
    assert_eq!(world.login(ADA, OTHER_PASSWORD).await.status, 200);
}

// RT11
#[tokio::test(flavor = "multi_thread")]
async fn while_hash_and_user_disagree_on_the_password_none_is_right() {
    let world = World::new().await;
    world.create_user(ADA).await;
    let session = world.login(ADA, PASSWORD).await;
    // As if a reset had been committed between the read of the hash and the read of the user.
    let moved = AttributeValue::N("2".to_owned());
    world.set("Credentials", &[("email", ADA)], "password_version", moved).await;
    let answer = world.change_password(session.text("access_token"), PASSWORD, OTHER_PASSWORD).await;
    assert_eq!(answer.refusal(), (422, "current_password is not the current password"));
}
