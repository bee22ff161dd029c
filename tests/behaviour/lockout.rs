//! Five failures lock an e-mail for thirty minutes.

use std::time::Duration;

use latchkey_tests::world::{OTHER_PASSWORD, PASSWORD, World};

const LOCKED: (u16, &str) = (403, "Account locked. Try again later.");
const WRONG: (u16, &str) = (401, "Incorrect email or password");
const MINUTE: Duration = Duration::from_secs(60);

async fn fail(world: &World, email: &str, times: usize) {
    for _ in 0..times {
        assert_eq!(world.login(email, OTHER_PASSWORD).await.refusal(), WRONG);
    }
}

// LG3
#[tokio::test(flavor = "multi_thread")]
async fn after_five_failures_even_the_right_password_is_refused_for_thirty_minutes() {
    let mut world = World::new().await;
    world.create_user("ada@example.com").await;
    fail(&world, "ada@example.com", 5).await;

    assert_eq!(world.login("ada@example.com", PASSWORD).await.refusal(), LOCKED);
    world.pass(30 * MINUTE - Duration::from_secs(1));
    assert_eq!(world.login("ada@example.com", PASSWORD).await.refusal(), LOCKED);
    world.pass(Duration::from_secs(1));
    assert_eq!(world.login("ada@example.com", PASSWORD).await.status, 200);
}

// LG3
#[tokio::test(flavor = "multi_thread")]
async fn attempts_while_locked_do_not_extend_the_lock() {
    let mut world = World::new().await;
    world.create_user("ada@example.com").await;
    fail(&world, "ada@example.com", 5).await;
    let locked = world.only("Lockouts").await;

    world.pass(29 * MINUTE);
    for _ in 0..10 {
        assert_eq!(world.login("ada@example.com", OTHER_PASSWORD).await.refusal(), LOCKED);
    }
    assert_eq!(world.only("Lockouts").await, locked);
    world.pass(MINUTE);
    assert_eq!(world.login("ada@example.com", PASSWORD).await.status, 200);
}

// LG3
#[tokio::test(flavor = "multi_thread")]
async fn after_the_lock_there_are_five_attempts_again() {
    let mut world = World::new().await;
    world.create_user("ada@example.com").await;
    fail(&world, "ada@example.com", 5).await;
    world.pass(30 * MINUTE);

    fail(&world, "ada@example.com", 5).await;
    assert_eq!(world.login("ada@example.com", PASSWORD).await.refusal(), LOCKED);
}

// LG3
#[tokio::test(flavor = "multi_thread")]
async fn a_login_forgets_the_failures_before_it() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    for _ in 0..3 {
        fail(&world, "ada@example.com", 4).await;
        assert_eq!(world.login("ada@example.com", PASSWORD).await.status, 200);
    }
    assert!(world.scan("Lockouts").await.is_empty());
}

// LG4
#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_email_locks_and_unlocks_in_exactly_the_same_way() {
    let mut world = World::new().await;
    world.create_user("ada@example.com").await;
    for email in ["ada@example.com", "eve@example.com"] {
        fail(&world, email, 5).await;
        assert_eq!(world.login(email, OTHER_PASSWORD).await.refusal(), LOCKED);
    }
    let (known, unknown) = (
        world.login("ada@example.com", OTHER_PASSWORD).await,
        world.login("eve@example.com", OTHER_PASSWORD).await,
    );
    assert_eq!(known, unknown);
    world.pass(30 * MINUTE);
    fail(&world, "eve@example.com", 1).await;
}

// LG4
#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_into_the_email_field_is_not_stored_readable() {
    let world = World::new().await;
    fail(&world, "my-secret-password@example.com", 1).await;
    let row = format!("{:?}", world.only("Lockouts").await);
    assert!(!row.contains("my-secret-password"), "{row}");
}

// LG6
#[tokio::test(flavor = "multi_thread")]
async fn a_lock_leaves_resets_and_sessions_alone_and_a_reset_ends_it() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    let session = world.login("ada@example.com", PASSWORD).await;
    fail(&world, "ada@example.com", 5).await;

    let refreshed = world.refresh(session.text("refresh_token")).await;
    assert_eq!(refreshed.status, 200);
    assert_eq!(world.me(refreshed.text("access_token")).await.status, 200);
    let token = world.mailed_token("ada@example.com").await;
    assert_eq!(world.login("ada@example.com", PASSWORD).await.refusal(), LOCKED);

    assert_eq!(world.reset(&token, OTHER_PASSWORD).await.status, 200);
    assert_eq!(world.login("ada@example.com", OTHER_PASSWORD).await.status, 200);
}

// LG3
#[tokio::test(flavor = "multi_thread")]
async fn attempts_and_minutes_are_settings() {
    let mut world = World::with(&[("LOCKOUT_ATTEMPTS", "2"), ("LOCKOUT_MINUTES", "1")]).await;
    world.create_user("ada@example.com").await;
    fail(&world, "ada@example.com", 2).await;
    assert_eq!(world.login("ada@example.com", PASSWORD).await.refusal(), LOCKED);
    world.pass(MINUTE);
    assert_eq!(world.login("ada@example.com", PASSWORD).await.status, 200);
}
