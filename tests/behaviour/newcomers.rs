//! First logins of users who were imported without a password hash: by a mailed link, or by the Cognito user pool that
//! they came from.

use std::time::{Duration, Instant};

use latchkey_tests::{
    call::Answer,
    pool::Pool,
    proxy::{Fault, FaultKind},
    world::{OTHER_PASSWORD, PASSWORD, World, text, token_in},
};
use mailer::Outcome;
use serde_json::json;
use shared::domain::{Origin, Status};

const ADA: &str = "ada@example.com";

/// What an unknown e-mail gets.
async fn of_nobody(world: &World) -> Answer {
    world.login("nobody@example.com", PASSWORD).await
}

async fn marks(world: &World) -> (String, String, bool) {
    let row = world.only("Credentials").await;
    (text(&row, "must_reset"), text(&row, "old_username"), row.contains_key("password_hash"))
}

// MV8 LG1
#[tokio::test(flavor = "multi_thread")]
async fn the_first_login_is_answered_as_an_unknown_email_and_has_a_link_mailed() {
    let world = World::new().await;
    world.import_newcomer(ADA, Origin::Cognito, Some("ada")).await;
    assert_eq!(marks(&world).await, ("cognito".to_owned(), "ada".to_owned(), false));

    let unknown = of_nobody(&world).await;
    assert_eq!(unknown.refusal(), (401, "Incorrect email or password"));
    assert_eq!(world.login(ADA, PASSWORD).await, unknown);
    assert_eq!(world.deliver_all().await, [Outcome::Sent]);

    let mail = &world.mails()[0];
    assert_eq!(mail.subject, "Choose a new password for Latchkey");
    let token = token_in(mail);
    assert_eq!(world.reset(&token, OTHER_PASSWORD).await.status, 200);
    assert_eq!(world.login(ADA, OTHER_PASSWORD).await.status, 200);
    assert_eq!(marks(&world).await, (String::new(), String::new(), true));
}

// MV8 RS9
#[tokio::test(flavor = "multi_thread")]
async fn links_are_mailed_as_seldom_as_to_who_asks_for_them() {
    let mut world = World::with(&[("LOCKOUT_ATTEMPTS", "50")]).await;
    world.import_newcomer(ADA, Origin::Firebase, None).await;
    for _ in 0..3 {
        world.login(ADA, PASSWORD).await;
    }
    world.deliver_all().await;
    assert_eq!(world.mails().len(), 1, "within a minute");
    for _ in 0..10 {
        world.pass(Duration::from_secs(60));
        world.login(ADA, PASSWORD).await;
        world.deliver_all().await;
    }
    assert_eq!(world.mails().len(), 5, "in a day");

    let token = token_in(&world.mails()[0]);
    assert_eq!(world.reset(&token, OTHER_PASSWORD).await.status, 200);
    world.pass(Duration::from_secs(2 * 86_400));
    let before = world.scan("Outbox").await.len();
    assert_eq!(world.login(ADA, PASSWORD).await.status, 401);
    assert_eq!(world.scan("Outbox").await.len(), before, "a wrong password of who has one mails nothing");
}

// MV8 LG4 LG5
#[tokio::test(flavor = "multi_thread")]
async fn first_logins_count_and_lock_as_those_of_everybody() {
    let world = World::new().await;
    world.import_newcomer(ADA, Origin::Supabase, None).await;
    for email in [ADA, "nobody@example.com"] {
        for _ in 0..5 {
            assert_eq!(world.login(email, PASSWORD).await.status, 401, "{email}");
        }
        assert_eq!(world.login(email, PASSWORD).await.refusal(), (403, "Account locked. Try again later."));
    }
}

// MV8 RS7
#[tokio::test(flavor = "multi_thread")]
async fn an_inactive_newcomer_is_answered_alike_and_gets_no_mail() {
    let world = World::new().await;
    let user = world.import_newcomer(ADA, Origin::Auth0, None).await;
    world.set_status(user.id, Status::Inactive).await;
    let unknown = of_nobody(&world).await;
    assert_eq!(world.login(ADA, PASSWORD).await, unknown);
    assert_eq!(world.deliver_all().await, [Outcome::NotToBeSent]);
}

// MV8 LG1
#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_can_not_be_queued_changes_nothing_about_the_answer() {
    let world = World::new().await;
    world.import_newcomer(ADA, Origin::Cognito, None).await;
    let unknown = of_nobody(&world).await;
    let (action, table, kind) = ("PutItem", "Outbox", FaultKind::Broken);
    world.proxy.break_calls(Fault { action, table, kind, times: 3 });
    assert_eq!(world.login(ADA, PASSWORD).await, unknown);
    world.proxy.mend();
    // It did not count as one that was mailed.
    world.login(ADA, PASSWORD).await;
    assert_eq!(world.deliver_all().await, [Outcome::Sent]);
}

// MV8 LG2
#[tokio::test(flavor = "multi_thread")]
async fn a_first_login_takes_as_long_as_that_of_an_unknown_email() {
    let world = World::with(&[("LOCKOUT_ATTEMPTS", "50"), ("BCRYPT_COST", "11")]).await;
    world.import_newcomer(ADA, Origin::Cognito, None).await;
    world.login("warm-up@example.com", PASSWORD).await;
    // The fastest of five, in turns: other programs can make a login slower, and none makes it faster than its bcrypt.
    let mut fastest = [Duration::MAX; 2];
    for _ in 0..5 {
        for (fastest, email) in fastest.iter_mut().zip([ADA, "nobody@example.com"]) {
            let began = Instant::now();
            assert_eq!(world.login(email, PASSWORD).await.status, 401);
            *fastest = (*fastest).min(began.elapsed());
        }
    }
    let [newcomer, unknown] = fastest.map(|time| time.as_secs_f64());
    assert!(
        (0.6..1.6).contains(&(newcomer / unknown)),
        "{newcomer} s, and {unknown} s for an unknown e-mail"
    );
}

// MV8
#[tokio::test(flavor = "multi_thread")]
async fn the_old_pool_is_asked_once_and_then_the_password_is_here() {
    let pool = Pool::start().await;
    let world = World::with(&pool.settings()).await;
    world.import_newcomer(ADA, Origin::Cognito, Some("ada-of-old")).await;
    pool.add("ada-of-old", PASSWORD, None);

    let answer = world.login(ADA, PASSWORD).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(world.me(answer.text("access_token")).await.status, 200);
    assert_eq!(marks(&world).await, (String::new(), String::new(), true));
    assert!(text(&world.only("Credentials").await, "password_hash").starts_with("$2b$10$"));
    let trail = world.scan("Audit").await;
    let taken: Vec<_> = trail.iter().filter(|row| text(row, "event") == "take_over_password").collect();
    assert_eq!(taken.len(), 1);
    assert!(!world.everything().await.to_string().contains(PASSWORD));

    pool.set_fault(Some((500, json!({ "__type": "InternalErrorException" }))));
    assert_eq!(world.login(ADA, PASSWORD).await.status, 200);
    assert_eq!(world.login(ADA, OTHER_PASSWORD).await.status, 401);
    assert_eq!(pool.asked(), 1);
    assert!(world.scan("Outbox").await.is_empty(), "nobody needed a link");
}

// MV8 LG1
#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_the_old_pool_refuses_is_a_wrong_one_and_mails_nothing() {
    let pool = Pool::start().await;
    let world = World::with(&pool.settings()).await;
    world.import_newcomer(ADA, Origin::Cognito, None).await;
    pool.add(ADA, PASSWORD, None);
    let unknown = of_nobody(&world).await;
    for _ in 0..5 {
        assert_eq!(world.login(ADA, OTHER_PASSWORD).await, unknown);
    }
    assert_eq!(world.login(ADA, PASSWORD).await.refusal(), (403, "Account locked. Try again later."));
    assert_eq!(pool.asked(), 5, "a locked e-mail asks nobody");
    let kinds: Vec<_> = world.scan("Outbox").await.iter().map(|row| text(row, "kind")).collect();
    assert_eq!(kinds, ["locked_out"]);
}

// MV8 OP6
#[tokio::test(flavor = "multi_thread")]
async fn a_pool_that_does_not_answer_is_a_503_and_no_counted_failure() {
    let pool = Pool::start().await;
    let world = World::with(&pool.settings()).await;
    world.import_newcomer(ADA, Origin::Cognito, None).await;
    pool.add(ADA, PASSWORD, None);
    for (status, answer) in [
        (500, json!({ "__type": "InternalErrorException", "message": "no" })),
        (502, json!(null)),
        (400, json!({ "__type": "TooManyRequestsException", "message": "Rate exceeded" })),
        (400, json!({ "__type": "NotAuthorizedException", "message": "Password attempts exceeded" })),
    ] {
        pool.set_fault(Some((status, answer)));
        for _ in 0..3 {
            assert_eq!(world.login(ADA, PASSWORD).await.status, 503);
        }
    }
    pool.set_fault(None);
    assert_eq!(world.login(ADA, PASSWORD).await.status, 200);
}

// MV8 OP6
#[tokio::test(flavor = "multi_thread")]
async fn a_pool_that_is_gone_is_a_503_too() {
    let pool = Pool::start().await;
    let world = World::with(&pool.settings()).await;
    world.import_newcomer(ADA, Origin::Cognito, None).await;
    drop(pool);
    assert_eq!(world.login(ADA, PASSWORD).await.status, 503);
    assert_eq!(of_nobody(&world).await.status, 401, "nobody else needs it");
}

// MV8 LG1
#[tokio::test(flavor = "multi_thread")]
async fn whom_the_pool_would_ask_for_more_is_mailed_a_link() {
    let pool = Pool::start().await;
    let world = World::with(&pool.settings()).await;
    for (email, challenge) in [
        ("totp@example.com", Some("SOFTWARE_TOKEN_MFA")),
        ("temporary@example.com", Some("NEW_PASSWORD_REQUIRED")),
    ] {
        world.import_newcomer(email, Origin::Cognito, None).await;
        pool.add(email, PASSWORD, challenge);
    }
    world.import_newcomer("unknown@example.com", Origin::Cognito, None).await;
    let unknown = of_nobody(&world).await;
    for email in ["totp@example.com", "temporary@example.com", "unknown@example.com"] {
        assert_eq!(world.login(email, PASSWORD).await, unknown, "{email}");
    }
    // A trigger of the pool's own refuses.
    world.import_newcomer(ADA, Origin::Cognito, None).await;
    pool.set_fault(Some((400, json!({ "__type": "UserLambdaValidationException", "message": "ada" }))));
    assert_eq!(world.login(ADA, PASSWORD).await, unknown);
    world.deliver_all().await;
    assert_eq!(world.mails().len(), 4);
}

// MV8
#[tokio::test(flavor = "multi_thread")]
async fn the_pool_is_asked_about_nobody_who_came_from_elsewhere_and_no_password_that_could_not_be_kept() {
    let pool = Pool::start().await;
    let world = World::with(&pool.settings()).await;
    let long = "Kestrel ".repeat(10);
    world.import_newcomer("fire@example.com", Origin::Firebase, None).await;
    world.import_newcomer("long@example.com", Origin::Cognito, None).await;
    pool.add("fire@example.com", PASSWORD, None);
    pool.add("long@example.com", &long, None);
    assert_eq!(world.login("fire@example.com", PASSWORD).await.status, 401);
    assert_eq!(world.login("long@example.com", &long).await.status, 401);
    assert_eq!(pool.asked(), 0);
    assert_eq!(world.deliver_all().await, [Outcome::Sent; 2]);
}

// MV8
#[tokio::test(flavor = "multi_thread")]
async fn of_many_first_logins_at_once_one_takes_the_password_over_and_all_succeed() {
    let pool = Pool::start().await;
    let world = World::with(&pool.settings()).await;
    world.import_newcomer(ADA, Origin::Cognito, None).await;
    pool.add(ADA, PASSWORD, None);
    let logins = futures::future::join_all((0..4).map(|_| world.login(ADA, PASSWORD))).await;
    assert_eq!(logins.iter().map(|answer| answer.status).collect::<Vec<_>>(), [200; 4]);
    let trail = world.scan("Audit").await;
    assert_eq!(trail.iter().filter(|row| text(row, "event") == "take_over_password").count(), 1);
    assert_eq!(text(&world.only("Users").await, "password_version"), "1");
}
