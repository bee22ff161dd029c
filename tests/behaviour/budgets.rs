//! What each flow costs: DynamoDB units as billed, and round trips. The README's table says the same.

use std::time::Duration;

use latchkey_tests::{
    call::Call,
    proxy::Cost,
    world::{OTHER_PASSWORD, PASSWORD, World},
};
use serde_json::json;

async fn cost_of(world: &World, flow: impl Future<Output = u16>, status: u16) -> Cost {
    world.proxy.start_counting();
    assert_eq!(flow.await, status);
    world.proxy.cost()
}

fn cost(rounds: usize, read: f64, write: f64) -> Cost {
    Cost { read, write, rounds }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_costs_3_reads_and_7_writes_in_5_rounds() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    let flow = async { world.login("ada@example.com", PASSWORD).await.status };
    assert_eq!(cost_of(&world, flow, 200).await, cost(5, 3.0, 7.0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_login_costs_less() {
    let world = World::with(&[("LOGIN_LIMIT_PER_ADDRESS", "12")]).await;
    world.create_user("ada@example.com").await;
    let login = async |email: &str| world.login(email, OTHER_PASSWORD).await.status;

    assert_eq!(cost_of(&world, login("ada@example.com"), 401).await, cost(4, 2.0, 4.0), "wrong password");
    // The engine bills half a unit for the strongly consistent read of nothing; AWS bills one.
    let unknown = cost_of(&world, login("eve@example.com"), 401).await;
    assert_eq!((unknown.rounds, unknown.write), (3, 4.0), "unknown e-mail");
    assert!(unknown.read <= 1.0, "unknown e-mail");
    for _ in 0..4 {
        login("ada@example.com").await;
    }
    assert_eq!(cost_of(&world, login("ada@example.com"), 403).await, cost(2, 1.0, 2.0), "locked");
    for _ in 0..5 {
        login("ada@example.com").await;
    }
    // The read of the credential is under way when the count refuses, and is not waited for.
    let over_limit = cost_of(&world, login("ada@example.com"), 429).await;
    assert_eq!((over_limit.rounds, over_limit.write), (1, 1.0), "over the limit");
    assert!(over_limit.read <= 1.0, "over the limit");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_failure_after_a_window_that_is_over_costs_one_write_more() {
    let mut world = World::new().await;
    world.create_user("ada@example.com").await;
    world.login("ada@example.com", OTHER_PASSWORD).await;
    world.pass(Duration::from_secs(1800));
    let flow = async { world.login("ada@example.com", OTHER_PASSWORD).await.status };
    assert_eq!(cost_of(&world, flow, 401).await, cost(5, 2.0, 5.0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_costs_1_read_and_1_write_in_2_rounds_and_so_does_one_within_the_grace() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    let token = world.login("ada@example.com", PASSWORD).await.text("refresh_token").to_owned();
    for _ in 0..2 {
        let flow = async { world.refresh(&token).await.status };
        assert_eq!(cost_of(&world, flow, 200).await, cost(2, 1.0, 1.0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guard_costs_1_read() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    let token = world.login("ada@example.com", PASSWORD).await.text("access_token").to_owned();
    let flow = async { world.me(&token).await.status };
    assert_eq!(cost_of(&world, flow, 200).await, cost(1, 1.0, 0.0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logout_costs_5_writes_and_everywhere_1_read_and_6_writes() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    for (everywhere, budget) in [(false, cost(1, 0.0, 5.0)), (true, cost(3, 1.0, 6.0))] {
        let token = world.login("ada@example.com", PASSWORD).await.text("refresh_token").to_owned();
        let body = json!({ "refresh_token": token, "everywhere": everywhere });
        let flow = async { world.send(Call::post("/auth/logout", body)).await.status };
        assert_eq!(cost_of(&world, flow, 204).await, budget);
    }
}

// RS1
#[tokio::test(flavor = "multi_thread")]
async fn asking_for_a_reset_costs_3_writes_in_3_rounds_whoever_asks() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    for email in ["ada@example.com", "nobody@example.com", "ada@example.com"] {
        let flow = async { world.forgot(email).await.status };
        assert_eq!(cost_of(&world, flow, 200).await, cost(3, 0.0, 3.0), "{email}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_costs_2_reads_and_13_writes_in_3_rounds() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    // A lock to clear: deleting what is not there costs the same on AWS.
    world.login("ada@example.com", OTHER_PASSWORD).await;
    let token = world.mailed_token("ada@example.com").await;
    let flow = async { world.reset(&token, OTHER_PASSWORD).await.status };
    assert_eq!(cost_of(&world, flow, 200).await, cost(3, 2.0, 13.0));
}
