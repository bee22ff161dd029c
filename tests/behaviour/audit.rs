//! The audit trail: what is in it, what is not, and for how long.

use std::time::Duration;

use latchkey_tests::{
    call::{Answer, Call},
    look::Item,
    world::{OTHER_PASSWORD, PASSWORD, World, text},
};
use serde_json::json;
use shared::domain::{Role, Status};

const ADA: &str = "ada@example.com";

/// A world in which Ada is logged in, her user id, and her session's.
async fn world_with_session() -> (World, Answer, String, String) {
    let world = World::with(&[("REGISTRATION", "on")]).await;
    let user = world.create_user(ADA).await;
    let call = Call::post("/auth/login", json!({ "email": ADA, "password": PASSWORD }));
    let login = world.send(call.header("user-agent", "curl/8.14.1")).await;
    let session = text(&world.only("Sessions").await, "session_id");
    (world, login, user.id.to_string(), session)
}

/// The only entry of an event.
async fn entry(world: &World, event: &str) -> Item {
    let mut entries = world.audited(event).await;
    assert_eq!(entries.len(), 1, "{event}: {entries:?}");
    entries.remove(0)
}

fn summary(entry: &Item) -> [String; 4] {
    ["outcome", "reason", "user_id", "session_id"].map(|name| text(entry, name))
}

// AU1
#[tokio::test(flavor = "multi_thread")]
async fn a_login_is_written_down_with_time_address_program_session_and_request() {
    let (world, _, user, session) = world_with_session().await;
    let entry = entry(&world, "login").await;
    assert_eq!(summary(&entry), ["success", "", &user, &session]);
    assert_eq!(text(&entry, "subject"), format!("user#{user}"));
    assert!(text(&entry, "at").starts_with("2027-01-15T08:00:00Z."), "{entry:?}");
    assert_eq!(
        (text(&entry, "address"), text(&entry, "user_agent")),
        ("203.0.113.7".into(), "curl/8.14.1".into())
    );
    assert_eq!(
        (text(&entry, "request_id"), text(&entry, "day")),
        ("test-request".into(), "2027-01-15".into())
    );
}

// AU1 AU3
#[tokio::test(flavor = "multi_thread")]
async fn failures_and_the_lock_are_written_down_of_known_and_unknown_emails() {
    for (email, is_known) in [(ADA, true), ("hunter2-my-secret@example.com", false)] {
        let (world, _, user, _) = world_with_session().await;
        for _ in 0..7 {
            world.login(email, OTHER_PASSWORD).await;
        }
        let failures: Vec<_> = world
            .audited("login")
            .await
            .into_iter()
            .filter(|row| text(row, "outcome") == "failure")
            .collect();
        assert_eq!(failures.len(), 5, "what is refused unchecked is not written down each time");
        let lock = entry(&world, "lock_account").await;
        for row in failures.iter().chain([&lock]) {
            assert_eq!(text(row, "user_id") == user, is_known);
            assert_eq!(text(row, "email_hash").is_empty(), is_known);
            assert_eq!(text(row, "address"), "203.0.113.7");
        }
        assert_eq!(
            (text(&failures[0], "reason"), text(&lock, "outcome")),
            ("wrong_credentials".into(), "success".into())
        );
        world.deliver_all().await;
        let all = format!("{:?}", world.scan("Audit").await);
        assert!(!all.contains("hunter2") && !all.contains(ADA), "{all}");
    }
}

// AU1 LG7
#[tokio::test(flavor = "multi_thread")]
async fn the_right_password_of_an_inactive_user_is_written_down() {
    let world = World::new().await;
    let user = world.create("idle@example.com", Status::Inactive, 10).await;
    world.login("idle@example.com", PASSWORD).await;
    assert_eq!(
        summary(&entry(&world, "login").await),
        ["failure", "user_inactive", &user.id.to_string(), ""]
    );
}

// AU1
#[tokio::test(flavor = "multi_thread")]
async fn each_end_of_a_session_is_written_down() {
    for (event, outcome, reason) in [
        ("logout", "success", ""),
        ("logout", "success", "everywhere"),
        ("end_session", "success", ""),
        ("refresh_reuse", "failure", "token_used_before"),
    ] {
        let (mut world, login, user, session) = world_with_session().await;
        let token = login.text("refresh_token");
        match (event, reason) {
            ("logout", _) => {
                let body = json!({ "refresh_token": token, "everywhere": reason == "everywhere" });
                world.send(Call::post("/auth/logout", body)).await;
            }
            ("end_session", _) => _ = world.end_session(login.text("access_token"), &session).await,
            _ => {
                world.refresh(token).await;
                world.pass(Duration::from_secs(60));
                world.refresh(token).await;
                world.refresh(token).await;
            }
        }
        assert_eq!(summary(&entry(&world, event).await), [outcome, reason, &user, &session]);
    }
}

// AU1
#[tokio::test(flavor = "multi_thread")]
async fn each_change_of_an_account_and_each_mail_is_written_down() {
    let (mut world, login, user, session) = world_with_session().await;
    world.change_email(login.text("access_token"), "new@example.com", PASSWORD).await;
    let token = world.token_mailed_to("new@example.com").await;
    world.confirm_email(login.text("access_token"), &token).await;
    world.change_password(login.text("access_token"), "Wrong-Guess-11", OTHER_PASSWORD).await;
    world.change_password(login.text("access_token"), PASSWORD, OTHER_PASSWORD).await;
    world.pass(Duration::from_secs(61));
    world.forgot("new@example.com").await;
    let token = world.token_mailed_to("new@example.com").await;
    world.reset(&token, "Marble-Anchor-63").await;
    world.deliver_all().await;

    assert_eq!(summary(&entry(&world, "change_email").await), ["success", "", &user, &session]);
    assert_eq!(summary(&entry(&world, "confirm_email").await), ["success", "", &user, &session]);
    let mut changes: Vec<_> = world.audited("change_password").await.iter().map(summary).collect();
    changes.sort();
    assert_eq!(
        changes,
        [
            ["failure", "wrong_credentials", &user, &session].map(str::to_owned),
            ["success", "", &user, &session].map(str::to_owned)
        ]
    );
    assert_eq!(summary(&entry(&world, "reset_password").await), ["success", "", &user, ""]);
    let mut mails: Vec<_> = world.audited("mail").await.iter().map(|row| text(row, "reason")).collect();
    mails.sort();
    assert_eq!(
        mails,
        ["email_change", "email_changed", "password_changed", "password_changed", "password_reset"]
    );
    assert!(world.audited("mail").await.iter().all(|row| text(row, "user_id") == user));
}

// AU3
#[tokio::test(flavor = "multi_thread")]
async fn no_password_no_token_and_no_email_is_in_the_trail() {
    let (world, login, ..) = world_with_session().await;
    let mut secrets: Vec<String> =
        ["access_token", "refresh_token", "device_token"].map(|name| login.text(name).to_owned()).to_vec();
    world.login("my-secret-password@example.com", "another-Secret-99").await;
    world.register("my-other-secret@example.com").await;
    secrets.push(world.token_mailed_to("my-other-secret@example.com").await);
    world.verify_email(&secrets[3], OTHER_PASSWORD).await;
    world.change_email(login.text("access_token"), "my-third-secret@example.com", PASSWORD).await;
    secrets.push(world.token_mailed_to("my-third-secret@example.com").await);
    world.confirm_email(login.text("access_token"), &secrets[4]).await;
    world.forgot("my-fourth-secret@example.com").await;
    world.change_password(login.text("access_token"), PASSWORD, OTHER_PASSWORD).await;
    world.deliver_all().await;

    let all = format!("{:?}", world.scan("Audit").await);
    secrets.extend([PASSWORD, OTHER_PASSWORD, "another-Secret", "secret", "$2b$", "@"].map(str::to_owned));
    for secret in secrets {
        assert!(!all.contains(&secret), "{secret}");
        assert!(!secret.contains('.') || !all.contains(secret.rsplit('.').next().expect("a signature")));
    }
}

// AU3
#[tokio::test(flavor = "multi_thread")]
async fn entries_are_kept_as_long_as_is_set() {
    for (settings, days) in [(vec![], 365), (vec![("AUDIT_RETENTION_DAYS", "30")], 30)] {
        let world = World::with(&settings).await;
        world.create_user(ADA).await;
        world.login(ADA, PASSWORD).await;
        world.forgot(ADA).await;
        world.deliver_all().await;
        for row in world.scan("Audit").await {
            let expires_at = (world.now + Duration::from_secs(days * 86_400)).epoch_seconds().to_string();
            assert_eq!(text(&row, "expires_at"), expires_at, "{row:?}");
        }
    }
}

// AU1 NT1
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_to_who_has_no_account_is_written_down_by_its_hash_and_one_that_was_not_sent_is_not() {
    let world = World::with(&[("REGISTRATION", "on")]).await;
    world.register("eve@example.com").await;
    world.forgot("nobody@example.com").await;
    world.invite("grace@example.com", Role::Member).await;
    world.deliver_all().await;
    let mails = world.audited("mail").await;
    let mut reasons: Vec<_> =
        mails.iter().map(|row| (text(row, "reason"), text(row, "email_hash").len())).collect();
    reasons.sort();
    assert_eq!(reasons.len(), 2, "none to nobody: {mails:?}");
    assert_eq!((reasons[0].0.as_str(), reasons[0].1), ("invitation", 0));
    assert_eq!(reasons[1].0, "registration");
    assert!(reasons[1].1 > 0);
}
