//! `POST /auth/verify-email`: the link that makes an account.

use std::time::Duration;

use futures::future::join_all;
use latchkey_tests::{
    call::Call,
    world::{OTHER_PASSWORD, PASSWORD, World, token_in},
};
use serde_json::json;
use shared::domain::Role;

const EVE: &str = "eve@example.com";
const INVALID: (u16, &str) = (400, "Invalid or expired verification token");
const CLOSED: (u16, &str) = (403, "Registration is closed");
const SECOND: Duration = Duration::from_secs(1);

async fn world_with_token() -> (World, String) {
    let world = World::with(&[("REGISTRATION", "on")]).await;
    assert_eq!(world.register(EVE).await.status, 200);
    let token = world.token_mailed_to(EVE).await;
    (world, token)
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
        assert_eq!(
            (answer.status, &answer.body["errors"][0]["field"]),
            (422, &json!(field)),
            "{password} {name}"
        );
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
    for _ in 0..2 {
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
    let second = token_in(&world.mails_to(EVE)[0]);
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
    assert_eq!(
        (&login.body["user"]["id"], &login.body["user"]["role"]),
        (&json!(invited.id), &json!("lead"))
    );
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
