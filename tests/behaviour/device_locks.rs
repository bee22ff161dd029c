//! Locks of trusted devices: who looks after accounts sees them and lifts them.

use std::time::Duration;

use latchkey_tests::world::{OTHER_PASSWORD, PASSWORD, World, text};
use serde_json::{Value, json};
use shared::domain::Role;

const LOCKED: (u16, &str) = (403, "Account locked. Try again later.");
const ADA: &str = "ada@example.com";
const LOCK: Duration = Duration::from_secs(1800);

/// A world whose Ada has locked her two devices; an admin's token and her path.
async fn world_with_locked_devices() -> (World, [String; 2], String, String) {
    let world = World::new().await;
    let (_, admin) = world.with_token("root@example.com", Role::Admin).await;
    let ada = world.create_user(ADA).await;
    let mut devices = [const { String::new() }; 2];
    for device in &mut devices {
        *device = world.login(ADA, PASSWORD).await.text("device_token").to_owned();
        lock(&world, device).await;
    }
    (world, devices, admin, format!("/admin/users/{}", ada.id))
}

async fn lock(world: &World, device: &str) {
    for _ in 0..5 {
        assert_eq!(world.login_on(device, ADA, OTHER_PASSWORD).await.status, 401);
    }
    assert_eq!(world.login_on(device, ADA, PASSWORD).await.refusal(), LOCKED);
}

/// What an admin sees: the lock of the e-mail, and until when a device is locked.
async fn shown(world: &World, admin: &str, path: &str) -> (Value, Value) {
    let body = world.ask(admin, &format!("GET {path}"), Value::Null).await.body;
    (body["lockout"].clone(), body["device_locked_until"].clone())
}

// LG12 AD1
#[tokio::test(flavor = "multi_thread")]
async fn an_unlock_lifts_the_locks_of_all_devices_and_is_written_down() {
    let (world, devices, admin, path) = world_with_locked_devices().await;
    assert_eq!(world.ask(&admin, &format!("POST {path}/unlock"), Value::Null).await.status, 204);
    for device in &devices {
        assert_eq!(world.login_on(device, ADA, PASSWORD).await.status, 200);
    }
    assert_eq!(world.audited("unlock").await.iter().filter(|row| row.contains_key("day")).count(), 1);

    // Each counts anew, and locks itself anew.
    lock(&world, &devices[0]).await;
    assert_eq!(world.login_on(&devices[1], ADA, PASSWORD).await.status, 200);
    assert_eq!(world.ask(&admin, &format!("POST {path}/unlock"), Value::Null).await.status, 204);
    assert_eq!(world.login_on(&devices[0], ADA, PASSWORD).await.status, 200);
}

// LG12 AD1
#[tokio::test(flavor = "multi_thread")]
async fn the_lock_of_a_device_is_shown_until_it_is_over_or_lifted() {
    let (mut world, devices, admin, path) = world_with_locked_devices().await;
    assert_eq!(shown(&world, &admin, &path).await, (Value::Null, json!(world.now + LOCK)));
    world.pass(Duration::from_secs(600));
    world.login_on(&devices[0], ADA, PASSWORD).await;
    assert_eq!(shown(&world, &admin, &path).await.1, json!(world.now + Duration::from_secs(1200)));

    world.ask(&admin, &format!("POST {path}/unlock"), Value::Null).await;
    assert_eq!(shown(&world, &admin, &path).await, (Value::Null, Value::Null));

    lock(&world, &devices[0]).await;
    world.pass(LOCK);
    let admin = world.token_of(&world.create_with_role("later@example.com", Role::Admin).await).await;
    assert_eq!(shown(&world, &admin, &path).await.1, Value::Null);
}

// LG12
#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_the_lock_that_is_shown() {
    for by_reset in [true, false] {
        let (world, _, admin, path) = world_with_locked_devices().await;
        if by_reset {
            let token = world.mailed_token(ADA).await;
            assert_eq!(world.reset(&token, OTHER_PASSWORD).await.status, 200);
        } else {
            let access = world.login(ADA, PASSWORD).await.text("access_token").to_owned();
            assert_eq!(world.change_password(&access, PASSWORD, OTHER_PASSWORD).await.status, 200);
        }
        assert_eq!(shown(&world, &admin, &path).await.1, Value::Null, "{by_reset}");
    }
}

// LG12 EM1
#[tokio::test(flavor = "multi_thread")]
async fn a_new_email_keeps_what_is_known_of_the_devices() {
    let (mut world, devices, admin, path) = world_with_locked_devices().await;
    world.ask(&admin, &format!("POST {path}/unlock"), Value::Null).await;
    lock(&world, &devices[0]).await;
    let access = world.login(ADA, PASSWORD).await.text("access_token").to_owned();
    world.change_email(&access, "ada.new@example.com", PASSWORD).await;
    let token = world.token_mailed_to("ada.new@example.com").await;
    world.pass(Duration::from_secs(1));
    assert_eq!(world.confirm_email(&access, &token).await.status, 200);

    assert!(shown(&world, &admin, &path).await.1.is_string());
    assert_eq!(world.login_on(&devices[0], "ada.new@example.com", PASSWORD).await.refusal(), LOCKED);
    assert_eq!(world.login_on(&devices[1], "ada.new@example.com", PASSWORD).await.status, 200);
}

// LG12 AU1
#[tokio::test(flavor = "multi_thread")]
async fn the_lock_of_a_device_is_in_the_trail_and_mailed_to_nobody() {
    let (world, _, _, _) = world_with_locked_devices().await;
    let reasons: Vec<_> = world.audited("lock_account").await.iter().map(|row| text(row, "reason")).collect();
    assert_eq!(reasons, ["device", "device"]);
    assert_eq!(world.queued("locked_out").await, 0);
}
