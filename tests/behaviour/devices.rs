//! Trusted devices: where a user logged in before, strangers can't lock the user out.

use std::time::Duration;

use futures::future::join_all;
use latchkey_tests::{
    call::{Answer, Call},
    world::{ORIGIN, OTHER_PASSWORD, PASSWORD, World},
};
use serde_json::json;

const LOCKED: (u16, &str) = (403, "Account locked. Try again later.");
const WRONG: (u16, &str) = (401, "Incorrect email or password");
const ADA: &str = "ada@example.com";

/// A world with a user, and the device token of a first login.
async fn world_with_device(settings: &[(&str, &str)]) -> (World, String) {
    let world = World::with(settings).await;
    world.create_user(ADA).await;
    let token = world.login(ADA, PASSWORD).await.text("device_token").to_owned();
    (world, token)
}

async fn lock_by_a_stranger(world: &World, email: &str) {
    for _ in 0..5 {
        assert_eq!(world.login(email, OTHER_PASSWORD).await.refusal(), WRONG);
    }
    assert_eq!(world.login(email, PASSWORD).await.refusal(), LOCKED);
}

async fn login_with_cookies(world: &World, cookie: Option<&str>, headers: &[(&str, &str)]) -> Answer {
    let body = json!({ "email": ADA, "password": PASSWORD, "delivery": "cookie" });
    let call = headers.iter().fold(Call::post("/auth/login", body), |call, (n, v)| call.header(n, v));
    world.send(cookie.into_iter().fold(call, |call, cookie| call.cookie(cookie))).await
}

// LG12 RT8
#[tokio::test(flavor = "multi_thread")]
async fn a_login_gives_a_device_token_in_the_body() {
    let (_, token) = world_with_device(&[]).await;
    assert_eq!(token.split('.').count(), 3, "{token}");
}

// LG12 RT6 RT8
#[tokio::test(flavor = "multi_thread")]
async fn with_cookie_delivery_the_device_token_is_in_a_cookie_of_its_own_and_in_no_body() {
    let world = World::new().await;
    world.create_user(ADA).await;

    let answer = login_with_cookies(&world, None, &[]).await;

    let cookie = answer.cookie("__Host-device_token").expect("a cookie");
    let (token, attributes) = cookie.split_once("; ").expect("attributes");
    assert_eq!(attributes, "Path=/; Max-Age=15552000; Secure; HttpOnly; SameSite=Strict");
    assert!(!answer.body.to_string().contains(token) && answer.body["device_token"].is_null());
    assert!(answer.refresh_cookie().is_some());
}

// LG12
#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_locks_everybody_out_but_the_owner_on_a_known_device() {
    let (world, device) = world_with_device(&[]).await;
    lock_by_a_stranger(&world, ADA).await;

    let answer = world.login_on(&device, ADA, PASSWORD).await;

    assert_eq!(answer.status, 200);
    assert!(!answer.text("device_token").is_empty());
    assert_eq!(world.login(ADA, PASSWORD).await.refusal(), LOCKED, "the others' lock stays");
    assert_eq!(world.login_on(answer.text("device_token"), ADA, PASSWORD).await.status, 200);
}

// LG12
#[tokio::test(flavor = "multi_thread")]
async fn the_device_is_known_by_its_cookie_too() {
    let world = World::new().await;
    world.create_user(ADA).await;
    let first = login_with_cookies(&world, None, &[]).await;
    let token = first.cookie("__Host-device_token").and_then(|cookie| cookie.split(';').next());
    let cookie = format!("__Host-device_token={}", token.expect("a token"));
    lock_by_a_stranger(&world, ADA).await;

    assert_eq!(login_with_cookies(&world, None, &[]).await.refusal(), LOCKED);
    assert_eq!(login_with_cookies(&world, Some(&cookie), &[("origin", ORIGIN)]).await.status, 200);
}

// RT7
#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_page_can_not_log_in_with_the_device_cookie() {
    let (world, token) = world_with_device(&[]).await;
    let cookie = format!("__Host-device_token={token}");
    for header in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
        assert_eq!(login_with_cookies(&world, Some(&cookie), &[header]).await.status, 403, "{header:?}");
        assert_eq!(login_with_cookies(&world, None, &[header]).await.status, 200, "it needs no cookie");
    }
}

// LG12
#[tokio::test(flavor = "multi_thread")]
async fn a_devices_own_failures_lock_it_and_nobody_else() {
    let (mut world, device) = world_with_device(&[]).await;
    for _ in 0..5 {
        assert_eq!(world.login_on(&device, ADA, OTHER_PASSWORD).await.refusal(), WRONG);
    }

    assert_eq!(world.login_on(&device, ADA, PASSWORD).await.refusal(), LOCKED);
    assert_eq!(world.login(ADA, PASSWORD).await.status, 200, "from everywhere else it is open");
    world.pass(Duration::from_secs(1800));
    assert_eq!(world.login_on(&device, ADA, PASSWORD).await.status, 200);
}

// LG12
#[tokio::test(flavor = "multi_thread")]
async fn a_login_on_a_device_forgets_its_own_failures_and_not_those_of_others() {
    let (world, device) = world_with_device(&[]).await;
    for _ in 0..4 {
        world.login(ADA, OTHER_PASSWORD).await;
        world.login_on(&device, ADA, OTHER_PASSWORD).await;
    }
    assert_eq!(world.login_on(&device, ADA, PASSWORD).await.status, 200);

    for _ in 0..4 {
        assert_eq!(world.login_on(&device, ADA, OTHER_PASSWORD).await.refusal(), WRONG);
    }
    assert_eq!(world.login(ADA, OTHER_PASSWORD).await.refusal(), WRONG);
    assert_eq!(world.login(ADA, PASSWORD).await.refusal(), LOCKED);
}

// LG12 AT3
#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_device_token_of_this_user_is_not_trusted_and_no_error() {
    let (mut world, device) = world_with_device(&[]).await;
    world.create_user("eve@example.com").await;
    let eves = world.login("eve@example.com", PASSWORD).await;
    let own = world.login(ADA, PASSWORD).await;
    let tampered = format!("{}x", &device[..device.len() - 1]);
    let not_trusted = [
        eves.text("device_token"),
        own.text("access_token"),
        own.text("refresh_token"),
        &tampered,
        "",
        "junk",
    ];

    for token in not_trusted {
        assert_eq!(world.login_on(token, ADA, PASSWORD).await.status, 200, "{token}");
    }
    lock_by_a_stranger(&world, ADA).await;
    for token in not_trusted {
        assert_eq!(world.login_on(token, ADA, PASSWORD).await.refusal(), LOCKED, "{token}");
    }
    world.pass(Duration::from_secs(180 * 86_400));
    assert_eq!(world.login_on(&device, ADA, PASSWORD).await.status, 200, "expired");
    lock_by_a_stranger(&world, ADA).await;
    assert_eq!(world.login_on(&device, ADA, PASSWORD).await.refusal(), LOCKED, "expired");
}

// LG12
#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_an_older_password_is_not_trusted() {
    for by_reset in [true, false] {
        let (world, device) = world_with_device(&[]).await;
        if by_reset {
            let token = world.mailed_token(ADA).await;
            assert_eq!(world.reset(&token, OTHER_PASSWORD).await.status, 200);
        } else {
            let access = world.login(ADA, PASSWORD).await.text("access_token").to_owned();
            assert_eq!(world.change_password(&access, PASSWORD, OTHER_PASSWORD).await.status, 200);
        }
        for _ in 0..5 {
            assert_eq!(world.login(ADA, PASSWORD).await.refusal(), WRONG);
        }
        assert_eq!(world.login_on(&device, ADA, OTHER_PASSWORD).await.refusal(), LOCKED, "{by_reset}");
    }
}

// LG12 RT11
#[tokio::test(flavor = "multi_thread")]
async fn a_device_on_which_the_password_is_changed_gets_a_token_for_the_new_one() {
    let (world, device) = world_with_device(&[]).await;
    let access = world.login_on(&device, ADA, PASSWORD).await.text("access_token").to_owned();
    let body = json!({
        "current_password": PASSWORD, "new_password": OTHER_PASSWORD, "device_token": device,
    });
    let changed = world.send(Call::post("/auth/change-password", body).bearer(&access)).await;
    for _ in 0..5 {
        assert_eq!(world.login(ADA, PASSWORD).await.refusal(), WRONG);
    }

    let device = changed.text("device_token");
    assert_eq!(world.login_on(device, ADA, OTHER_PASSWORD).await.status, 200, "{changed:?}");
}

// LG12
#[tokio::test(flavor = "multi_thread")]
async fn a_device_token_alone_opens_nothing() {
    let (world, device) = world_with_device(&[]).await;
    assert_eq!(world.me(&device).await.status, 401);
    assert_eq!(world.refresh(&device).await.status, 401);
    assert_eq!(world.sessions(&device).await.status, 401);
    assert_eq!(world.change_password(&device, PASSWORD, OTHER_PASSWORD).await.status, 401);
    assert_eq!(world.login_on(&device, ADA, OTHER_PASSWORD).await.refusal(), WRONG);
}

// LG1 LG4 LG12
#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_email_answers_alike_with_somebodys_device_token_and_without() {
    let (world, device) = world_with_device(&[]).await;
    for _ in 0..5 {
        let with = world.login_on(&device, "nobody@example.com", OTHER_PASSWORD).await;
        let without = world.login("unknown@example.com", OTHER_PASSWORD).await;
        assert_eq!(with.refusal(), WRONG);
        assert_eq!(with, without);
    }
    assert_eq!(world.login_on(&device, "nobody@example.com", PASSWORD).await.refusal(), LOCKED);
    assert_eq!(world.login("nobody@example.com", PASSWORD).await.refusal(), LOCKED);
    assert_eq!(world.login_on(&device, ADA, PASSWORD).await.status, 200);
}

// LG5 LG12
#[tokio::test(flavor = "multi_thread")]
async fn fifty_parallel_guesses_with_one_device_token_get_five_checks() {
    for _ in 0..3 {
        let (world, device) = world_with_device(&[]).await;
        let answers = join_all((0..50).map(|_| world.login_on(&device, ADA, OTHER_PASSWORD))).await;
        let count = |status| answers.iter().filter(|answer| answer.status == status).count();
        assert_eq!((count(401), count(403)), (5, 45));
    }
}

// LG12
#[tokio::test(flavor = "multi_thread")]
async fn zero_days_switch_trusted_devices_off() {
    let (world, _) = world_with_device(&[("TRUSTED_DEVICE_DAYS", "0")]).await;
    let (_, earlier) = world_with_device(&[]).await;
    let answer = login_with_cookies(&world, None, &[]).await;
    assert!(answer.cookie("__Host-device_token").is_none() && answer.body["device_token"].is_null());
    lock_by_a_stranger(&world, ADA).await;
    assert_eq!(world.login_on(&earlier, ADA, PASSWORD).await.refusal(), LOCKED);
}

// LG12
#[tokio::test(flavor = "multi_thread")]
async fn once_devices_are_not_trusted_the_tokens_they_have_are_not_either() {
    let world = World::with(&[("TRUSTED_DEVICE_DAYS", "0")]).await;
    let user = world.create_user(ADA).await;
    // As it was given out before the setting was changed.
    let before = World::new().await;
    let id = shared::domain::DeviceId::generate();
    let keys = before.app.keys(world.now).await.expect("keys");
    let minted = keys.mint_device(&user, id, user.password_version, world.now);
    let device = minted.expect("signs").expect("a token").text.to_string();

    lock_by_a_stranger(&world, ADA).await;
    assert_eq!(world.login_on(&device, ADA, PASSWORD).await.refusal(), LOCKED);
}
