//! The mailer: every queued mail once, or a dead letter.

use std::time::Duration;

use latchkey_local::ses::Fault;
use latchkey_tests::{
    proxy::{Fault as TableFault, FaultKind},
    world::{OTHER_PASSWORD, World, text, token_in},
};
use mailer::{Outcome, deliver};
use shared::domain::{IntentId, Role};

const SECOND: Duration = Duration::from_secs(1);

async fn world_with_intent() -> (World, IntentId) {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    world.forgot("ada@example.com").await;
    let id = text(&world.only("Outbox").await, "id").parse().expect("an id");
    (world, id)
}

// RS13
#[tokio::test(flavor = "multi_thread")]
async fn two_deliveries_of_one_intent_send_one_mail() {
    let (world, id) = world_with_intent().await;
    assert_eq!(deliver(&world.mailer, id, world.now).await.expect("sends"), Outcome::Sent);
    assert_eq!(deliver(&world.mailer, id, world.now).await.expect("looks"), Outcome::DoneBefore);
    assert_eq!(world.mails().len(), 1);
}

// RS13
#[tokio::test(flavor = "multi_thread")]
async fn sixteen_deliveries_at_once_send_one_mail() {
    for _ in 0..5 {
        let (world, id) = world_with_intent().await;
        let all = (0..16).map(|_| deliver(&world.mailer, id, world.now));
        let outcomes = futures::future::join_all(all).await;
        let sent = outcomes.iter().filter(|outcome| matches!(outcome, Ok(Outcome::Sent))).count();
        assert_eq!((sent, world.mails().len()), (1, 1));
    }
}

// RS13
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_ses_refuses_is_tried_again_with_a_token_that_works() {
    let (world, id) = world_with_intent().await;
    world.break_ses(Fault::Reject, 1);
    assert!(deliver(&world.mailer, id, world.now).await.is_err());
    assert!(world.mails().is_empty());

    assert_eq!(deliver(&world.mailer, id, world.now).await.expect("sends"), Outcome::Sent);
    assert_eq!(world.reset(&token_in(&world.mails()[0]), OTHER_PASSWORD).await.status, 200);
}

// RS13
#[tokio::test(flavor = "multi_thread")]
async fn the_claim_of_a_mailer_that_died_ends_and_the_mail_goes_out() {
    let (mut world, id) = world_with_intent().await;
    world.mailer.store.outbox.claim(id, world.now).await.expect("claims");
    assert!(deliver(&world.mailer, id, world.now).await.is_err(), "the stream will try again");
    world.pass(20 * SECOND);
    assert_eq!(deliver(&world.mailer, id, world.now).await.expect("sends"), Outcome::Sent);
}

// RS13
#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_fails_half_way_costs_a_try_and_no_mail() {
    for (action, table) in [
        ("GetItem", "Credentials"),
        ("GetItem", "Users"),
        ("PutItem", "ResetTokens"),
        ("UpdateItem", "Credentials"),
    ] {
        let (world, id) = world_with_intent().await;
        world.proxy.break_calls(TableFault { action, table, kind: FaultKind::Broken, times: 3 });
        assert!(deliver(&world.mailer, id, world.now).await.is_err(), "{action} {table}");
        assert!(world.mails().is_empty());
        assert_eq!(deliver(&world.mailer, id, world.now).await.expect("sends"), Outcome::Sent);
        assert_eq!(world.reset(&token_in(&world.mails()[0]), OTHER_PASSWORD).await.status, 200);
    }
}

// RS13
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_was_sent_and_could_not_be_marked_is_not_sent_again() {
    let (world, id) = world_with_intent().await;
    // The claim passes, the mark fails.
    world.mailer.store.outbox.release(id).await.expect("releases");
    let kind = FaultKind::Broken;
    world.proxy.break_calls_after(1, TableFault { action: "UpdateItem", table: "Outbox", kind, times: 3 });
    assert_eq!(deliver(&world.mailer, id, world.now).await.expect("sends"), Outcome::Sent);
    world.proxy.mend();
    assert!(deliver(&world.mailer, id, world.now).await.is_err(), "it is still claimed");
    assert_eq!(world.mails().len(), 1);
}

// RS13
#[tokio::test(flavor = "multi_thread")]
async fn a_slow_yes_of_ses_is_a_yes() {
    let world = World::with_real_timeouts().await;
    world.create_user("ada@example.com").await;
    world.forgot("ada@example.com").await;
    world.break_ses(Fault::Slow, 1);
    assert_eq!(world.deliver_all().await, [Outcome::Sent]);
    assert_eq!(world.mails().len(), 1);
}

// RS13
#[tokio::test(flavor = "multi_thread")]
async fn one_delivery_asks_ses_once() {
    let (world, id) = world_with_intent().await;
    world.break_ses(Fault::Throttle, 1);
    assert!(deliver(&world.mailer, id, world.now).await.is_err());
    assert!(world.mails().is_empty(), "sending is not idempotent: the stream tries again, not the SDK");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invited_user_chooses_a_password_within_three_days_and_logs_in() {
    let mut world = World::new().await;
    world.invite("grace@example.com", Role::Lead).await;
    assert_eq!(world.login("grace@example.com", OTHER_PASSWORD).await.status, 401);
    world.deliver_all().await;
    let mail = &world.mails()[0];
    assert!(mail.subject == "Your Latchkey account" && mail.text.contains("within 3 days"), "{}", mail.text);

    world.pass(72 * 3600 * SECOND - SECOND);
    assert_eq!(world.reset(&token_in(mail), OTHER_PASSWORD).await.status, 200);
    assert_eq!(world.login("grace@example.com", OTHER_PASSWORD).await.status, 200);
}

// RS11
#[tokio::test(flavor = "multi_thread")]
async fn a_name_with_markup_or_line_breaks_stays_text() {
    let world = World::new().await;
    let user = world.create_user("ada@example.com").await;
    let name = "<img src=x onerror=alert(1)>\r\nBcc: eve@example.com";
    let name = aws_sdk_dynamodb::types::AttributeValue::S(name.to_owned());
    world.set("Users", &[("user_id", &user.id.to_string())], "name", name).await;
    world.forgot("ada@example.com").await;
    world.deliver_all().await;
    let mail = &world.mails()[0];
    assert!(!mail.html.contains("<img") && mail.html.contains("&lt;img"), "{}", mail.html);
    assert_eq!((mail.to.len(), mail.subject.as_str()), (1, "Reset your Latchkey password"));
}
