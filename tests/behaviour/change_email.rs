//! `POST /auth/change-email` and `POST /auth/confirm-email`.

use std::time::Duration;

use latchkey_tests::{
    call::Answer,
    proxy::{Fault, FaultKind},
    world::{OTHER_PASSWORD, PASSWORD, World, token_in},
};
use serde_json::json;
use shared::domain::Status;

const ADA: &str = "ada@example.com";
const NEW: &str = "ada.new@example.com";
const SECOND: Duration = Duration::from_secs(1);

async fn world_with_session() -> (World, Answer) {
    let world = World::new().await;
    world.create_user(ADA).await;
    let session = world.login(ADA, PASSWORD).await;
    (world, session)
}

/// The token of a mail that was asked for with that session.
async fn token_for(world: &World, session: &Answer, email: &str) -> String {
    assert_eq!(world.change_email(session.text("access_token"), email, PASSWORD).await.status, 200);
    world.token_mailed_to(email).await
}

// EM1
#[tokio::test(flavor = "multi_thread")]
async fn an_account_moves_to_the_address_that_was_confirmed_and_sessions_go_on() {
    let (world, session) = world_with_session().await;
    let before = world.everything().await;
    let asked = world.change_email(session.text("access_token"), " Ada.NEW@example.com ", PASSWORD).await;
    assert_eq!(asked.status, 200);
    assert_eq!(world.everything().await, before, "nothing has changed yet");
    let token = world.token_mailed_to(NEW).await;
    assert!(world.mails_to(NEW)[0].text.contains("\nhttps://app.example.com/change-email#token="));
    assert_eq!(world.login(ADA, PASSWORD).await.status, 200);

    let confirmed = world.confirm_email(session.text("access_token"), &token).await;

    assert_eq!((confirmed.status, confirmed.header("set-cookie")), (200, None), "{confirmed:?}");
    assert_eq!(world.login(ADA, PASSWORD).await.refusal(), (401, "Incorrect email or password"));
    let login = world.login(NEW, PASSWORD).await;
    assert_eq!((login.status, &login.body["user"]["email"]), (200, &json!(NEW)));
    assert_eq!(world.me(session.text("access_token")).await.body["email"], NEW);
    assert_eq!(world.refresh(session.text("refresh_token")).await.status, 200);
}

// EM1 NT1
#[tokio::test(flavor = "multi_thread")]
async fn the_old_address_is_told_and_the_new_one_learns_no_name() {
    let (world, session) = world_with_session().await;
    let token = token_for(&world, &session, NEW).await;
    assert!(!world.mails_to(NEW)[0].text.contains("Ada Lovelace"), "it may be a stranger's");
    assert!(world.mails_to(ADA).is_empty());
    world.confirm_email(session.text("access_token"), &token).await;
    assert_eq!(world.subjects_to(ADA).await, ["Your address at Latchkey was changed"]);
    assert!(world.mails_to(ADA)[0].text.contains(NEW));
}

// EM1
#[tokio::test(flavor = "multi_thread")]
async fn the_current_password_is_asked_for_and_failures_lock() {
    let (world, session) = world_with_session().await;
    let access = session.text("access_token");
    for _ in 0..5 {
        let answer = world.change_email(access, NEW, OTHER_PASSWORD).await;
        assert_eq!((answer.status, &answer.body["errors"][0]["field"]), (422, &json!("current_password")));
    }
    assert_eq!(world.change_email(access, NEW, PASSWORD).await.status, 403);
    assert_eq!(world.login(ADA, PASSWORD).await.status, 403);
    world.deliver_all().await;
    assert!(world.mails_to(NEW).is_empty());
}

// EM1
#[tokio::test(flavor = "multi_thread")]
async fn the_right_password_forgets_failures() {
    let (world, session) = world_with_session().await;
    for _ in 0..3 {
        for _ in 0..4 {
            assert_eq!(
                world.change_email(session.text("access_token"), NEW, OTHER_PASSWORD).await.status,
                422
            );
        }
        assert_eq!(world.change_email(session.text("access_token"), NEW, PASSWORD).await.status, 200);
    }
    assert!(world.scan("Lockouts").await.is_empty());
}

// EM3
#[tokio::test(flavor = "multi_thread")]
async fn a_taken_address_gets_the_same_answer_and_its_owner_a_mail() {
    let (mut world, session) = world_with_session().await;
    world.create_user("grace@example.com").await;
    world.create("idle@example.com", Status::Inactive, 10).await;
    let access = session.text("access_token");

    let free = world.change_email(access, NEW, PASSWORD).await;
    for email in ["grace@example.com", "idle@example.com"] {
        // Each before the next is asked for: what a newer request voids is not told any more.
        world.deliver_all().await;
        world.pass(SECOND);
        assert_eq!(world.change_email(access, email, PASSWORD).await, free, "{email}");
    }

    assert_eq!(world.subjects_to("grace@example.com").await, ["You already have an account at Latchkey"]);
    let mail = &world.mails_to("grace@example.com")[0];
    assert!(!mail.text.contains("#token=") && !mail.text.contains(ADA));
    assert!(world.mails_to("idle@example.com").is_empty());
    let token = token_in(&world.mails_to(NEW)[0]);
    let confirmed = world.confirm_email(access, &token).await;
    assert_eq!(confirmed.status, 400, "the first link is void, as it would be had the others been free");
}

// EM3
#[tokio::test(flavor = "multi_thread")]
async fn a_free_a_taken_and_a_cooled_down_address_cost_the_same_calls() {
    let (world, session) = world_with_session().await;
    world.create_user("grace@example.com").await;
    let mut costs = Vec::new();
    for email in [NEW, "grace@example.com", NEW] {
        world.proxy.start_counting();
        assert_eq!(world.change_email(session.text("access_token"), email, PASSWORD).await.status, 200);
        costs.push(world.proxy.cost());
    }
    assert!(costs.iter().all(|cost| *cost == costs[0]), "free, taken, cooled down: {costs:?}");
}

// EM1
#[tokio::test(flavor = "multi_thread")]
async fn ones_own_address_is_no_new_one() {
    let (world, session) = world_with_session().await;
    let answer = world.change_email(session.text("access_token"), "ADA@example.com", PASSWORD).await;
    assert_eq!((answer.status, &answer.body["errors"][0]["field"]), (422, &json!("new_email")));
    assert!(world.scan("Outbox").await.is_empty());
}

// EM1
#[tokio::test(flavor = "multi_thread")]
async fn at_most_one_mail_a_minute_goes_to_a_new_address() {
    let (mut world, session) = world_with_session().await;
    let access = session.text("access_token");
    let first = world.change_email(access, NEW, PASSWORD).await;
    world.pass(59 * SECOND);
    assert_eq!(world.change_email(access, NEW, PASSWORD).await, first);
    world.deliver_all().await;
    assert_eq!(world.mails_to(NEW).len(), 1);
    world.pass(SECOND);
    world.change_email(access, NEW, PASSWORD).await;
    world.deliver_all().await;
    assert_eq!(world.mails_to(NEW).len(), 2);
}

// EM1 OP6
#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_failed_is_no_failure_of_the_password_and_gets_its_mail_when_repeated() {
    for (action, table) in [
        ("GetItem", "Credentials"),
        ("UpdateItem", "Lockouts"),
        ("DeleteItem", "Lockouts"),
        ("UpdateItem", "RateLimits"),
        ("PutItem", "Outbox"),
        ("PutItem", "Audit"),
    ] {
        let world = World::with_real_timeouts().await;
        world.create_user(ADA).await;
        let session = world.login(ADA, PASSWORD).await;
        for _ in 0..6 {
            world.proxy.break_calls(Fault { action, table, kind: FaultKind::Broken, times: 3 });
            let answer = world.change_email(session.text("access_token"), NEW, PASSWORD).await;
            assert!([200, 503].contains(&answer.status), "{action} {table}: {answer:?}");
            world.proxy.mend();
        }
        let answer = world.change_email(session.text("access_token"), NEW, PASSWORD).await;
        assert_eq!(answer.status, 200, "{action} {table}: {answer:?}");
        let token = world.token_mailed_to(NEW).await;
        assert_eq!(
            world.confirm_email(session.text("access_token"), &token).await.status,
            200,
            "{action} {table}"
        );
    }
}
