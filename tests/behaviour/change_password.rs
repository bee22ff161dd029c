//! `POST /auth/change-password`.

use std::time::Duration;

use latchkey_tests::{
    call::{Answer, Call},
    world::{OTHER_PASSWORD, PASSWORD, World},
};
use serde_json::{Value, json};
use shared::domain::Status;

const ADA: &str = "ada@example.com";
const LOCKED: (u16, &str) = (403, "Account locked. Try again later.");
const NOT_CURRENT: (u16, &str) = (422, "current_password is not the current password");
const MINUTE: Duration = Duration::from_secs(60);

async fn world_with_session() -> (World, Answer) {
    let world = World::new().await;
    world.create_user(ADA).await;
    let session = world.login(ADA, PASSWORD).await;
    (world, session)
}

/// How many failed attempts are remembered of the e-mail.
async fn failures(world: &World) -> usize {
    let rows = world.scan("Lockouts").await;
    rows.iter().filter_map(|row| row.get("attempts")?.as_bs().ok()).map(Vec::len).sum()
}

// RT11
#[tokio::test(flavor = "multi_thread")]
async fn a_changed_password_logs_in_and_the_one_before_does_not() {
    let (world, session) = world_with_session().await;

    let answer = world.change_password(session.text("access_token"), PASSWORD, OTHER_PASSWORD).await;

    assert_eq!((answer.status, answer.text("token_type")), (200, "bearer"), "{answer:?}");
    assert_eq!(answer.body["expires_in"], 900);
    assert!(!answer.body.to_string().contains(OTHER_PASSWORD));
    assert_eq!(world.login(ADA, PASSWORD).await.status, 401);
    assert_eq!(world.login(ADA, OTHER_PASSWORD).await.status, 200);
}

// RT11
#[tokio::test(flavor = "multi_thread")]
async fn the_session_that_asked_goes_on_and_all_others_end() {
    let (world, session) = world_with_session().await;
    let other = world.login(ADA, PASSWORD).await;

    let answer = world.change_password(session.text("access_token"), PASSWORD, OTHER_PASSWORD).await;

    assert_eq!(world.me(answer.text("access_token")).await.status, 200);
    assert_eq!(world.me(session.text("access_token")).await.status, 401, "of the generation before");
    assert_eq!(world.me(other.text("access_token")).await.status, 401);
    assert_eq!(world.refresh(other.text("refresh_token")).await.status, 401);
    let refreshed = world.refresh(session.text("refresh_token")).await;
    assert_eq!(refreshed.status, 200);
    assert_eq!(world.me(refreshed.text("access_token")).await.status, 200);
    let listed = world.sessions(refreshed.text("access_token")).await;
    assert_eq!(listed.body["sessions"].as_array().map(Vec::len), Some(1));
}

// RT11
#[tokio::test(flavor = "multi_thread")]
async fn it_voids_a_mailed_reset_link_and_the_link_of_a_new_address() {
    let (world, session) = world_with_session().await;
    let reset = world.mailed_token(ADA).await;
    world.change_email(session.text("access_token"), "new@example.com", PASSWORD).await;
    let confirm = world.token_mailed_to("new@example.com").await;

    let session = world.change_password(session.text("access_token"), PASSWORD, OTHER_PASSWORD).await;

    let stolen = "Marble-Anchor-63";
    assert_eq!(world.reset(&reset, stolen).await.refusal(), (400, "Invalid or expired reset token"));
    assert_eq!(world.confirm_email(session.text("access_token"), &confirm).await.status, 400);
    assert_eq!(world.login(ADA, OTHER_PASSWORD).await.status, 200);
}

// RT11 RS5
#[tokio::test(flavor = "multi_thread")]
async fn links_that_were_asked_for_before_it_are_not_mailed_after_it() {
    let (mut world, session) = world_with_session().await;
    world.forgot(ADA).await;
    world.change_email(session.text("access_token"), "new@example.com", PASSWORD).await;
    world.pass(MINUTE);
    world.change_password(session.text("access_token"), PASSWORD, OTHER_PASSWORD).await;
    assert_eq!(world.subjects_to(ADA).await, ["Your Latchkey password was changed"]);
    assert!(world.mails_to("new@example.com").is_empty());
}

// RT11 NT1
#[tokio::test(flavor = "multi_thread")]
async fn the_owner_is_told_by_mail() {
    let (world, session) = world_with_session().await;
    world.change_password(session.text("access_token"), PASSWORD, OTHER_PASSWORD).await;
    assert_eq!(world.subjects_to(ADA).await, ["Your Latchkey password was changed"]);
    assert!(!world.mails()[0].text.contains(OTHER_PASSWORD));
}

// RT11
#[tokio::test(flavor = "multi_thread")]
async fn wrong_current_passwords_lock_the_account_for_logins_too() {
    let (mut world, session) = world_with_session().await;
    let access = session.text("access_token");
    for _ in 0..5 {
        let answer = world.change_password(access, "Wrong-Guess-11", OTHER_PASSWORD).await;
        assert_eq!(answer.refusal(), NOT_CURRENT);
        assert_eq!(answer.body["errors"][0]["field"], "current_password");
    }
    assert_eq!(world.change_password(access, PASSWORD, OTHER_PASSWORD).await.refusal(), LOCKED);
    assert_eq!(world.login(ADA, PASSWORD).await.refusal(), LOCKED);
    assert_eq!(world.me(access).await.status, 200, "the session goes on");
    world.pass(30 * MINUTE);
    let again = world.refresh(session.text("refresh_token")).await;
    assert_eq!(world.change_password(again.text("access_token"), PASSWORD, OTHER_PASSWORD).await.status, 200);
}

// RT11
#[tokio::test(flavor = "multi_thread")]
async fn failures_at_the_login_count_here_and_a_change_forgets_them() {
    let (world, session) = world_with_session().await;
    for _ in 0..4 {
        assert_eq!(world.login(ADA, OTHER_PASSWORD).await.status, 401);
    }
    let answer = world.change_password(session.text("access_token"), PASSWORD, OTHER_PASSWORD).await;
    assert_eq!(answer.status, 200);
    assert_eq!(failures(&world).await, 0);
    for _ in 0..4 {
        assert_eq!(world.login(ADA, PASSWORD).await.status, 401);
    }
    assert_eq!(world.login(ADA, OTHER_PASSWORD).await.status, 200);
}

// RT11 PW7
#[tokio::test(flavor = "multi_thread")]
async fn a_weak_or_the_same_new_password_leaves_everything_as_it_was() {
    let (world, session) = world_with_session().await;
    for _ in 0..4 {
        world.login(ADA, OTHER_PASSWORD).await;
    }
    let before = world.everything().await;
    for (new, rule) in [
        ("short", "12"),
        ("Password123!", "common"),
        (PASSWORD, "must differ from the current password"),
        ("Ada-Lovelace-ada-11", "e-mail"),
    ] {
        for _ in 0..3 {
            let answer = world.change_password(session.text("access_token"), PASSWORD, new).await;
            assert_eq!((answer.status, &answer.body["errors"][0]["field"]), (422, &json!("new_password")));
            assert!(answer.text("detail").contains(rule), "{new}: {answer:?}");
        }
    }
    assert_eq!(world.everything().await, before, "four failures are four still");
    assert_eq!(world.queued("password_changed").await, 0);
    let session = world.change_password(session.text("access_token"), PASSWORD, OTHER_PASSWORD).await;
    assert_eq!(session.status, 200);
}

// RT11
#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_access_token_without_the_password_changes_nothing() {
    let (world, session) = world_with_session().await;
    let before = world.everything().await;
    let access = session.text("access_token");
    for body in [
        json!({ "new_password": OTHER_PASSWORD }),
        json!({ "current_password": "", "new_password": OTHER_PASSWORD }),
        json!({ "current_password": null, "new_password": OTHER_PASSWORD }),
        json!({ "current_password": PASSWORD, "new_password": OTHER_PASSWORD, "email": "eve@example.com" }),
    ] {
        let answer = world.send(Call::post("/auth/change-password", body).bearer(access)).await;
        assert_eq!(answer.status, 422, "{answer:?}");
    }
    let body = json!({ "current_password": PASSWORD, "new_password": OTHER_PASSWORD });
    let answer = world.send(Call::post("/auth/change-password", body)).await;
    assert_eq!(answer.refusal(), (401, "Not authenticated"));
    let after = world.everything().await;
    for table in ["Credentials", "Users", "Sessions"] {
        assert_eq!(after[table], before[table]);
    }
    assert_ne!(before["Users"], Value::Null);
}

// RT11
#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ended_meanwhile_changes_nothing_and_its_right_password_is_no_failure() {
    let (world, session) = world_with_session().await;
    world.login(ADA, PASSWORD).await;
    let body = json!({ "refresh_token": session.text("refresh_token") });
    assert_eq!(world.send(Call::post("/auth/logout", body)).await.status, 204);
    let before = world.everything().await;
    for _ in 0..6 {
        let answer = world.change_password(session.text("access_token"), PASSWORD, OTHER_PASSWORD).await;
        assert_eq!(answer.refusal(), (401, "Could not validate credentials"));
    }
    assert_eq!(failures(&world).await, 0);
    for table in ["Credentials", "Users", "Sessions"] {
        assert_eq!(world.everything().await[table], before[table]);
    }
    assert_eq!(world.login(ADA, PASSWORD).await.status, 200);
}

// RT11
#[tokio::test(flavor = "multi_thread")]
async fn an_inactive_user_changes_nothing() {
    let world = World::new().await;
    let user = world.create_user(ADA).await;
    let session = world.login(ADA, PASSWORD).await;
    world.set_status(user.id, Status::Inactive).await;
    let answer = world.change_password(session.text("access_token"), PASSWORD, OTHER_PASSWORD).await;
    assert_eq!(answer.refusal(), (403, "User account is inactive"));
}
