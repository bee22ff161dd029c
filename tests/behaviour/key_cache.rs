//! How long keys are kept, what makes a function read them again, and what happens while it can't.

use std::time::Duration;

use futures::future::join_all;
use latchkey_tests::{
    call::Answer,
    keys::kid,
    look::text,
    proxy::{Fault, FaultKind},
    world::{PASSWORD, World},
};
use serde_json::{Value, json};
use shared::domain::Role;

const ADA: &str = "ada@example.com";
const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

fn lose_table(world: &World, kind: FaultKind) {
    world.proxy.break_calls(Fault { action: "Query", table: "SigningKeys", kind, times: usize::MAX });
}

fn reads(world: &World) -> usize {
    world.proxy.count("Query", "SigningKeys")
}

async fn signed_in() -> (World, Answer) {
    let world = World::new().await;
    world.create_user(ADA).await;
    let pair = world.login(ADA, PASSWORD).await;
    (world, pair)
}

// KY4
#[tokio::test(flavor = "multi_thread")]
async fn keys_are_read_once_a_minute_whatever_is_asked() {
    let (mut world, pair) = signed_in().await;
    let token = pair.text("access_token").to_owned();
    world.proxy.start_counting();
    for _ in 0..3 {
        world.pass(19 * SECOND);
        assert_eq!(world.me(&token).await.status, 200);
    }
    assert_eq!(reads(&world), 0);
    world.pass(3 * SECOND);
    let answers = join_all((0..32).map(|_| world.me(&token))).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert_eq!(reads(&world), 1, "one part, by one of 32 requests");
}

// KY4 OP6
#[tokio::test(flavor = "multi_thread")]
async fn without_the_table_every_function_with_keys_answers_503_and_all_is_well_behind_it() {
    for kind in [FaultKind::Denied, FaultKind::Broken, FaultKind::Throttled] {
        let mut world = World::new().await;
        let user = world.create_with_role(ADA, Role::Admin).await;
        let token = world.token_of(&user).await;
        let refresh = world.login(ADA, PASSWORD).await.text("refresh_token").to_owned();
        world.restart();
        lose_table(&world, kind);
        let with_refresh = json!({ "refresh_token": refresh });
        for (line, body) in [
            ("POST /auth/login", json!({ "email": ADA, "password": PASSWORD })),
            ("POST /auth/refresh", with_refresh.clone()),
            ("POST /auth/logout", with_refresh.clone()),
            ("GET /users/me", Value::Null),
            ("GET /auth/sessions", Value::Null),
            ("GET /admin/users", Value::Null),
            (
                "POST /auth/change-password",
                json!({ "current_password": PASSWORD, "new_password": "Tundra-Violin-47" }),
            ),
            ("GET /.well-known/jwks.json", Value::Null),
        ] {
            let answer = world.ask(&token, line, body).await;
            let expected = (503, "Service temporarily unavailable. Try again.");
            assert_eq!(answer.refusal(), expected, "{line} {kind:?}");
            assert_eq!(answer.header("retry-after"), Some("1"));
        }
        let counted = text(&world.only("RateLimits").await, "count");
        assert_eq!(counted, "1", "the login above, and none that could not be answered");
        assert_eq!(world.scan("Lockouts").await.len(), 0);
        world.proxy.mend();
        assert_eq!(world.me(&token).await.status, 200);
        assert_eq!(world.refresh(&refresh).await.status, 200);
        assert_eq!(world.login(ADA, PASSWORD).await.status, 200);
        assert_eq!(world.jwks().await.body["keys"].as_array().map(Vec::len), Some(1));
    }
}

// KY4
#[tokio::test(flavor = "multi_thread")]
async fn keys_that_were_read_serve_an_hour_without_the_table_and_no_longer() {
    let (mut world, _) = signed_in().await;
    lose_table(&world, FaultKind::Denied);
    world.pass(59 * MINUTE);
    let pair = world.login(ADA, PASSWORD).await;
    assert_eq!(pair.status, 200);
    let token = pair.text("access_token").to_owned();
    for _ in 0..5 {
        assert_eq!(world.me(&token).await.status, 200);
    }
    world.pass(MINUTE);
    assert_eq!(world.me(&token).await.status, 503);
    assert_eq!(world.login(ADA, PASSWORD).await.status, 503);
    world.proxy.mend();
    assert_eq!(world.me(&token).await.status, 200);
    assert_eq!(world.login(ADA, PASSWORD).await.status, 200);
}

// KY4
#[tokio::test(flavor = "multi_thread")]
async fn a_failed_read_is_repeated_after_thirty_seconds_and_not_by_each_request() {
    let (mut world, pair) = signed_in().await;
    let token = pair.text("access_token").to_owned();
    world.pass(11 * MINUTE);
    // Refused by the policy of nobody: one attempt each, as an operator's mistake is.
    world.proxy.break_calls(Fault {
        action: "Query",
        table: "SigningKeys",
        kind: FaultKind::Denied,
        times: 1,
    });
    world.proxy.start_counting();
    for _ in 0..10 {
        assert_eq!(world.me(&token).await.status, 200);
    }
    assert_eq!(reads(&world), 0, "the one that failed was not counted");
    world.pass(30 * SECOND);
    for _ in 0..10 {
        assert_eq!(world.me(&token).await.status, 200);
    }
    assert_eq!(reads(&world), 1);
}

// KY4
#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_key_is_looked_for_once_in_thirty_seconds() {
    let (mut world, pair) = signed_in().await;
    let stranger = World::new().await.with_token(ADA, Role::Admin).await.1;
    world.proxy.start_counting();
    for _ in 0..20 {
        assert_eq!(world.me(&stranger).await.refusal(), (401, "Could not validate credentials"));
    }
    assert_eq!(reads(&world), 1);
    assert_eq!(world.me(pair.text("access_token")).await.status, 200);
    world.pass(29 * SECOND);
    assert_eq!(world.me(&stranger).await.status, 401);
    assert_eq!(reads(&world), 1);
    world.pass(SECOND);
    assert_eq!(world.me(&stranger).await.status, 401);
    assert_eq!(reads(&world), 2);
}

// KY4
#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_an_unknown_key_is_not_judged_while_nobody_can_look() {
    let (mut world, pair) = signed_in().await;
    let stranger = World::new().await.with_token(ADA, Role::Admin).await.1;
    lose_table(&world, FaultKind::Denied);
    for _ in 0..3 {
        assert_eq!(world.me(&stranger).await.status, 503);
        assert_eq!(world.me(pair.text("access_token")).await.status, 200, "known keys do");
    }
    world.proxy.mend();
    world.pass(30 * SECOND);
    assert_eq!(world.me(&stranger).await.status, 401);
}

// KY4
#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_signs_at_once_is_found_by_who_does_not_know_it() {
    let (mut world, pair) = signed_in().await;
    let (old, leaked) = (pair.text("access_token").to_owned(), kid(pair.text("access_token")));
    let new = world.revoke(&leaked).await.expect("it signed").to_string();
    // This instance of login read its keys before; a minute later it reads them again.
    world.pass(MINUTE);
    let token = world.login(ADA, PASSWORD).await.text("access_token").to_owned();
    assert_eq!(kid(&token), new);
    assert_eq!(world.me(&token).await.status, 200);
    assert_eq!(world.me(&old).await.status, 401);
    assert_eq!(world.refresh(pair.text("refresh_token")).await.status, 200, "nobody is logged out");
    assert_eq!(world.published().await, [new]);
}
