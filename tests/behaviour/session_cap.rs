//! How many sessions a user may have at a time.

use std::time::Duration;

use futures::future::join_all;
use latchkey_tests::world::{PASSWORD, World, text};

const ADA: &str = "ada@example.com";

async fn world_with_cap(cap: &str) -> World {
    // An attempt is reserved before the password is found right: many at once must not lock.
    let world = World::with(&[("SESSIONS_PER_USER", cap), ("LOCKOUT_ATTEMPTS", "50")]).await;
    world.create_user(ADA).await;
    world
}

async fn refresh_token(world: &World) -> String {
    world.login(ADA, PASSWORD).await.text("refresh_token").to_owned()
}

// RT12
#[tokio::test(flavor = "multi_thread")]
async fn beyond_the_cap_the_oldest_session_ends() {
    let mut world = world_with_cap("3").await;
    let mut tokens = Vec::new();
    for _ in 0..5 {
        world.pass(Duration::from_secs(60));
        tokens.push(refresh_token(&world).await);
    }

    assert_eq!(world.scan("Sessions").await.len(), 3);
    for (token, status) in tokens.iter().zip([401, 401, 200, 200, 200]) {
        assert_eq!(world.refresh(token).await.status, status);
    }
}

// RT12
#[tokio::test(flavor = "multi_thread")]
async fn twenty_sessions_live_side_by_side() {
    let mut world = World::new().await;
    world.create_user(ADA).await;
    let mut tokens = Vec::new();
    for _ in 0..21 {
        world.pass(Duration::from_secs(1));
        tokens.push(refresh_token(&world).await);
    }
    assert_eq!(world.refresh(&tokens[0]).await.status, 401);
    assert_eq!(world.refresh(&tokens[1]).await.status, 200);
    assert_eq!(world.scan("Sessions").await.len(), 20);
}

// RT12
#[tokio::test(flavor = "multi_thread")]
async fn a_session_of_another_user_does_not_count() {
    let world = world_with_cap("1").await;
    world.create_user("eve@example.com").await;
    let eves = world.login("eve@example.com", PASSWORD).await;
    refresh_token(&world).await;
    assert_eq!(world.refresh(eves.text("refresh_token")).await.status, 200);
}

// RT12
#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_over_does_not_count_and_ends_no_live_one() {
    let mut world = world_with_cap("2").await;
    refresh_token(&world).await;
    world.pass(Duration::from_secs(8 * 86_400));
    let live = refresh_token(&world).await;
    refresh_token(&world).await;
    assert_eq!(world.refresh(&live).await.status, 200);
}

// RT12
#[tokio::test(flavor = "multi_thread")]
async fn twelve_logins_at_once_leave_no_more_than_the_cap_alive() {
    for cap in [1, 3] {
        for _ in 0..2 {
            let mut world = world_with_cap(&cap.to_string()).await;
            refresh_token(&world).await;
            world.pass(Duration::from_secs(1));

            let logins = join_all((0..12).map(|_| world.login(ADA, PASSWORD))).await;

            assert!(logins.iter().all(|login| login.status == 200));
            let refreshes = logins.iter().map(|login| world.refresh(login.text("refresh_token")));
            let alive = join_all(refreshes).await.iter().filter(|answer| answer.status == 200).count();
            // Two that look at the same time may end each other's elders; the last look sees all.
            assert!((1..=cap).contains(&alive), "{alive} alive at a cap of {cap}");
            assert_eq!(world.scan("Sessions").await.len(), alive);
        }
    }
}

// RT12 AU1
#[tokio::test(flavor = "multi_thread")]
async fn who_ended_by_the_cap_is_in_the_audit_trail_once() {
    let mut world = world_with_cap("1").await;
    refresh_token(&world).await;
    let first = text(&world.only("Sessions").await, "session_id");
    world.pass(Duration::from_secs(1));
    refresh_token(&world).await;

    let ended = world.audited("end_session").await;
    assert_eq!(ended.len(), 1);
    assert_eq!(text(&ended[0], "session_id"), first);
    assert_eq!(
        (text(&ended[0], "outcome"), text(&ended[0], "reason")),
        ("success".into(), "too_many_sessions".into())
    );

    world.pass(Duration::from_secs(1));
    join_all((0..12).map(|_| world.login(ADA, PASSWORD))).await;
    assert_eq!(world.audited("end_session").await.len(), 13, "14 logins, one is left");
}
