//! The command itself, on a real engine of its own: what operators and their scripts see.

use std::process::{Output, Stdio};

use latchkey_local::{
    dynamodb::{self, Engine},
    template::Template,
};
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt, process::Command};

const TEMPLATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../template.yaml");
const EMAIL: &str = "ada@example.com";
const PASSWORD: &str = "Kestrel-Orbit-92\n";

async fn engine() -> Engine {
    let template = Template::read(TEMPLATE).expect("template.yaml");
    dynamodb::start_in_memory(&template).await.expect("an engine")
}

/// Runs the command with nothing in its environment but the tables' place.
async fn run(engine: &Engine, arguments: &str, input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_latchkey"))
        .args(arguments.split_whitespace())
        .env_clear()
        .env("AWS_ENDPOINT_URL_DYNAMODB", &engine.url)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    // It may end before it has read anything.
    _ = command.stdin.take().expect("a pipe").write_all(input.as_bytes()).await;
    command.wait_with_output().await.expect("it ends")
}

async fn done(engine: &Engine, arguments: &str, input: &str) -> String {
    let output = run(engine, arguments, input).await;
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""), "{arguments}");
    text(&output.stdout).to_owned()
}

async fn done_json(engine: &Engine, arguments: &str) -> Value {
    let answer = done(engine, &format!("{arguments} --json"), PASSWORD).await;
    serde_json::from_str(&answer).expect("one JSON value")
}

async fn refused(engine: &Engine, arguments: &str, input: &str, code: i32) -> String {
    let output = run(engine, arguments, input).await;
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(code), ""), "{arguments}");
    text(&output.stderr).to_owned()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

#[tokio::test]
async fn a_created_user_is_shown_and_listed() {
    let engine = engine().await;
    let made =
        done_json(&engine, &format!("user create {EMAIL} --name Ada --role admin --password-stdin")).await;
    let shown = done_json(&engine, &format!("user show {EMAIL}")).await;
    let listed = done_json(&engine, "user list").await;

    assert_eq!(
        shown,
        json!({
            "id": made["id"], "email": EMAIL, "name": "Ada", "role": "admin", "status": "active",
            "created_at": made["created_at"], "last_login": null, "password": "set", "lockout": null,
            "email_hash": "b5fc85e55755f9e0d030a10ab4429b6b2944855f9a0d60077fe832becbc41d72",
        })
    );
    assert_eq!(listed[0]["id"], made["id"]);
    assert!(done(&engine, "user list", "").await.contains(EMAIL));
}

#[tokio::test]
async fn an_invited_user_has_no_password_yet_and_a_mail_in_the_outbox() {
    let engine = engine().await;
    done(&engine, &format!("user create {EMAIL} --invite"), "").await;
    assert_eq!(done_json(&engine, &format!("user show {EMAIL}")).await["password"], "invited");
    let tables = engine.db.table_stats().expect("a count");
    assert!(tables.iter().any(|table| table.table_name == "latchkey-Outbox" && table.item_count == 1));
}

#[tokio::test]
async fn what_is_refused_says_why_and_changes_nothing() {
    let engine = engine().await;
    done(&engine, &format!("user create {EMAIL} --password-stdin"), PASSWORD).await;
    let before = done_json(&engine, &format!("user show {EMAIL}")).await;
    for (arguments, input, code, words) in [
        ("user create ADA@example.com --invite", "", 1, "ada@example.com has an account already"),
        (
            "user create bob@example.com --password-stdin",
            "Secret\n",
            1,
            "it must have at least 12 characters",
        ),
        ("user create bob@example.com --password-stdin", "", 1, "it must not be empty"),
        ("user show bob@example.com", "", 1, "no user has the e-mail bob@example.com"),
        ("user disable bob@example.com", "", 1, "no user has the e-mail bob@example.com"),
        ("user enable bob@example.com", "", 1, "no user has the e-mail bob@example.com"),
        ("user create bob@example.com", "", 2, "<--password-stdin|--invite>"),
        ("user list --stack other", "", 3, "other-Users: ResourceNotFoundException"),
        ("user list --endpoint-url http://127.0.0.1:1", "", 3, "That was at http://127.0.0.1:1."),
        (
            "user list --profile nobodys --region eu-west-1",
            "",
            3,
            "with the profile nobodys.\nGive a --profile that is signed in",
        ),
    ] {
        let error = refused(&engine, arguments, input, code).await;
        assert!(error.contains(words), "{arguments}: {error}");
        assert!(!error.contains("Secret"), "{error}");
    }
    assert_eq!(done_json(&engine, &format!("user show {EMAIL}")).await, before);
    assert_eq!(done_json(&engine, "user list").await.as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn disabling_and_enabling_can_be_repeated() {
    let engine = engine().await;
    done(&engine, &format!("user create {EMAIL} --invite"), "").await;
    for (verb, status) in
        [("disable", "inactive"), ("disable", "inactive"), ("enable", "active"), ("enable", "active")]
    {
        assert_eq!(done_json(&engine, &format!("user {verb} {EMAIL}")).await["status"], status);
    }
}

#[tokio::test]
async fn unlocking_works_for_an_email_without_an_account() {
    let engine = engine().await;
    let answer = done_json(&engine, "user unlock ghost@example.com").await;
    assert_eq!(answer, json!({ "email": "ghost@example.com", "lockout": null }));
}

#[tokio::test]
async fn a_list_without_users_is_an_empty_array() {
    assert_eq!(done_json(&engine().await, "user list").await, json!([]));
}

#[tokio::test]
async fn settings_are_those_in_force() {
    let engine = engine().await;
    let answer = done_json(&engine, "settings --stack prod").await;
    let prefix = json!({ "name": "TABLE_PREFIX", "value": "prod-", "is_default": false });
    assert!(answer["settings"].as_array().expect("a list").contains(&prefix), "{answer}");
    assert!(answer["recommendations"][0].as_str().expect("a sentence").starts_with("ALGORITHM=HS256"));
}
