//! `POST /auth/register` and `POST /auth/verify-email`.

use std::time::Duration;

use latchkey_tests::{
    call::Call,
    proxy::{Fault, FaultKind},
    world::{PASSWORD, World, text},
};
use serde_json::json;
use shared::domain::{Role, Status};

const EVE: &str = "eve@example.com";
const CLOSED: (u16, &str) = (403, "Registration is closed");
const SECOND: Duration = Duration::from_secs(1);

async fn open_world() -> World {
    World::with(&[("REGISTRATION", "on")]).await
}

async fn world_with_token() -> (World, String) {
    let world = open_world().await;
    assert_eq!(world.register(EVE).await.status, 200);
    let token = world.token_mailed_to(EVE).await;
    (world, token)
}

// RG4
#[tokio::test(flavor = "multi_thread")]
async fn registration_is_off_unless_it_is_switched_on() {
    let world = World::new().await;
    assert_eq!(world.register(EVE).await.refusal(), CLOSED);
    assert_eq!(world.verify_email("junk", PASSWORD).await.refusal(), CLOSED);
    for table in ["Outbox", "RateLimits", "Users"] {
        assert!(world.scan(table).await.is_empty(), "{table}");
    }
}

// RG2
#[tokio::test(flavor = "multi_thread")]
async fn who_proves_an_address_chooses_a_password_and_logs_in() {
    let world = open_world().await;
    let asked = world.register("  Eve@Example.COM ").await;
    assert_eq!(asked.body, json!({ "message": "Check your inbox: a mail tells how to go on" }));
    assert!(world.scan("Users").await.is_empty() && world.scan("Credentials").await.is_empty());
    let token = world.token_mailed_to(EVE).await;
    assert!(world.mails_to(EVE)[0].text.contains("\nhttps://app.example.com/verify-email#token="));

    let body = json!({ "token": token, "new_password": PASSWORD, "name": "  Eve Online " });
    let verified = world.send(Call::post("/auth/verify-email", body)).await;

    assert_eq!((verified.status, verified.header("set-cookie")), (200, None), "{verified:?}");
    assert!(verified.body["access_token"].is_null());
    let login = world.login(EVE, PASSWORD).await;
    assert_eq!(login.status, 200);
    let user = &login.body["user"];
    assert_eq!(
        (&user["name"], &user["role"], &user["email"]),
        (&json!("Eve Online"), &json!("member"), &json!(EVE))
    );
    let entries = world.audited("verify_email").await;
    assert_eq!(entries.len(), 1);
    assert_eq!(text(&entries[0], "user_id"), user["id"]);
}

// RG1
#[tokio::test(flavor = "multi_thread")]
async fn every_email_gets_the_same_answer_for_the_same_calls() {
    let world = open_world().await;
    world.create_user("ada@example.com").await;
    world.create("idle@example.com", Status::Inactive, 10).await;
    world.invite("grace@example.com", Role::Member).await;
    let mut seen = Vec::new();
    for email in [EVE, "ada@example.com", "idle@example.com", "grace@example.com", EVE, "ada@example.com"] {
        world.proxy.start_counting();
        let answer = world.register(email).await;
        seen.push((answer, world.proxy.cost()));
    }
    assert!(
        seen.iter().all(|each| *each == seen[0]),
        "free, taken, inactive, invited, cooled down: {seen:?}"
    );
}

// RG1
#[tokio::test(flavor = "multi_thread")]
async fn the_owner_of_a_taken_address_is_told_and_an_inactive_one_is_not() {
    let world = open_world().await;
    world.create_user("ada@example.com").await;
    world.create("idle@example.com", Status::Inactive, 10).await;
    world.register("ada@example.com").await;
    world.register("idle@example.com").await;
    assert_eq!(world.subjects_to("ada@example.com").await, ["You already have an account at Latchkey"]);
    assert!(!world.mails()[0].text.contains("#token="));
    assert!(world.mails_to("idle@example.com").is_empty());
    assert!(world.scan("EmailVerifications").await.is_empty());
    assert_eq!(world.login("ada@example.com", PASSWORD).await.status, 200);
}

// RG1 LG8
#[tokio::test(flavor = "multi_thread")]
async fn one_address_may_ask_twenty_times_in_five_minutes() {
    let mut world = open_world().await;
    for n in 0..20 {
        assert_eq!(world.register(&format!("user{n}@example.com")).await.status, 200);
    }
    let refused = world.register(EVE).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("300")));
    let elsewhere = Call::post("/auth/register", json!({ "email": EVE })).from("198.51.100.9");
    assert_eq!(world.send(elsewhere).await.status, 200);
    world.pass(300 * SECOND);
    assert_eq!(world.register(EVE).await.status, 200);
}

// RG1 RS9
#[tokio::test(flavor = "multi_thread")]
async fn at_most_one_mail_a_minute_and_five_a_day_go_to_an_address() {
    let mut world = open_world().await;
    for (seconds, mails) in [(0, 1), (59, 1), (1, 2), (60, 3), (60, 4), (60, 5), (3600, 5), (86_400, 6)] {
        world.pass(seconds * SECOND);
        assert_eq!(world.register(EVE).await.status, 200);
        world.deliver_all().await;
        assert_eq!(world.mails_to(EVE).len(), mails, "after {seconds} seconds more");
    }
}

// RG1 RS9
#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_registrations_do_not_use_up_the_owners_resets() {
    let world = open_world().await;
    world.create_user("ada@example.com").await;
    world.register("ada@example.com").await;
    world.forgot("ada@example.com").await;
    world.deliver_all().await;
    assert_eq!(world.mails_to("ada@example.com").len(), 2);
}

// RG1 RG3 OP6
#[tokio::test(flavor = "multi_thread")]
async fn without_a_table_nothing_is_made_and_each_step_can_be_repeated() {
    for (action, table) in [("UpdateItem", "RateLimits"), ("PutItem", "Outbox")] {
        let world = open_world().await;
        world.proxy.break_calls(Fault { action, table, kind: FaultKind::Broken, times: 3 });
        assert_eq!(world.register(EVE).await.status, 503, "{table}");
        assert_eq!(world.register(EVE).await.status, 200, "{table}");
        world.deliver_all().await;
        assert_eq!(world.mails_to(EVE).len(), 1, "{table}");
    }
    for (action, table) in [("GetItem", "EmailVerifications"), ("TransactWriteItems", "Users")] {
        let (world, token) = world_with_token().await;
        let before = world.everything().await;
        world.proxy.break_calls(Fault { action, table, kind: FaultKind::Broken, times: 3 });
        assert_eq!(world.verify_email(&token, PASSWORD).await.status, 503, "{table}");
        assert_eq!(world.everything().await, before, "{table}");
        assert_eq!(world.verify_email(&token, PASSWORD).await.status, 200, "{table}");
    }
}
