//! The examples of `openapi.yaml`: each is sent, and gets what stands there.

use futures::future::join_all;
use latchkey_tests::{
    call::{Answer, Call},
    contract::{Document, Example, Operation, is_as_shown},
    proxy::{Fault, FaultKind},
    world::{PASSWORD, World},
};
use serde_json::{Value, json};
use shared::domain::Role;

/// What is refused before anything is looked up: all of it in one world, which stays as it is.
const REFUSED_AT_ONCE: [&str; 18] = [
    "foreign_origin",
    "invalid_access_token",
    "malformed_json",
    "missing_fields",
    "no_boolean",
    "no_email",
    "no_id",
    "no_string",
    "no_such_user",
    "not_authenticated",
    "not_json",
    "nothing_to_change",
    "too_large",
    "two_users",
    "unknown_field",
    "until_before_since",
    "wrong_limit",
    "wrong_role",
];
/// What is answered while nothing behind the API works.
const BROKEN: [&str; 2] = ["failed", "unavailable"];

const NOBODY: &str = "4f1c2b7e-8a35-4d0e-9b1a-6c2f7d5e8a90";

/// All but the documents at the root: what they say hangs on the keys, and tests of the keys show it.
fn operations() -> Vec<Operation<'static>> {
    let operations = Document::get().operations().into_iter();
    operations.filter(|operation| !operation.path.starts_with("/.well-known/")).collect()
}

/// A request that is right, of who may do everything; all that is named in the path is nobody's.
fn right_call(operation: &Operation<'_>, token: &str) -> Call {
    let path = operation.path.replace("{user_id}", NOBODY).replace("{session_id}", NOBODY);
    let call = Call::raw(&operation.method, path.trim_start_matches("/api/v1")).bearer(token);
    match Document::get().requests_of(operation).values().next() {
        Some(body) => with_body(call, body),
        None => call,
    }
}

/// Whether a member may be in its body.
fn operation_takes(operation: &Operation<'_>, member: &str) -> bool {
    let body = &operation.definition["requestBody"]["content"]["application/json"]["schema"];
    Document::get().resolve(body)["properties"][member].is_object()
}

fn with_body(call: Call, body: &Value) -> Call {
    call.header("content-type", "application/json").body(&body.to_string())
}

/// The same, with what an example is about.
fn refused_call(example: &Example<'_>, token: &str) -> Call {
    let operation = example.operation;
    let call = right_call(operation, token);
    match example.name {
        "foreign_origin" => {
            call.cookie("__Host-refresh_token=a.b.c").header("origin", "https://evil.example")
        }
        "invalid_access_token" => call.bearer("not.a.token"),
        "malformed_json" => call.header("content-type", "application/json").body("{"),
        "missing_fields" | "nothing_to_change" => with_body(call, &json!({})),
        "no_boolean" => with_body(call, &json!({ "everywhere": "yes" })),
        "no_email" => with_body(call, &json!({ "email": "ada" })),
        "no_id" => {
            let path = operation.path.trim_start_matches("/api/v1").replace("{user_id}", "7");
            let body = if operation.method == "PATCH" { json!({ "role": "lead" }) } else { Value::Null };
            let call = Call::raw(&operation.method, &path.replace("{session_id}", "7")).bearer(token);
            if body.is_null() { call } else { with_body(call, &body) }
        }
        "no_string" => with_body(call, &json!({ "refresh_token": 7 })),
        "no_such_user" => call,
        "not_authenticated" => call.without_header("authorization"),
        "not_json" => call.header("content-type", "text/plain").body("{}"),
        "too_large" => with_body(call, &json!({ "email": "a".repeat(16 * 1024) })),
        "two_users" => call.query(&format!("user_id={NOBODY}&email=ada@example.com")),
        "unknown_field" => {
            let requests = Document::get().requests_of(operation);
            let mut body = (*requests.values().next().expect("a request")).clone();
            body["remember"] = json!(true);
            with_body(call, &body)
        }
        "until_before_since" => call.query("since=2026-11-23T13:54:38Z&until=2026-11-22T13:54:38Z"),
        "wrong_limit" => call.query("limit=0"),
        "wrong_role" => with_body(call, &json!({ "email": "ada@example.com", "role": "owner" })),
        unknown => panic!("nobody knows how to get the answer {unknown} of {}", operation.id),
    }
}

fn assert_as_shown(answer: &Answer, example: &Example<'_>) {
    let what = format!("{} {}", example.operation.id, example.name);
    let shown = example.answer;
    assert!(is_as_shown(answer, example), "{what} is {answer:?}, and not {} {shown:?}", example.status);
    let waits = [429, 503].contains(&answer.status);
    assert_eq!(answer.header("retry-after").is_some(), waits, "{what}: {answer:?}");
}

// OP10
#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_that_needs_no_look_is_as_its_example_shows() {
    let world = World::with(&[("REGISTRATION", "on")]).await;
    let (_, token) = world.with_token("root@example.com", Role::Admin).await;
    let mut sent = 0;
    for operation in &operations() {
        for example in Document::get().examples_of(operation) {
            if REFUSED_AT_ONCE.contains(&example.name) {
                assert_as_shown(&world.send(refused_call(&example, &token)).await, &example);
                sent += 1;
            }
        }
    }
    assert!(sent > 100, "only {sent}");
}

// OP10 OP6
#[tokio::test(flavor = "multi_thread")]
async fn while_nothing_behind_it_works_every_route_says_so_as_its_examples_show() {
    for (name, kind) in [("failed", FaultKind::Denied), ("unavailable", FaultKind::Broken)] {
        let world = World::with(&[("REGISTRATION", "on")]).await;
        let (_, token) = world.with_token("root@example.com", Role::Admin).await;
        let refresh_token = world.login("root@example.com", PASSWORD).await.text("refresh_token").to_owned();
        for action in ["GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "TransactWriteItems"] {
            world.proxy.break_calls(Fault { action, table: "", kind, times: usize::MAX });
        }
        let operations = operations();
        let answers = operations.iter().map(async |operation| {
            let mut body = Document::get().requests_of(operation).values().next().map(|body| (*body).clone());
            // Tokens of the right form, so that they are looked up.
            let tokens = [("token", "A".repeat(43)), ("refresh_token", refresh_token.clone())];
            for (member, token) in tokens {
                let takes_it = operation_takes(operation, member);
                _ = body.as_mut().filter(|_| takes_it).map(|body| body[member] = json!(token));
            }
            let call = right_call(operation, &token);
            (operation, world.send(body.iter().fold(call, with_body)).await)
        });
        for (operation, answer) in join_all(answers).await {
            let examples = Document::get().examples_of(operation);
            let example = examples.iter().find(|example| example.name == name).expect("an example");
            assert_as_shown(&answer, example);
        }
    }
}

/// Plays all other examples of the operations with a tag.
async fn play(tag: &str) {
    let operations = operations();
    let of_tag = operations.iter().filter(|operation| operation.definition["tags"][0] == tag);
    let mut played = 0;
    for operation in of_tag {
        for example in Document::get().examples_of(operation) {
            if !REFUSED_AT_ONCE.contains(&example.name) && !BROKEN.contains(&example.name) {
                assert_as_shown(&example.play().await, &example);
                played += 1;
            }
        }
    }
    assert!(played > 0, "{tag}");
}

// OP10
#[tokio::test(flavor = "multi_thread")]
async fn the_examples_of_sessions_get_the_answers_that_they_show() {
    play("Log in").await;
}

// OP10
#[tokio::test(flavor = "multi_thread")]
async fn the_examples_of_forgotten_passwords_get_the_answers_that_they_show() {
    play("Forgotten password").await;
}

// OP10
#[tokio::test(flavor = "multi_thread")]
async fn the_examples_of_registration_get_the_answers_that_they_show() {
    play("Registration").await;
}

// OP10
#[tokio::test(flavor = "multi_thread")]
async fn the_examples_of_accounts_get_the_answers_that_they_show() {
    play("Account").await;
}

// OP10
#[tokio::test(flavor = "multi_thread")]
async fn the_examples_of_administration_get_the_answers_that_they_show() {
    play("Administration").await;
}

// OP10
#[test]
fn every_example_fits_its_schema() {
    let document = Document::get();
    for operation in document.operations() {
        let bodies = document.resolve(&operation.definition["requestBody"])["content"].clone();
        let responses = operation.definition["responses"].as_object().expect("responses");
        let answers = responses.values().map(|response| document.resolve(response));
        let headers =
            answers.clone().flat_map(|response| response["headers"].as_object().into_iter().flatten());
        for (name, header) in headers {
            let header = document.resolve(header);
            assert_eq!(document.errors(&header["schema"], &header["example"]), [""; 0], "{name}");
        }
        for content in answers.map(|response| &response["content"]).chain([&bodies]) {
            for media in content.as_object().into_iter().flat_map(|content| content.values()) {
                for (name, example) in media["examples"].as_object().into_iter().flatten() {
                    let value = &document.resolve(example)["value"];
                    let errors = document.errors(&media["schema"], value);
                    assert_eq!(errors, [""; 0], "{name} of {}", operation.id);
                }
            }
        }
    }
}
