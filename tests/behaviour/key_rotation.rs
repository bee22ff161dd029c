//! The life of a signing key, with tokens in flight through all of it.

use std::time::Duration;

use latchkey_tests::{
    keys::{kid, kids},
    look::text,
    world::{PASSWORD, World},
};
use serde_json::Value;
use shared::{domain::PublicKeys, token::AccessVerifier};

const ADA: &str = "ada@example.com";
const DAY: Duration = Duration::from_secs(86_400);
const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// How long access tokens live, and how long the retired key outlives its successor's first token.
const LIFETIME: Duration = Duration::from_secs(15 * 60);
const RETIRED: Duration = Duration::from_secs(3600 + 15 * 60 + 5);

async fn world_with_ada(settings: &[(&str, &str)]) -> World {
    let world = World::with(settings).await;
    world.create_user(ADA).await;
    world
}

async fn access_token(world: &World) -> String {
    world.login(ADA, PASSWORD).await.text("access_token").to_owned()
}

/// The name of the key with that number.
async fn key(world: &World, number: usize) -> String {
    text(&world.key_rows("public").await[number - 1], "kid")
}

// KY2 RT1
#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_published_then_signs_then_verifies_and_then_is_gone() {
    let mut world = world_with_ada(&[]).await;
    let first = key(&world, 1).await;
    world.pass(90 * DAY - SECOND);
    assert_eq!(world.turn().await, rotate::Turn::default(), "it is not old enough");

    // Pending: published, and another one signs.
    world.pass(SECOND);
    let made = world.turn().await.made.expect("90 days are over").to_string();
    let takes_over = world.now + PublicKeys::LEAD;
    assert!(PublicKeys::LEAD >= 2 * HOUR);
    assert_eq!(world.turn().await, rotate::Turn::default(), "one that waits is enough");
    world.pass(10 * MINUTE);
    assert_eq!(world.published().await, [first.clone(), made.clone()]);
    let pair = world.login(ADA, PASSWORD).await;
    assert_eq!(kid(pair.text("access_token")), first);
    world.now = takes_over - SECOND;
    let last_of_first = access_token(&world).await;
    assert_eq!(kid(&last_of_first), first);

    // Signing, at its very second and without another read; what the one before signed is as good as ever.
    world.pass(SECOND);
    let of_second = access_token(&world).await;
    assert_eq!(kid(&of_second), made);
    for token in [&last_of_first, &of_second] {
        assert_eq!(world.me(token).await.status, 200);
    }
    let refreshed = world.refresh(pair.text("refresh_token")).await;
    assert_eq!((refreshed.status, kid(refreshed.text("access_token"))), (200, made.clone()));

    // Retired: it verifies as long as one of its tokens lives.
    world.now = takes_over + LIFETIME - 2 * SECOND;
    assert_eq!(world.me(&last_of_first).await.status, 200);
    world.pass(SECOND);
    assert_eq!(world.me(&last_of_first).await.status, 401);
    world.now = takes_over + RETIRED - SECOND;
    assert_eq!(world.turn().await.removed, []);
    assert_eq!(world.published().await, [first.clone(), made.clone()]);

    // Dead: published no more from that second on, and removed with the next daily run, both halves.
    world.pass(SECOND);
    assert_eq!(world.published().await, [made.as_str()]);
    let removed = world.turn().await.removed;
    assert_eq!(removed.iter().map(ToString::to_string).collect::<Vec<_>>(), [first]);
    for part in ["public", "private"] {
        let rows = world.key_rows(part).await;
        assert_eq!(rows.iter().map(|row| text(row, "number")).collect::<Vec<_>>(), ["2"], "{part}");
    }
    assert_eq!(world.me(&access_token(&world).await).await.status, 200);
}

// KY2 RT1
#[tokio::test(flavor = "multi_thread")]
async fn no_token_in_flight_and_no_cache_of_two_hours_ever_meets_a_key_it_does_not_know() {
    let mut world = world_with_ada(&[]).await;
    let pair = world.login(ADA, PASSWORD).await;
    let (mut access, mut refresh) =
        (pair.text("access_token").to_owned(), pair.text("refresh_token").to_owned());
    let mut sets: Vec<Value> = vec![world.jwks().await.body; 13];
    let mut signed_by = Vec::new();
    for step in 0..60 {
        if step == 3 {
            world.app.keys(world.now).await.expect("keys");
            let entry = |event: shared::event::Event| event.entry_without_caller(world.now);
            let algorithm = Some(shared::domain::Algorithm::EdDsa);
            shared::keys::rotation::rotate(&world.app.store, algorithm, world.now, entry)
                .await
                .expect("rotates");
        }
        world.turn().await;
        world.pass(10 * MINUTE);
        let answer = world.refresh(&refresh).await;
        assert_eq!(answer.status, 200, "step {step}");
        let next = answer.text("access_token").to_owned();
        // What was given out ten minutes ago, and what was now: to instances that run, and to one that just started.
        let cold = world.instance::<AccessVerifier>("me");
        for token in [&access, &next] {
            assert_eq!(world.me(token).await.status, 200, "step {step}");
            assert!(cold.verify_access(token, world.now).await.is_ok(), "step {step}");
        }
        sets.push(world.jwks().await.body);
        let two_hours_old = &sets[sets.len() - 13];
        assert!(kids(two_hours_old).contains(&kid(&next)), "step {step}");
        signed_by.push(kid(&next));
        (access, refresh) = (next, answer.text("refresh_token").to_owned());
    }
    signed_by.dedup();
    // The daily run went back to the algorithm of the settings, three hours after it took over.
    assert!(signed_by.len() >= 2, "{signed_by:?}");
}

// RT2 KY2
#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_that_is_repeated_beyond_a_rotation_gets_the_same_refresh_token() {
    let mut world = world_with_ada(&[]).await;
    let first = world.login(ADA, PASSWORD).await.text("refresh_token").to_owned();
    world.pass(90 * DAY);
    // The session is over by then: a new one.
    assert_eq!(world.refresh(&first).await.status, 401);
    let token = world.login(ADA, PASSWORD).await.text("refresh_token").to_owned();
    let made = world.turn().await.made.expect("a key").to_string();
    world.pass(PublicKeys::LEAD - 4 * SECOND);
    let before = world.refresh(&token).await;
    world.pass(8 * SECOND);
    let after = world.refresh(&token).await;
    assert_eq!((before.status, after.status), (200, 200));
    assert_eq!(before.text("refresh_token"), after.text("refresh_token"));
    assert_ne!(kid(before.text("access_token")), made);
    assert_eq!(kid(after.text("access_token")), made);
    assert_eq!(kid(after.text("refresh_token")), "session-1");
}

// KY2
#[tokio::test(flavor = "multi_thread")]
async fn another_algorithm_takes_effect_with_the_next_run_and_no_rotation_of_old_keys_if_so_set() {
    let mut world = world_with_ada(&[("SIGNING_KEY_ROTATION_DAYS", "0")]).await;
    world.pass(4000 * DAY);
    assert_eq!(world.turn().await, rotate::Turn::default());

    let mut world = world_with_ada(&[("ALGORITHM", "RS256")]).await;
    // As a stack that had ES256 before.
    let entry = |event: shared::event::Event| event.entry_without_caller(world.now);
    let algorithm = Some(shared::domain::Algorithm::Es256);
    shared::keys::rotation::rotate(&world.app.store, algorithm, world.now, entry).await.expect("rotates");
    world.pass(PublicKeys::LEAD);
    assert!(world.turn().await.made.is_some());
    let algorithms: Vec<_> =
        world.key_rows("public").await.iter().map(|row| text(row, "algorithm")).collect();
    assert_eq!(algorithms, ["RS256", "ES256", "RS256"]);
}
