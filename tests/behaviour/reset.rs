//! `POST /auth/reset-password`.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use latchkey_tests::world::{OTHER_PASSWORD, PASSWORD, World, text};
use serde_json::json;
use shared::{
    domain::{PasswordHash, ResetToken},
    store::{PasswordReset, ResetOutcome},
};

const INVALID: (u16, &str) = (400, "Invalid or expired reset token");
const SECOND: Duration = Duration::from_secs(1);

async fn world_with_token() -> (World, String) {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    let token = world.mailed_token("ada@example.com").await;
    (world, token)
}

// RS4 RT10 RS8
#[tokio::test(flavor = "multi_thread")]
async fn a_reset_sets_the_password_ends_all_sessions_and_signs_nobody_in() {
    let (world, token) = world_with_token().await;
    let session = world.login("ada@example.com", PASSWORD).await;

    let answer = world.reset(&token, OTHER_PASSWORD).await;

    assert_eq!((answer.status, &answer.body), (200, &json!({ "message": "Password reset successful" })));
    assert_eq!(answer.header("set-cookie"), None);
    assert_eq!(world.login("ada@example.com", PASSWORD).await.status, 401);
    assert_eq!(world.login("ada@example.com", OTHER_PASSWORD).await.status, 200);
    assert_eq!(world.refresh(session.text("refresh_token")).await.status, 401);
    assert_eq!(world.me(session.text("access_token")).await.status, 401);
}

// RS4
#[tokio::test(flavor = "multi_thread")]
async fn a_reset_is_told_to_the_owner_by_mail() {
    let (world, token) = world_with_token().await;
    world.reset(&token, OTHER_PASSWORD).await;
    world.deliver_all().await;
    let notice = &world.mails()[0];
    assert_eq!(notice.subject, "Your Latchkey password was changed");
    assert!(!notice.text.contains(OTHER_PASSWORD) && !notice.text.contains("#token="));
}

// RS3
#[tokio::test(flavor = "multi_thread")]
async fn a_token_works_once() {
    let (world, token) = world_with_token().await;
    assert_eq!(world.reset(&token, OTHER_PASSWORD).await.status, 200);
    assert_eq!(world.reset(&token, "Marble-Anchor-63").await.refusal(), INVALID);
    assert_eq!(world.login("ada@example.com", OTHER_PASSWORD).await.status, 200);
}

// RS2
#[tokio::test(flavor = "multi_thread")]
async fn a_token_works_for_fifteen_minutes_though_its_row_is_still_there() {
    let (mut world, token) = world_with_token().await;
    world.pass(900 * SECOND);
    assert_eq!(world.reset(&token, OTHER_PASSWORD).await.refusal(), INVALID);
    assert_eq!(world.scan("ResetTokens").await.len(), 1);
    world.now = world.now - SECOND;
    assert_eq!(world.reset(&token, OTHER_PASSWORD).await.status, 200);
}

// RS5
#[tokio::test(flavor = "multi_thread")]
async fn a_newer_request_voids_the_older_token() {
    let (mut world, older) = world_with_token().await;
    world.pass(61 * SECOND);
    let newer = world.mailed_token("ada@example.com").await;
    assert_ne!(older, newer);
    assert_eq!(world.reset(&older, OTHER_PASSWORD).await.refusal(), INVALID);
    assert_eq!(world.reset(&newer, OTHER_PASSWORD).await.status, 200);
}

// RS5
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_was_asked_for_before_a_password_change_is_not_sent_after_it() {
    let (mut world, token) = world_with_token().await;
    world.pass(61 * SECOND);
    world.forgot("ada@example.com").await;
    assert_eq!(world.reset(&token, OTHER_PASSWORD).await.status, 200);
    world.pass(5 * SECOND);
    world.deliver_all().await;
    let subjects: Vec<_> = world.mails().into_iter().map(|mail| mail.subject).collect();
    assert_eq!(subjects, ["Your Latchkey password was changed", "Reset your Latchkey password"]);
}

// RS3 RS5
#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_voided_between_the_look_and_the_write_changes_nothing() {
    let (mut world, older) = world_with_token().await;
    let older: ResetToken = older.parse().expect("a token");
    let store = &world.keyless.store;
    let pending = store.reset_tokens.get(&older, world.now).await.expect("reads").expect("it is live");
    world.pass(61 * SECOND);
    let newer = world.mailed_token("ada@example.com").await;
    let before = world.everything().await;

    let new_hash = PasswordHash::from_stored("$2b$10$never-stored".to_owned());
    let reset = PasswordReset {
        pending: &pending,
        new_hash: &new_hash,
        entry: &world.entry("reset_password", pending.user_id),
    };
    let outcome = world.keyless.store.reset_password(reset).await.expect("answers");

    assert_eq!(outcome, ResetOutcome::Refused);
    assert_eq!(world.everything().await, before);
    assert_eq!(world.reset(&newer, OTHER_PASSWORD).await.status, 200);
}

// RS6 PW1 PW5 PW6
#[tokio::test(flavor = "multi_thread")]
async fn a_weak_password_is_told_its_rule_and_does_not_burn_the_token() {
    let (world, token) = world_with_token().await;
    let common = "must not be a common password or one with digits and symbols around it";
    for (weak, rule) in [
        ("Vr7#kqzmwTp", "must have at least 12 characters"),
        ("vr7#kqzmwtpx", "must have an upper-case letter"),
        ("VR7#KQZMWTPX", "must have a lower-case letter"),
        ("Vrx#kqzmwTpx", "must have a digit"),
        ("Vr7xkqzmwTpx", "must have a special character: one of !@#$%^&*()_+-=[]{}|;:,.<>?"),
        ("Password123!", common),
        ("Welcome@2026!!", common),
        ("Summer2026!!!", common),
        ("xK9#mAda-qZvWb", "must not contain the name of your e-mail address"),
        ("xK9#LatchKey-qZvW", "must not contain the name Latchkey"),
    ] {
        let answer = world.reset(&token, weak).await;
        assert_eq!(answer.status, 422, "{weak}");
        assert_eq!(answer.body["errors"], json!([{ "field": "new_password", "message": rule }]), "{weak}");
        assert_eq!(answer.text("detail"), format!("new_password {rule}"));
    }
    assert_eq!(world.reset(&token, OTHER_PASSWORD).await.status, 200);
}

// PW2
#[tokio::test(flavor = "multi_thread")]
async fn with_the_nist_policy_length_counts_and_classes_do_not() {
    let world = World::with(&[("PASSWORD_POLICY", "nist")]).await;
    world.create_user("ada@example.com").await;
    let token = world.mailed_token("ada@example.com").await;
    let short = world.reset(&token, "Vr7#kqzmwTpx12").await;
    assert_eq!(short.text("detail"), "new_password must have at least 15 characters");
    assert_eq!(world.reset(&token, "quartz violin tundra").await.status, 200);
}

// PW3
#[tokio::test(flavor = "multi_thread")]
async fn a_password_of_72_bytes_is_taken_whole_and_one_of_73_is_refused() {
    let (world, token) = world_with_token().await;
    let longest = format!("Vr7#{}", "kq-Zmw-T".repeat(9)).chars().take(72).collect::<String>();
    let longer = world.reset(&token, &format!("{longest}x")).await;
    assert_eq!(longer.refusal(), (422, "new_password must have at most 72 bytes in UTF-8; this one has 73"));
    assert_eq!(world.reset(&token, &longest).await.status, 200);
    assert_eq!(world.login("ada@example.com", &longest).await.status, 200);
    assert_eq!(world.login("ada@example.com", &longest[..71]).await.status, 401);
}

// PW7
#[tokio::test(flavor = "multi_thread")]
async fn the_current_password_is_refused_and_does_not_burn_the_token() {
    let (world, token) = world_with_token().await;
    let answer = world.reset(&token, PASSWORD).await;
    assert_eq!(answer.refusal(), (422, "new_password must differ from the current password"));
    assert_eq!(world.reset(&token, OTHER_PASSWORD).await.status, 200);
}

// RS7
#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_became_inactive_can_not_redeem_and_nothing_changes() {
    let (world, token) = world_with_token().await;
    let id = text(&world.only("Users").await, "user_id");
    world.set("Users", &[("user_id", &id)], "status", AttributeValue::S("inactive".to_owned())).await;
    let before = world.everything().await;
    assert_eq!(world.reset(&token, OTHER_PASSWORD).await.refusal(), INVALID);
    assert_eq!(world.everything().await, before, "the transaction happens whole or not at all");
}

// RS3
#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_token_is_refused_alike() {
    let (world, token) = world_with_token().await;
    let mut refusals = Vec::new();
    for junk in ["", "x", &token[1..], &format!("{token}="), &"A".repeat(43), &"k".repeat(10_000)] {
        refusals.push(world.reset(junk, OTHER_PASSWORD).await);
    }
    assert_eq!(refusals[0].refusal(), INVALID);
    assert!(refusals.iter().all(|refusal| *refusal == refusals[0]));
}

// RS4
#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_an_account_that_is_gone_is_refused_and_brings_nothing_back() {
    let (world, token) = world_with_token().await;
    let email = AttributeValue::S("ada@example.com".to_owned());
    world
        .dynamo
        .delete_item()
        .table_name("latchkey-Credentials")
        .key("email", email)
        .send()
        .await
        .expect("deletes");
    let before = world.everything().await;
    assert_eq!(world.reset(&token, OTHER_PASSWORD).await.refusal(), INVALID);
    assert_eq!(world.everything().await, before);
}
