//! How often one address may ask.

use std::time::Duration;

use latchkey_tests::{
    call::{Answer, Call},
    world::{OTHER_PASSWORD, PASSWORD, World},
};
use serde_json::json;

async fn login_from(world: &World, address: &str) -> Answer {
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    world.send(Call::post("/auth/login", body).from(address)).await
}

// LG8
#[tokio::test(flavor = "multi_thread")]
async fn an_address_over_its_limit_waits_for_the_window_to_end() {
    let mut world = World::with(&[("LOGIN_LIMIT_PER_ADDRESS", "3")]).await;
    world.create_user("ada@example.com").await;
    world.pass(Duration::from_secs(100));
    for _ in 0..3 {
        assert_eq!(login_from(&world, "203.0.113.7").await.status, 200);
    }

    let refused = login_from(&world, "203.0.113.7").await;

    assert_eq!(refused.refusal(), (429, "Too many requests. Try again later."));
    let wait: u64 = refused.header("retry-after").expect("Retry-After").parse().expect("whole seconds");
    // 1,800,000,000 begins a window of 300 s; 100 s of it are over.
    assert_eq!(wait, 200);
    assert_eq!(login_from(&world, "203.0.113.8").await.status, 200, "another address is not concerned");
    world.pass(Duration::from_secs(wait));
    assert_eq!(login_from(&world, "203.0.113.7").await.status, 200);
}

// LG8
#[tokio::test(flavor = "multi_thread")]
async fn an_ipv6_subscriber_has_one_limit_for_all_his_addresses() {
    let world = World::with(&[("LOGIN_LIMIT_PER_ADDRESS", "2")]).await;
    world.create_user("ada@example.com").await;
    for (address, status) in [
        ("2001:db8:1:2::1", 200),
        ("2001:db8:1:2:ffff::9", 200),
        ("2001:db8:1:2:3:4:5:6", 429),
        ("2001:db8:1:3::1", 200),
    ] {
        assert_eq!(login_from(&world, address).await.status, status, "{address}");
    }
}

// LG8
#[tokio::test(flavor = "multi_thread")]
async fn no_header_changes_the_address() {
    let world = World::with(&[("LOGIN_LIMIT_PER_ADDRESS", "1")]).await;
    let call = |n: usize| {
        let body = json!({ "email": format!("user{n}@example.com"), "password": PASSWORD });
        let address = format!("198.51.100.{n}");
        Call::post("/auth/login", body)
            .header("x-forwarded-for", &address)
            .header("forwarded", &format!("for={address}"))
            .header("x-real-ip", &address)
    };
    assert_eq!(world.send(call(1)).await.status, 401);
    assert_eq!(world.send(call(2)).await.status, 429);
}

// LG8
#[tokio::test(flavor = "multi_thread")]
async fn a_throttled_guess_is_not_a_counted_one() {
    let world = World::with(&[("LOGIN_LIMIT_PER_ADDRESS", "1")]).await;
    world.create_user("ada@example.com").await;
    for _ in 0..10 {
        let body = json!({ "email": "ada@example.com", "password": OTHER_PASSWORD });
        world.send(Call::post("/auth/login", body)).await;
    }
    assert_eq!(login_from(&world, "203.0.113.8").await.status, 200);
}

// LG8
#[tokio::test(flavor = "multi_thread")]
async fn requests_for_a_reset_have_a_limit_of_their_own() {
    let world = World::with(&[("FORGOT_LIMIT_PER_ADDRESS", "2"), ("LOGIN_LIMIT_PER_ADDRESS", "1")]).await;
    for (n, status) in [(1, 200), (2, 200), (3, 429), (4, 429)] {
        assert_eq!(world.forgot(&format!("user{n}@example.com")).await.status, status, "{n}");
    }
    assert_eq!(world.login("ada@example.com", PASSWORD).await.status, 401);
    assert_eq!(world.scan("Outbox").await.len(), 2, "a refused request queues nothing");
}

// LG8 RS9
#[tokio::test(flavor = "multi_thread")]
async fn an_address_over_its_limit_uses_up_nobodys_mails() {
    let world = World::with(&[("FORGOT_LIMIT_PER_ADDRESS", "1")]).await;
    world.create_user("ada@example.com").await;
    world.forgot("first@example.com").await;
    for _ in 0..6 {
        assert_eq!(world.forgot("ada@example.com").await.status, 429);
    }
    let call = Call::post("/auth/forgot-password", json!({ "email": "ada@example.com" }));
    assert_eq!(world.send(call.from("203.0.113.8")).await.status, 200);
    world.deliver_all().await;
    assert_eq!(world.mails().len(), 1);
}
