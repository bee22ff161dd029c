//! Notices: what users are told about their accounts without having asked.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use latchkey_tests::{
    call::{Answer, Call},
    world::{OTHER_PASSWORD, PASSWORD, World},
};
use mailer::Outcome;
use serde_json::json;
use shared::domain::{Role, Status};

const ADA: &str = "ada@example.com";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0";
const NEW_DEVICE: &str = "New login to your Latchkey account";
const LOCKED: &str = "Your Latchkey account is locked for now";
const HOUR: Duration = Duration::from_secs(3600);

async fn world_with_user(settings: &[(&str, &str)]) -> World {
    let world = World::with(settings).await;
    world.create_user(ADA).await;
    world
}

async fn login_from(world: &World, address: &str, user_agent: &str, device_token: Option<&str>) -> Answer {
    let mut body = json!({ "email": ADA, "password": PASSWORD });
    if let Some(token) = device_token {
        body["device_token"] = json!(token);
    }
    let call = Call::post("/auth/login", body).from(address).header("user-agent", user_agent);
    let answer = world.send(call).await;
    assert_eq!(answer.status, 200);
    answer
}

async fn lock(world: &World, email: &str) {
    for _ in 0..5 {
        assert_eq!(world.login(email, OTHER_PASSWORD).await.status, 401);
    }
    assert_eq!(world.login(email, OTHER_PASSWORD).await.status, 403);
}

// NT1
#[tokio::test(flavor = "multi_thread")]
async fn a_login_on_a_new_device_is_told_with_device_address_and_time() {
    let mut world = world_with_user(&[]).await;
    login_from(&world, "203.0.113.7", "curl/8.14.1", None).await;
    assert!(world.subjects_to(ADA).await.is_empty(), "the first login of all tells nothing new");
    world.pass(HOUR);

    login_from(&world, "198.51.100.9", FIREFOX, None).await;

    assert_eq!(world.subjects_to(ADA).await, [NEW_DEVICE]);
    let mail = &world.mails_to(ADA)[0];
    for part in [&mail.text, &mail.html] {
        for word in ["Firefox on Linux", "198.51.100.9", "2027-01-15 09:00"] {
            assert!(part.contains(word), "{word}: {part}");
        }
    }
}

// NT1 LG12
#[tokio::test(flavor = "multi_thread")]
async fn a_known_device_is_not_told_wherever_it_is() {
    let world = world_with_user(&[]).await;
    let first = login_from(&world, "203.0.113.7", "curl/8.14.1", None).await;
    let again = login_from(&world, "198.51.100.9", FIREFOX, Some(first.text("device_token"))).await;
    login_from(&world, "192.0.2.1", FIREFOX, Some(again.text("device_token"))).await;
    assert!(world.subjects_to(ADA).await.is_empty());
}

// NT1
#[tokio::test(flavor = "multi_thread")]
async fn a_client_without_tokens_is_known_while_it_has_a_session_from_the_same_place() {
    let mut world = world_with_user(&[]).await;
    let script = ("203.0.113.7", "curl/8.14.1");
    for _ in 0..3 {
        login_from(&world, script.0, script.1, None).await;
    }
    assert_eq!(world.subjects_to(ADA).await.len(), 0);
    for (mails, (address, user_agent)) in [
        (1, ("203.0.113.8", script.1)),
        (2, (script.0, FIREFOX)),
        (2, script),
        (2, ("203.0.113.8", script.1)),
    ] {
        login_from(&world, address, user_agent, None).await;
        assert_eq!(world.subjects_to(ADA).await.len(), mails, "{address} {user_agent}");
    }
    world.pass(8 * 24 * HOUR);
    login_from(&world, script.0, script.1, None).await;
    assert_eq!(world.subjects_to(ADA).await.len(), 3, "the session before is over");
}

// NT1 LG12
#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_device_token_makes_no_device_known() {
    let world = world_with_user(&[]).await;
    world.create_user("eve@example.com").await;
    let eves = world.login("eve@example.com", PASSWORD).await;
    login_from(&world, "203.0.113.7", "curl/8.14.1", None).await;
    login_from(&world, "198.51.100.9", FIREFOX, Some(eves.text("device_token"))).await;
    assert_eq!(world.subjects_to(ADA).await, [NEW_DEVICE]);
}

// NT1
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_login_is_no_login_on_a_new_device() {
    let world = world_with_user(&[]).await;
    world.login(ADA, PASSWORD).await;
    world.login(ADA, OTHER_PASSWORD).await;
    assert_eq!(world.queued("new_device").await, 0);
}

// NT1
#[tokio::test(flavor = "multi_thread")]
async fn once_devices_are_not_trusted_an_old_token_hides_no_new_device() {
    let world = world_with_user(&[("TRUSTED_DEVICE_DAYS", "0")]).await;
    let trusting = World::new().await;
    let user = trusting.create_user(ADA).await;
    login_from(&world, "203.0.113.7", "curl/8.14.1", None).await;
    let id = shared::domain::DeviceId::generate();
    let owner = world.app.store.credentials.find_user(&user.email).await.expect("reads").expect("Ada");
    let user = shared::domain::User { id: owner, ..user };
    let keys = trusting.app.keys(world.now).await.expect("keys");
    let token = keys.mint_device(&user, id, 1, world.now).expect("signs").expect("a token");
    login_from(&world, "198.51.100.9", FIREFOX, Some(&token.text)).await;
    assert_eq!(world.subjects_to(ADA).await, [NEW_DEVICE]);
}

// NT1
#[tokio::test(flavor = "multi_thread")]
async fn a_lock_is_told_once() {
    let world = world_with_user(&[]).await;
    lock(&world, ADA).await;
    for _ in 0..5 {
        world.login(ADA, OTHER_PASSWORD).await;
    }
    assert_eq!(world.subjects_to(ADA).await, [LOCKED]);
    assert!(world.mails_to(ADA)[0].text.contains("30 minutes"));
    assert_eq!(world.queued("locked_out").await, 1);
}

// NT1 LG5
#[tokio::test(flavor = "multi_thread")]
async fn a_storm_of_guesses_is_told_once() {
    for _ in 0..3 {
        let world = world_with_user(&[]).await;
        futures::future::join_all((0..50).map(|_| world.login(ADA, OTHER_PASSWORD))).await;
        assert_eq!(world.subjects_to(ADA).await, [LOCKED]);
        assert_eq!(world.audited("lock_account").await.len(), 1);
    }
}

// NT1 RS9
#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_can_have_at_most_five_lock_mails_sent_a_day() {
    let mut world = world_with_user(&[]).await;
    for _ in 0..8 {
        lock(&world, ADA).await;
        world.deliver_all().await;
        world.pass(HOUR);
    }
    assert_eq!(world.subjects_to(ADA).await, [LOCKED; 5]);
    world.forgot(ADA).await;
    world.deliver_all().await;
    assert_eq!(world.mails_to(ADA).len(), 6, "they use up no reset");
    world.pass(16 * HOUR);
    lock(&world, ADA).await;
    assert_eq!(world.subjects_to(ADA).await.len(), 7);
}

// NT1 LG4
#[tokio::test(flavor = "multi_thread")]
async fn a_lock_is_told_to_nobody_unknown_or_inactive() {
    let world = World::new().await;
    world.create("idle@example.com", Status::Inactive, 10).await;
    for email in ["idle@example.com", "nobody@example.com"] {
        lock(&world, email).await;
    }
    assert_eq!(world.deliver_all().await, [Outcome::NotToBeSent; 2]);
    assert!(world.mails().is_empty());
}

// NT1
#[tokio::test(flavor = "multi_thread")]
async fn an_invited_user_is_told_of_the_account() {
    let world = World::new().await;
    world.invite("grace@example.com", Role::Member).await;
    assert_eq!(world.subjects_to("grace@example.com").await, ["Your Latchkey account"]);
}

/// One thing of each kind that users are told of; the kinds of which mails went out.
async fn everything_that_is_told(settings: &[(&str, &str)]) -> Vec<String> {
    let mut world = world_with_user(settings).await;
    world.create_user("eve@example.com").await;
    world.invite("grace@example.com", Role::Member).await;
    lock(&world, "eve@example.com").await;
    let session = login_from(&world, "203.0.113.7", "curl/8.14.1", None).await;
    world.pass(Duration::from_secs(1));
    let second = login_from(&world, "198.51.100.9", FIREFOX, None).await;
    world.change_email(session.text("access_token"), "ada.new@example.com", PASSWORD).await;
    let token = world.token_mailed_to("ada.new@example.com").await;
    assert_eq!(world.confirm_email(session.text("access_token"), &token).await.status, 200);
    let changed = world.change_password(second.text("access_token"), PASSWORD, OTHER_PASSWORD).await;
    assert_eq!(changed.status, 200);
    world.deliver_all().await;
    let mut sent: Vec<_> =
        world.audited("mail").await.iter().map(|row| latchkey_tests::world::text(row, "reason")).collect();
    sent.sort();
    sent
}

// NT1
#[tokio::test(flavor = "multi_thread")]
async fn each_notice_can_be_switched_off_and_links_that_were_asked_for_can_not() {
    const ALL: [&str; 5] = ["email_changed", "invitation", "locked_out", "new_device", "password_changed"];
    let with = |mut kinds: Vec<&'static str>| {
        kinds.push("email_change");
        kinds.sort_unstable();
        kinds
    };
    assert_eq!(everything_that_is_told(&[]).await, with(ALL.to_vec()));
    assert_eq!(everything_that_is_told(&[("SECURITY_NOTICES", "none")]).await, ["email_change"]);
    for off in ALL {
        let others: Vec<_> = ALL.into_iter().filter(|kind| *kind != off).collect();
        let sent = everything_that_is_told(&[("SECURITY_NOTICES", &others.join(","))]).await;
        assert_eq!(sent, with(others), "without {off}");
    }
}

// NT1
#[tokio::test(flavor = "multi_thread")]
async fn mails_are_written_in_the_language_that_is_set() {
    let world = world_with_user(&[("MAIL_LANGUAGE", "de")]).await;
    lock(&world, ADA).await;
    assert_eq!(world.subjects_to(ADA).await, ["Ihr Konto bei Latchkey ist vorübergehend gesperrt"]);
    assert!(
        world.mails()[0].text.starts_with("Guten Tag Ada Lovelace,")
            || world.mails()[0].text.contains("\nGuten Tag Ada Lovelace,")
    );
}

// NT1 RS11
#[tokio::test(flavor = "multi_thread")]
async fn no_name_and_no_program_gets_markup_or_a_header_into_a_notice() {
    let world = World::new().await;
    let user = world.create_user(ADA).await;
    let name = AttributeValue::S("<img src=x onerror=alert(1)>\r\nBcc: eve@example.com".to_owned());
    world.set("Users", &[("user_id", &user.id.to_string())], "name", name).await;
    login_from(&world, "203.0.113.7", "curl/8.14.1", None).await;
    let agent = "Firefox/1 <script>alert(1)</script> https://evil.example";
    let session = login_from(&world, "198.51.100.9", agent, None).await;
    lock(&world, ADA).await;
    world.change_email(session.text("access_token"), "ada.new@example.com", PASSWORD).await;
    world.deliver_all().await;

    assert_eq!(world.mails_to(ADA).len(), 2, "a new device and a lock");
    for mail in world.mails_to(ADA) {
        assert!(!mail.html.contains("<img") && mail.html.contains("&lt;img"), "{}", mail.html);
        assert!(!mail.html.contains("<script") && !mail.text.contains("evil.example"), "{}", mail.text);
        assert!(!mail.subject.contains('<'));
    }
}
