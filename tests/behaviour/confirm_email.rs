//! `POST /auth/confirm-email`: the link that moves an account to another address.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use latchkey_tests::{
    call::{Answer, Call},
    proxy::{Fault, FaultKind},
    world::{OTHER_PASSWORD, PASSWORD, World, text, token_in},
};
use serde_json::json;
use shared::domain::{ResetToken, Status, VerificationToken};

const ADA: &str = "ada@example.com";
const NEW: &str = "ada.new@example.com";
const INVALID: (u16, &str) = (400, "Invalid or expired verification token");
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

// EM1 LG12
#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_device_stays_trusted_under_the_new_address() {
    let (world, session) = world_with_session().await;
    world.confirm_email(session.text("access_token"), &token_for(&world, &session, NEW).await).await;
    for _ in 0..5 {
        assert_eq!(world.login(NEW, OTHER_PASSWORD).await.status, 401);
    }
    assert_eq!(world.login(NEW, PASSWORD).await.status, 403);
    assert_eq!(world.login_on(session.text("device_token"), NEW, PASSWORD).await.status, 200);
}

// EM1
#[tokio::test(flavor = "multi_thread")]
async fn failures_of_the_new_address_and_the_old_one_stay_where_they_are() {
    let (world, session) = world_with_session().await;
    let token = token_for(&world, &session, NEW).await;
    for email in [ADA, NEW] {
        for _ in 0..4 {
            assert_eq!(world.login(email, OTHER_PASSWORD).await.status, 401);
        }
    }
    assert_eq!(world.confirm_email(session.text("access_token"), &token).await.status, 200);
    for email in [ADA, NEW] {
        assert_eq!(world.login(email, OTHER_PASSWORD).await.status, 401, "the fifth");
        assert_eq!(world.login(email, PASSWORD).await.status, 403);
    }
}

// EM1
#[tokio::test(flavor = "multi_thread")]
async fn a_link_works_once_and_for_a_day() {
    let (mut world, session) = world_with_session().await;
    let token = token_for(&world, &session, NEW).await;
    world.pass(86_400 * SECOND);
    let session = world.login(ADA, PASSWORD).await;
    assert_eq!(world.confirm_email(session.text("access_token"), &token).await.refusal(), INVALID);
    world.now = world.now - SECOND;
    assert_eq!(world.confirm_email(session.text("access_token"), &token).await.status, 200);
    assert_eq!(world.confirm_email(session.text("access_token"), &token).await.refusal(), INVALID);
    for junk in ["", "junk", &token[1..]] {
        assert_eq!(
            world.confirm_email(session.text("access_token"), junk).await.refusal(),
            INVALID,
            "{junk}"
        );
    }
}

// EM3
#[tokio::test(flavor = "multi_thread")]
async fn a_newer_request_a_new_password_and_a_reset_void_a_link() {
    for what in ["newer", "newer for the same", "password", "reset"] {
        let (mut world, session) = world_with_session().await;
        let token = token_for(&world, &session, NEW).await;
        world.pass(61 * SECOND);
        let access = session.text("access_token");
        match what {
            "newer" => _ = token_for(&world, &session, "ada.third@example.com").await,
            "newer for the same" => {
                world.change_email(access, NEW, PASSWORD).await;
                world.deliver_all().await;
            }
            "password" => _ = world.change_password(access, PASSWORD, OTHER_PASSWORD).await,
            _ => {
                let reset = world.mailed_token(ADA).await;
                assert_eq!(world.reset(&reset, OTHER_PASSWORD).await.status, 200);
            }
        }
        let password = if what.starts_with("newer") { PASSWORD } else { OTHER_PASSWORD };
        let session = world.login(ADA, password).await;
        let before = world.everything().await;
        assert_eq!(
            world.confirm_email(session.text("access_token"), &token).await.refusal(),
            INVALID,
            "{what}"
        );
        assert_eq!(world.everything().await, before, "{what}");
    }
}

// EM3
#[tokio::test(flavor = "multi_thread")]
async fn a_link_of_an_older_request_that_is_late_in_the_mail_stays_void_after_a_move() {
    let (mut world, session) = world_with_session().await;
    world.change_email(session.text("access_token"), "ada.older@example.com", PASSWORD).await;
    let late = text(&world.only("Outbox").await, "id").parse().expect("an id");
    world.pass(61 * SECOND);
    world.change_email(session.text("access_token"), NEW, PASSWORD).await;
    for row in world.scan("Outbox").await {
        let id = text(&row, "id").parse().expect("an id");
        if id != late {
            mailer::deliver(&world.mailer, id, world.now).await.expect("delivers");
        }
    }
    let newer = token_in(&world.mails_to(NEW)[0]);
    assert_eq!(world.confirm_email(session.text("access_token"), &newer).await.status, 200);

    world.deliver_all().await;

    assert!(world.mails_to("ada.older@example.com").is_empty());
    assert_eq!(world.login(NEW, PASSWORD).await.status, 200);
}

// EM3
#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_was_asked_for_before_a_new_password_stays_void_after_a_move() {
    let (mut world, session) = world_with_session().await;
    world.change_email(session.text("access_token"), "ada.older@example.com", PASSWORD).await;
    let asked = world.now;
    world.pass(SECOND);
    let session = world.change_password(session.text("access_token"), PASSWORD, OTHER_PASSWORD).await;
    world.pass(SECOND);
    world.change_email(session.text("access_token"), NEW, OTHER_PASSWORD).await;
    let token = world.token_mailed_to(NEW).await;
    assert_eq!(world.confirm_email(session.text("access_token"), &token).await.status, 200);
    assert!(world.mails_to("ada.older@example.com").is_empty());

    let user = world.only("Users").await;
    let id = text(&user, "user_id").parse().expect("an id");
    let email = text(&user, "email").parse().expect("an e-mail");
    let hash = VerificationToken::generate().hash();
    let credentials = &world.app.store.credentials;
    assert!(!credentials.set_email_change_token(&email, id, &hash, asked).await.expect("answers"));
    let forgot = ResetToken::generate().hash();
    assert!(!credentials.set_reset_token(&email, &forgot, asked).await.expect("answers"), "nor a reset's");
}

// EM3
#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_never_made_for_who_has_the_address_now() {
    let (world, session) = world_with_session().await;
    let ada = text(&world.only("Users").await, "user_id").parse().expect("an id");
    world.confirm_email(session.text("access_token"), &token_for(&world, &session, NEW).await).await;
    let other = world.create_user(ADA).await;
    let before = world.everything().await;
    let hash = VerificationToken::generate().hash();
    let credentials = &world.app.store.credentials;
    // A mailer that read Ada before she moved.
    let made = credentials.set_email_change_token(&other.email, ada, &hash, world.now + SECOND).await;
    assert!(!made.expect("answers"));
    assert_eq!(world.everything().await, before);
}

// EM1
#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_the_signed_in_user_who_asked_confirms() {
    let (world, session) = world_with_session().await;
    world.create_user("eve@example.com").await;
    let eve = world.login("eve@example.com", PASSWORD).await;
    let token = token_for(&world, &session, NEW).await;
    let before = world.everything().await;
    let nobody = Call::post("/auth/confirm-email", json!({ "token": token }));
    assert_eq!(world.send(nobody).await.refusal(), (401, "Not authenticated"));
    assert_eq!(world.confirm_email(eve.text("access_token"), &token).await.refusal(), INVALID);
    assert_eq!(world.everything().await, before);
    assert_eq!(world.confirm_email(session.text("access_token"), &token).await.status, 200);
}

// EM1 RS3
#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_one_purpose_is_none_for_another() {
    let world = World::with(&[("REGISTRATION", "on")]).await;
    world.create_user(ADA).await;
    let session = world.login(ADA, PASSWORD).await;
    world.register("eve@example.com").await;
    let registration = world.token_mailed_to("eve@example.com").await;
    let reset = world.mailed_token(ADA).await;
    let email = token_for(&world, &session, NEW).await;
    let before = world.everything().await;

    for token in [&registration, &reset] {
        assert_eq!(world.confirm_email(session.text("access_token"), token).await.refusal(), INVALID);
    }
    for token in [&email, &reset] {
        assert_eq!(world.verify_email(token, OTHER_PASSWORD).await.refusal(), INVALID);
    }
    for token in [&registration, &email] {
        assert_eq!(
            world.reset(token, OTHER_PASSWORD).await.refusal(),
            (400, "Invalid or expired reset token")
        );
    }
    assert_eq!(world.everything().await, before);
    assert_eq!(world.confirm_email(session.text("access_token"), &email).await.status, 200);
}

// EM1
#[tokio::test(flavor = "multi_thread")]
async fn an_inactive_user_and_one_who_is_gone_move_nowhere() {
    for gone in [false, true] {
        let world = World::new().await;
        let user = world.create_user(ADA).await;
        let session = world.login(ADA, PASSWORD).await;
        let token = token_for(&world, &session, NEW).await;
        if gone {
            for (table, key, value) in
                [("Users", "user_id", user.id.to_string()), ("Credentials", "email", ADA.to_owned())]
            {
                let delete = world.dynamo.delete_item().table_name(format!("latchkey-{table}"));
                delete.key(key, AttributeValue::S(value)).send().await.expect("deletes");
            }
        } else {
            world.set_status(user.id, Status::Inactive).await;
        }
        let before = world.everything().await;
        let refusal =
            if gone { (401, "Could not validate credentials") } else { (403, "User account is inactive") };
        assert_eq!(world.confirm_email(session.text("access_token"), &token).await.refusal(), refusal);
        assert_eq!(world.everything().await, before, "{gone}");
    }
}

// EM1
#[tokio::test(flavor = "multi_thread")]
async fn the_old_address_is_free_and_its_new_owner_is_a_stranger() {
    let world = World::with(&[("REGISTRATION", "on")]).await;
    world.create_user(ADA).await;
    let session = world.login(ADA, PASSWORD).await;
    world.confirm_email(session.text("access_token"), &token_for(&world, &session, NEW).await).await;

    world.register(ADA).await;
    let token = world.token_mailed_to(ADA).await;
    assert_eq!(world.verify_email(&token, OTHER_PASSWORD).await.status, 200);

    let (stranger, ada) = (world.login(ADA, OTHER_PASSWORD).await, world.login(NEW, PASSWORD).await);
    assert_eq!((stranger.status, ada.status), (200, 200));
    assert_ne!(stranger.body["user"]["id"], ada.body["user"]["id"]);
}

// EM1 OP6
#[tokio::test(flavor = "multi_thread")]
async fn without_one_of_its_tables_no_account_moves_and_the_request_can_be_repeated() {
    for (action, table) in [
        ("GetItem", "EmailVerifications"),
        ("GetItem", "Users"),
        ("GetItem", "Credentials"),
        ("TransactWriteItems", "Users"),
    ] {
        let world = World::with_real_timeouts().await;
        world.create_user(ADA).await;
        let session = world.login(ADA, PASSWORD).await;
        let token = token_for(&world, &session, NEW).await;
        let before = world.everything().await;
        world.proxy.break_calls(Fault { action, table, kind: FaultKind::Broken, times: 3 });
        assert_eq!(
            world.confirm_email(session.text("access_token"), &token).await.status,
            503,
            "{action} {table}"
        );
        assert_eq!((world.everything().await, world.queued("email_changed").await), (before, 0));
        world.proxy.mend();
        assert_eq!(
            world.confirm_email(session.text("access_token"), &token).await.status,
            200,
            "{action} {table}"
        );
    }
}
