//! What flows of accounts cost: DynamoDB units as billed, and round trips. The README's table says the same.

use std::time::Duration;

use latchkey_tests::{
    call::{Answer, Call},
    proxy::Cost,
    world::{OTHER_PASSWORD, PASSWORD, World, text},
};
use serde_json::json;

const ADA: &str = "ada@example.com";

async fn cost_of(world: &World, flow: impl Future<Output = Answer>, status: u16) -> Cost {
    world.proxy.start_counting();
    let answer = flow.await;
    assert_eq!(answer.status, status, "{answer:?}");
    world.proxy.cost()
}

fn cost(rounds: usize, read: f64, write: f64) -> Cost {
    Cost { read, write, rounds }
}

async fn world_with_session() -> (World, Answer) {
    let world = World::with(&[("REGISTRATION", "on")]).await;
    world.create_user(ADA).await;
    let session = world.login(ADA, PASSWORD).await;
    (world, session)
}

// LG12
#[tokio::test(flavor = "multi_thread")]
async fn a_login_with_a_known_device_costs_3_reads_and_7_writes_in_5_rounds_as_any_other() {
    let (world, first) = world_with_session().await;
    let login = world.login_on(first.text("device_token"), ADA, PASSWORD);
    assert_eq!(cost_of(&world, login, 200).await, cost(5, 3.0, 7.0));
}

// NT1
#[tokio::test(flavor = "multi_thread")]
async fn a_login_from_a_new_device_costs_1_write_and_1_round_more() {
    let (world, _) = world_with_session().await;
    let call = Call::post("/auth/login", json!({ "email": ADA, "password": PASSWORD })).from("198.51.100.9");
    let login = cost_of(&world, world.send(call), 200).await;
    assert_eq!((login.read, login.write), (3.0, 8.0));
    // The notice follows the look at the sessions, beside which the login is written down.
    assert!((5..=6).contains(&login.rounds), "{login:?}");
}

// RT12
#[tokio::test(flavor = "multi_thread")]
async fn a_login_beyond_the_cap_costs_5_writes_more() {
    let mut world = World::with(&[("SESSIONS_PER_USER", "1")]).await;
    world.create_user(ADA).await;
    world.login(ADA, PASSWORD).await;
    world.pass(Duration::from_secs(1));
    let login = cost_of(&world, world.login(ADA, PASSWORD), 200).await;
    assert_eq!((login.read, login.write), (3.0, 12.0));
    assert!((5..=6).contains(&login.rounds), "{login:?}");
}

// NT1 LG1
#[tokio::test(flavor = "multi_thread")]
async fn the_failure_that_locks_costs_3_writes_more_than_another_and_no_round() {
    let (world, _) = world_with_session().await;
    for (email, rounds, reads) in [(ADA, 4, 2.0), ("nobody@example.com", 3, 1.0)] {
        for _ in 0..4 {
            world.login(email, OTHER_PASSWORD).await;
        }
        let locking = cost_of(&world, world.login(email, OTHER_PASSWORD), 401).await;
        assert_eq!((locking.rounds, locking.write), (rounds, 7.0), "{email}");
        // The engine bills half a unit for the strongly consistent read of nothing; AWS bills one.
        assert!(locking.read <= reads, "{email}");
    }
}

// LG12
#[tokio::test(flavor = "multi_thread")]
async fn the_failure_that_locks_a_device_costs_as_much_as_one_that_locks_an_email() {
    let (world, first) = world_with_session().await;
    let guess = || world.login_on(first.text("device_token"), ADA, OTHER_PASSWORD);
    for _ in 0..4 {
        guess().await;
    }
    assert_eq!(cost_of(&world, guess(), 401).await, cost(4, 2.0, 7.0));
}

// RT13
#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_sessions_costs_2_reads_in_2_rounds() {
    let (world, session) = world_with_session().await;
    let flow = world.sessions(session.text("access_token"));
    assert_eq!(cost_of(&world, flow, 200).await, cost(2, 2.0, 0.0));
}

// RT13
#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_session_costs_1_read_and_5_writes_in_2_rounds() {
    let (world, session) = world_with_session().await;
    let id = text(&world.only("Sessions").await, "session_id");
    let flow = world.end_session(session.text("access_token"), &id);
    assert_eq!(cost_of(&world, flow, 204).await, cost(2, 1.0, 5.0));
}

// RT11
#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_the_password_costs_3_reads_and_15_writes_in_5_rounds() {
    let (world, session) = world_with_session().await;
    let flow = world.change_password(session.text("access_token"), PASSWORD, OTHER_PASSWORD);
    assert_eq!(cost_of(&world, flow, 200).await, cost(5, 3.0, 15.0));
}

// EM3
#[tokio::test(flavor = "multi_thread")]
async fn asking_for_another_email_costs_3_reads_and_8_writes_in_9_rounds() {
    let (world, session) = world_with_session().await;
    for _ in 0..2 {
        let flow = world.change_email(session.text("access_token"), "new@example.com", PASSWORD);
        assert_eq!(cost_of(&world, flow, 200).await, cost(9, 3.0, 8.0));
    }
}

// EM1
#[tokio::test(flavor = "multi_thread")]
async fn confirming_an_email_costs_3_reads_and_15_writes_in_4_rounds() {
    let (world, session) = world_with_session().await;
    world.change_email(session.text("access_token"), "new@example.com", PASSWORD).await;
    let token = world.token_mailed_to("new@example.com").await;
    assert_eq!(
        cost_of(&world, world.confirm_email(session.text("access_token"), &token), 200).await,
        cost(4, 3.0, 15.0)
    );
}

// RG1
#[tokio::test(flavor = "multi_thread")]
async fn asking_for_an_account_costs_3_writes_in_3_rounds_whoever_asks() {
    let (world, _) = world_with_session().await;
    for email in ["eve@example.com", ADA, "eve@example.com"] {
        assert_eq!(cost_of(&world, world.register(email), 200).await, cost(3, 0.0, 3.0), "{email}");
    }
}

// RG2
#[tokio::test(flavor = "multi_thread")]
async fn proving_an_address_costs_1_read_and_9_writes_in_2_rounds() {
    let (world, _) = world_with_session().await;
    world.register("eve@example.com").await;
    let token = world.token_mailed_to("eve@example.com").await;
    assert_eq!(cost_of(&world, world.verify_email(&token, PASSWORD), 200).await, cost(2, 1.0, 9.0));
}
