//! What each flow costs: DynamoDB units as billed, and round trips. The README's table says the same.

use std::time::Duration;

use latchkey_tests::{
    call::Call,
    gateways::Form,
    pool::Pool,
    proxy::Cost,
    world::{OTHER_PASSWORD, PASSWORD, World},
};
use serde_json::{Value, json};
use shared::domain::{Origin, Role};

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
async fn a_first_login_of_who_came_without_a_password_costs_2_writes_more_than_an_unknown_email() {
    let world = World::new().await;
    world.import_newcomer("ada@example.com", Origin::Cognito, None).await;
    let flow = async { world.login("ada@example.com", PASSWORD).await.status };
    assert_eq!(cost_of(&world, flow, 401).await, cost(5, 1.0, 6.0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_login_that_the_old_pool_accepts_costs_4_reads_and_14_writes_in_7_rounds() {
    let pool = Pool::start().await;
    let world = World::with(&pool.settings()).await;
    world.import_newcomer("ada@example.com", Origin::Cognito, None).await;
    pool.add("ada@example.com", PASSWORD, None);
    let flow = async { world.login("ada@example.com", PASSWORD).await.status };
    assert_eq!(cost_of(&world, flow, 200).await, cost(7, 4.0, 14.0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_costs_7_writes_a_user_and_an_export_2_reads_at_most() {
    let world = World::new().await;
    world.proxy.start_counting();
    for number in 0..3 {
        world.import_newcomer(&format!("user{number}@example.com"), Origin::Csv, None).await;
    }
    assert_eq!(world.proxy.cost(), cost(3, 0.0, 21.0));
    world.proxy.start_counting();
    let page = world.app.store.export(None).await.expect("reads");
    let read = world.proxy.cost();
    assert_eq!((page.accounts.len(), read.rounds, read.read), (3, 2, page.units));
    assert!(read.read <= 6.0 && read.write == 0.0, "{read:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_failure_after_a_window_that_is_over_costs_one_write_more() {
    let mut world = World::new().await;
    world.create_user("ada@example.com").await;
    world.login("ada@example.com", OTHER_PASSWORD).await;
    world.pass(Duration::from_secs(1800));
    // As a warm function: its keys are read again once a minute, whatever is asked.
    world.login("eve@example.com", OTHER_PASSWORD).await;
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
async fn the_authorizer_costs_1_read_whoever_asks() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    let token = world.login("ada@example.com", PASSWORD).await.text("access_token").to_owned();
    for form in Form::ALL {
        let flow = async { world.protected(form, &format!("Bearer {token}")).await.0 };
        assert_eq!(cost_of(&world, flow, 200).await, cost(1, 1.0, 0.0), "{form:?}");
    }
    // Who has no token of ours costs nothing.
    world.proxy.start_counting();
    world.protected(Form::Http2, "Bearer x").await;
    assert_eq!(world.proxy.cost(), cost(0, 0.0, 0.0));
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

#[tokio::test(flavor = "multi_thread")]
async fn a_look_at_a_user_costs_4_reads_a_change_2_and_7_writes_an_unlock_2_and_9_in_3_rounds() {
    let world = World::new().await;
    let (_, token) = world.with_token("root@example.com", Role::Admin).await;
    let user = world.create_user("ada@example.com").await;
    // A failure to read: the engine bills half a unit for nothing, AWS one.
    world.login("ada@example.com", OTHER_PASSWORD).await;
    let path = format!("/admin/users/{}", user.id);
    let look = async { world.ask(&token, &format!("GET {path}"), Value::Null).await.status };
    assert_eq!(cost_of(&world, look, 200).await, cost(3, 4.0, 0.0), "look");
    let change =
        async { world.ask(&token, &format!("PATCH {path}"), json!({ "role": "lead" })).await.status };
    assert_eq!(cost_of(&world, change, 200).await, cost(3, 2.0, 7.0), "change");
    let unlock = async { world.ask(&token, &format!("POST {path}/unlock"), Value::Null).await.status };
    assert_eq!(cost_of(&world, unlock, 204).await, cost(3, 2.0, 9.0), "unlock");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_the_trail_costs_a_round_for_each_day_and_a_read_for_each_user_in_it() {
    let world = World::new().await;
    let (_, token) = world.with_token("root@example.com", Role::Admin).await;
    let user = world.create_user("ada@example.com").await;
    let body = json!({ "role": "lead" });
    world.ask(&token, &format!("PATCH /admin/users/{}", user.id), body).await;
    // The guard, two users, and a few entries: a consistent read of a user's, half a read of each day's.
    for (query, budget) in [
        (format!("user_id={}", user.id), cost(3, 4.0, 0.0)),
        (format!("since={}", world.now.start_of_day()), cost(3, 3.5, 0.0)),
        (String::new(), cost(10, 7.0, 0.0)),
    ] {
        let line = format!("GET /admin/audit?{query}");
        let page = async { world.ask(&token, &line, Value::Null).await.status };
        assert_eq!(cost_of(&world, page, 200).await, budget, "{query}");
    }
}
