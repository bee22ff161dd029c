//! `POST /auth/register` and `POST /auth/verify-email`.

use std::time::Duration;

use futures::future::join_all;
use latchkey_tests::{
    call::Call,
    proxy::{Fault, FaultKind},
    world::{OTHER_PASSWORD, PASSWORD, World, text},
};
use serde_json::json;
use shared::domain::{Role, Status};

const EVE: &str = "eve@example.com";
const INVALID: (u16, &str) = (400, "Invalid or expired verification token");
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
    assert_eq!((&user["name"], &user["role"], &user["email"]), (&json!("Eve Online"), &json!("member"), &json!(EVE)));
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
    assert!(seen.iter().all(|each| *each == seen[0]), "free, taken, inactive, invited, cooled down: {seen:?}");
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

// RG2 PW1 PW6
#[tokio::test(flavor = "multi_thread")]
async fn a_weak_password_or_a_bad_name_does_not_use_the_proof_up() {
    let (world, token) = world_with_token().await;
    let with = async |password: &str, name: serde_json::Value| {
        let body = json!({ "token": token, "new_password": password, "name": name });
        world.send(Call::post("/auth/verify-email", body)).await
    };
    for (password, name, field) in [
        ("short", json!("Eve"), "new_password"),
        ("Password123!", json!("Eve"), "new_password"),
        ("My-eve-Lovelace-11", json!("Eve"), "new_password"),
        (PASSWORD, json!(""), "name"),
        (PASSWORD, json!("Eve\r\nBcc: ada@example.com"), "name"),
        (PASSWORD, json!("x".repeat(101)), "name"),
        (PASSWORD, json!(7), "name"),
    ] {
        let answer = with(password, name.clone()).await;
        assert_eq!((answer.status, &answer.body["errors"][0]["field"]), (422, &json!(field)), "{password} {name}");
    }
    assert!(world.scan("Users").await.is_empty());
    assert_eq!(with(PASSWORD, json!("Eve")).await.status, 200);
}

// OP2 RG2
#[tokio::test(flavor = "multi_thread")]
async fn nobody_chooses_a_role_a_status_or_another_address() {
    let (world, token) = world_with_token().await;
    for (field, value) in [("role", "admin"), ("status", "active"), ("email", "ada@example.com")] {
        let mut body = json!({ "token": token, "new_password": PASSWORD });
        body[field] = json!(value);
        assert_eq!(world.send(Call::post("/auth/verify-email", body)).await.status, 422, "{field}");
    }
    let with_password = json!({ "email": EVE, "password": PASSWORD });
    assert_eq!(world.send(Call::post("/auth/register", with_password)).await.status, 422);
    assert!(world.scan("Users").await.is_empty());
}

// RG2
#[tokio::test(flavor = "multi_thread")]
async fn a_proof_works_once_for_a_day_and_is_stored_as_a_hash() {
    let (mut world, token) = world_with_token().await;
    for table in ["EmailVerifications", "Outbox", "RateLimits", "Audit"] {
        assert!(!format!("{:?}", world.scan(table).await).contains(&token), "{table}");
    }
    world.pass(86_400 * SECOND);
    assert_eq!(world.verify_email(&token, PASSWORD).await.refusal(), INVALID);
    world.now = world.now - SECOND;
    assert_eq!(world.verify_email(&token, PASSWORD).await.status, 200);
    assert_eq!(world.verify_email(&token, OTHER_PASSWORD).await.refusal(), INVALID);
    assert_eq!(world.login(EVE, PASSWORD).await.status, 200);
    assert_eq!(world.verify_email("junk", PASSWORD).await.refusal(), INVALID);
}

// RG3
#[tokio::test(flavor = "multi_thread")]
async fn thirty_two_parallel_proofs_make_one_account() {
    for _ in 0..3 {
        let (world, token) = world_with_token().await;
        let passwords: Vec<_> = (0..32).map(|n| format!("Tundra-Violin-{n}")).collect();
        let answers = join_all(passwords.iter().map(|password| world.verify_email(&token, password))).await;
        let winners: Vec<_> = (0..32).filter(|n| answers[*n].status == 200).collect();
        assert_eq!(winners.len(), 1, "{answers:?}");
        assert!(answers.iter().all(|answer| [200, 400].contains(&answer.status)), "{answers:?}");
        assert_eq!(world.login(EVE, &passwords[winners[0]]).await.status, 200);
        for table in ["Users", "Credentials"] {
            assert_eq!(world.scan(table).await.len(), 1, "{table}");
        }
        assert_eq!(world.audited("verify_email").await.len(), 1);
    }
}

// RG3
#[tokio::test(flavor = "multi_thread")]
async fn of_two_tokens_for_one_address_one_makes_the_account() {
    let (mut world, first) = world_with_token().await;
    world.pass(61 * SECOND);
    world.register(EVE).await;
    world.deliver_all().await;
    let second = latchkey_tests::world::token_in(&world.mails_to(EVE)[0]);
    assert_ne!(first, second);
    let passwords = [PASSWORD, OTHER_PASSWORD];
    let (one, other) =
        futures::join!(world.verify_email(&first, passwords[0]), world.verify_email(&second, passwords[1]));
    assert!((one.status == 200) != (other.status == 200), "{one:?} {other:?}");
    assert_eq!(world.scan("Users").await.len(), 1);
    assert_eq!(world.login(EVE, passwords[usize::from(other.status == 200)]).await.status, 200);
}

// RG3
#[tokio::test(flavor = "multi_thread")]
async fn who_was_invited_meanwhile_keeps_the_invitation() {
    let (world, token) = world_with_token().await;
    let invited = world.invite(EVE, Role::Lead).await;
    let before = world.everything().await;
    assert_eq!(world.verify_email(&token, PASSWORD).await.refusal(), INVALID);
    assert_eq!(world.everything().await, before);
    let invitation = world.token_mailed_to(EVE).await;
    assert_eq!(world.reset(&invitation, OTHER_PASSWORD).await.status, 200);
    let login = world.login(EVE, OTHER_PASSWORD).await;
    assert_eq!((&login.body["user"]["id"], &login.body["user"]["role"]), (&json!(invited.id), &json!("lead")));
}

// RG4
#[tokio::test(flavor = "multi_thread")]
async fn switched_off_between_mail_and_proof_it_makes_no_account() {
    let (world, token) = world_with_token().await;
    let closed = World::new().await;
    for row in world.scan("EmailVerifications").await {
        let put = closed.dynamo.put_item().table_name("latchkey-EmailVerifications");
        put.set_item(Some(row)).send().await.expect("puts");
    }
    assert_eq!(closed.verify_email(&token, PASSWORD).await.refusal(), CLOSED);
    assert!(closed.scan("Users").await.is_empty());
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
