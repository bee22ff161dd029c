//! Who was invited and has no password yet: every way leads to the invitation, and mails say what is true of them.

use std::time::Duration;

use latchkey_tests::world::{OTHER_PASSWORD, PASSWORD, World, token_in};
use serde_json::json;
use shared::domain::Role;

const GRACE: &str = "grace@example.com";
const INVITATION: &str = "Your Latchkey account";
const HOUR: Duration = Duration::from_secs(3600);

/// A world with an invited user, whose first mail is delivered.
async fn world_with_invited() -> World {
    let mut world = World::with(&[("REGISTRATION", "on")]).await;
    world.invite(GRACE, Role::Member).await;
    assert_eq!(world.subjects_to(GRACE).await, [INVITATION]);
    world.pass(HOUR);
    world
}

// NT1 RS12
#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_that_never_was_brings_the_invitation_again_with_its_lifetime() {
    let mut world = world_with_invited().await;
    world.forgot(GRACE).await;
    assert_eq!(world.subjects_to(GRACE).await, [INVITATION; 2]);
    let mail = world.mails_to(GRACE).remove(0);
    assert!(mail.text.contains("within 3 days") && !mail.text.contains("stays as it is"), "{}", mail.text);
    world.pass(71 * HOUR);
    assert_eq!(world.reset(&token_in(&mail), OTHER_PASSWORD).await.status, 200);
}

// RG1
#[tokio::test(flavor = "multi_thread")]
async fn a_registration_with_an_invited_address_brings_the_invitation_again() {
    let world = world_with_invited().await;
    world.register(GRACE).await;
    assert_eq!(world.subjects_to(GRACE).await, [INVITATION; 2]);
    let token = token_in(&world.mails_to(GRACE)[0]);
    assert_eq!(world.reset(&token, OTHER_PASSWORD).await.status, 200);
    assert_eq!(world.login(GRACE, OTHER_PASSWORD).await.status, 200);
}

// EM3
#[tokio::test(flavor = "multi_thread")]
async fn an_invited_user_whose_address_another_wants_is_not_told_to_log_in_as_always() {
    let world = world_with_invited().await;
    world.create_user("ada@example.com").await;
    let access = world.login("ada@example.com", PASSWORD).await.text("access_token").to_owned();
    world.change_email(&access, GRACE, PASSWORD).await;
    assert_eq!(world.subjects_to(GRACE).await[0], "You already have an account at Latchkey");
    let mail = world.mails_to(GRACE).remove(0);
    assert!(mail.text.contains("you have not chosen a password yet"), "{}", mail.text);
    assert!(!mail.text.contains("as always") && !mail.html.contains("as always"), "{}", mail.text);
}

// NT1
#[tokio::test(flavor = "multi_thread")]
async fn a_first_password_is_told_as_set_and_the_next_as_changed() {
    let mut world = world_with_invited().await;
    let token = token_in(&world.mails_to(GRACE)[0]);
    assert_eq!(world.reset(&token, OTHER_PASSWORD).await.status, 200);
    assert_eq!(world.subjects_to(GRACE).await[0], "Your Latchkey password was set");
    world.pass(HOUR);
    let token = world.mailed_token(GRACE).await;
    assert_eq!(world.reset(&token, PASSWORD).await.status, 200);
    assert_eq!(world.subjects_to(GRACE).await[0], "Your Latchkey password was changed");
}

// NT1 LG12
#[tokio::test(flavor = "multi_thread")]
async fn a_lock_is_told_without_devices_to_who_has_none() {
    for (trusted_days, logged_in, names_devices) in
        [("180", false, false), ("180", true, true), ("0", true, false)]
    {
        let world = World::with(&[("TRUSTED_DEVICE_DAYS", trusted_days)]).await;
        world.create_user(GRACE).await;
        if logged_in {
            world.login(GRACE, PASSWORD).await;
        }
        for _ in 0..5 {
            world.login(GRACE, OTHER_PASSWORD).await;
        }
        assert_eq!(world.subjects_to(GRACE).await, ["Your Latchkey account is locked for now"]);
        let mail = world.mails_to(GRACE).remove(0);
        for part in [&mail.text, &mail.html] {
            assert_eq!(
                part.contains("Devices on which"),
                names_devices,
                "{trusted_days} {logged_in}: {part}"
            );
        }
    }
}

// NT1 AD4
#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_was_sent_says_who_sent_it() {
    let world = World::new().await;
    let (_, admin) = world.with_token("root@example.com", Role::Admin).await;
    let grace = world.create_user(GRACE).await;
    world.ask(&admin, &format!("POST /admin/users/{}/send-reset", grace.id), json!(null)).await;
    world.deliver_all().await;
    let mail = world.mails_to(GRACE).remove(0);
    for part in [&mail.text, &mail.html] {
        assert!(part.contains("The people who run Latchkey send you this link"), "{part}");
        assert!(!part.contains("most likely you"), "{part}");
    }
    assert_eq!(world.reset(&token_in(&mail), OTHER_PASSWORD).await.status, 200);
}

// NT1 AD5
#[tokio::test(flavor = "multi_thread")]
async fn without_the_notice_of_an_invitation_creating_says_so_and_a_sent_link_or_a_forgotten_password_lets_in()
 {
    let world = World::with(&[("SECURITY_NOTICES", "none")]).await;
    let (_, admin) = world.with_token("root@example.com", Role::Admin).await;
    for (email, is_sent) in [("grace@example.com", true), ("bob@example.com", false)] {
        let created = world.ask(&admin, "POST /admin/users", json!({ "email": email })).await;
        assert_eq!((created.status, &created.body["mail"]), (201, &json!(null)));
        assert!(world.subjects_to(email).await.is_empty());
        let line = format!("POST /admin/users/{}/send-reset", created.text("id"));
        let asked =
            if is_sent { world.ask(&admin, &line, json!(null)).await } else { world.forgot(email).await };
        assert!([200, 204].contains(&asked.status));
        let token = world.token_mailed_to(email).await;
        assert_eq!(world.reset(&token, OTHER_PASSWORD).await.status, 200);
    }
}
