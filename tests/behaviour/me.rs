//! `GET /users/me`, and with it the guard.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use latchkey_tests::{
    call::Call,
    world::{PASSWORD, World, text},
};
use serde_json::json;

const REFUSED: (u16, &str) = (401, "Could not validate credentials");

async fn world_with_token() -> (World, String) {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    let token = world.login("ada@example.com", PASSWORD).await.text("access_token").to_owned();
    (world, token)
}

async fn set_user(world: &World, attribute: &str, value: AttributeValue) {
    let id = text(&world.only("Users").await, "user_id");
    world.set("Users", &[("user_id", &id)], attribute, value).await;
}

// AT8
#[tokio::test(flavor = "multi_thread")]
async fn the_guard_tells_the_user_as_he_is_now_and_not_as_the_token_remembers() {
    let (world, token) = world_with_token().await;
    assert_eq!(world.me(&token).await.text("role"), "member");
    set_user(&world, "role", AttributeValue::S("admin".to_owned())).await;
    let answer = world.me(&token).await;
    assert_eq!((answer.status, answer.text("role"), answer.text("email")), (200, "admin", "ada@example.com"));
    let mut members: Vec<_> = answer.body.as_object().expect("an object").keys().cloned().collect();
    members.sort();
    assert_eq!(members, ["created_at", "email", "id", "last_login", "name", "role", "status"]);
}

// AT8
#[tokio::test(flavor = "multi_thread")]
async fn an_inactive_user_is_refused_with_403_and_one_who_is_gone_with_401() {
    let (world, token) = world_with_token().await;
    set_user(&world, "status", AttributeValue::S("inactive".to_owned())).await;
    assert_eq!(world.me(&token).await.refusal(), (403, "User account is inactive"));

    let id = AttributeValue::S(text(&world.only("Users").await, "user_id"));
    world.dynamo.delete_item().table_name("latchkey-Users").key("user_id", id).send().await.expect("deletes");
    assert_eq!(world.me(&token).await.refusal(), REFUSED);
}

// AT8 RT10
#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_an_ended_generation_is_refused() {
    let (world, token) = world_with_token().await;
    set_user(&world, "generation", AttributeValue::N("1".to_owned())).await;
    assert_eq!(world.me(&token).await.refusal(), REFUSED);
}

// AT7
#[tokio::test(flavor = "multi_thread")]
async fn a_token_works_for_fifteen_minutes() {
    let (mut world, token) = world_with_token().await;
    world.pass(Duration::from_secs(15 * 60 - 1));
    assert_eq!(world.me(&token).await.status, 200);
    world.pass(Duration::from_secs(1));
    assert_eq!(world.me(&token).await.refusal(), REFUSED);
}

// AT6
#[tokio::test(flavor = "multi_thread")]
async fn a_token_counts_in_the_authorization_header_alone() {
    let (world, token) = world_with_token().await;
    let get = || Call::get("/users/me");
    for elsewhere in [
        get(),
        get().body(&json!({ "access_token": token }).to_string()).header("content-type", "application/json"),
        get().cookie(&format!("access_token={token}")),
        get().header("x-access-token", &token),
        get().header("authorization", &token),
        get().header("authorization", &format!("Basic {token}")),
        get().header("authorization", &format!("Token {token}")),
    ] {
        let answer = world.send(elsewhere).await;
        assert_eq!(answer.refusal(), (401, "Not authenticated"));
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
    let in_query = world.send(get().query(&format!("access_token={token}"))).await;
    assert_eq!(in_query.refusal(), (422, "access_token is not a parameter of this request"));
    assert_eq!(world.send(get().header("authorization", &format!("bearer {token}"))).await.status, 200);
}

// AT3 AT4
#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_access_token_of_ours_is_refused() {
    let (world, token) = world_with_token().await;
    let refresh = world.login("ada@example.com", PASSWORD).await.text("refresh_token").to_owned();
    let twice = format!("{token}, Bearer {token}");
    let (header, rest) = token.split_once('.').expect("three parts");
    let padded = format!("{header}=.{rest}");
    for junk in [
        "x",
        "a.b.c",
        &refresh,
        &format!("{token}x"),
        &token[..token.len() - 1],
        &twice,
        &padded,
        &"k".repeat(9000),
    ] {
        let answer = world.me(junk).await;
        assert_eq!(answer.refusal(), REFUSED, "{junk}");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer error=\"invalid_token\""));
    }
}
