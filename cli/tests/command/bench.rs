//! The command beside an engine.

use std::process::{Output, Stdio};

use latchkey_local::{
    dynamodb::{self, Engine},
    template::Template,
};
use serde_json::Value;
use shared::{
    caller::Caller,
    config::Config,
    domain::{AuditEntry, ClientAddress, Email, Timestamp, User},
    event::Event,
    store::Store,
};
use tokio::{
    io::AsyncWriteExt,
    process::{Child, Command},
};

const TEMPLATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../template.yaml");
/// An e-mail.
pub const EMAIL: &str = "ada@example.com";
/// A password that every policy takes, as a line.
pub const PASSWORD: &str = "Kestrel-Orbit-92\n";
/// Who is at work.
pub const OPERATOR: &str = "operator grace";

/// An engine with the tables of the template.
pub async fn engine() -> Engine {
    let template = Template::read(TEMPLATE).expect("template.yaml");
    dynamodb::start_in_memory(&template).await.expect("an engine")
}

/// The same tables as a function has them.
pub async fn store(engine: &Engine) -> Store {
    let credentials = aws_credential_types::Credentials::new("local", "local", None, None, "test");
    let aws = shared::aws::loader()
        .credentials_provider(credentials)
        .region(aws_config::Region::new("eu-west-1"))
        .endpoint_url(&engine.url)
        .load()
        .await;
    Store::new(&aws, &Config::from_pairs(&[]).expect("defaults"))
}

/// The user who has the e-mail.
pub async fn user(store: &Store, email: &str) -> User {
    let email: Email = email.parse().expect("an e-mail");
    let id = store.credentials.find_user(&email).await.expect("it answers").expect("an account");
    store.users.get(id).await.expect("it answers").expect("a user")
}

/// A request to a function.
pub fn caller(now: Timestamp, user_agent: &str) -> Caller {
    Caller {
        now,
        request_id: "request-1".to_owned(),
        address: "203.0.113.7".parse::<ClientAddress>().expect("an address"),
        user_agent: Some(user_agent.to_owned()),
        bearer_token: None,
        refresh_cookie: None,
        device_cookie: None,
    }
}

/// Writes into the trail what a function would.
pub async fn write(store: &Store, event: Event, now: Timestamp) -> AuditEntry {
    let entry = event.entry(&caller(now, "curl/8.14.1"));
    store.audit.write(&entry).await.expect("written");
    entry
}

/// Starts the command with nothing in its environment but the tables' place and the operator's name.
pub fn start(engine: &Engine, arguments: &str) -> Child {
    start_with(engine, arguments, &[("LATCHKEY_OPERATOR", "grace")])
}

fn start_with(engine: &Engine, arguments: &str, environment: &[(&str, &str)]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_latchkey"))
        .args(arguments.split_whitespace())
        .env_clear()
        .env("AWS_ENDPOINT_URL_DYNAMODB", &engine.url)
        .envs(environment.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("it starts")
}

/// Runs it to its end.
pub async fn run(engine: &Engine, arguments: &str, input: &str) -> Output {
    let mut command = start(engine, arguments);
    // It may end before it has read anything.
    _ = command.stdin.take().expect("a pipe").write_all(input.as_bytes()).await;
    command.wait_with_output().await.expect("it ends")
}

/// Runs it to its end with this environment, and no operator's name but what that says.
pub async fn run_with(engine: &Engine, arguments: &str, environment: &[(&str, &str)]) -> Output {
    let mut command = start_with(engine, arguments, environment);
    drop(command.stdin.take());
    command.wait_with_output().await.expect("it ends")
}

/// What it says when it does what was asked, and complains about nothing.
pub async fn done(engine: &Engine, arguments: &str, input: &str) -> String {
    let output = run(engine, arguments, input).await;
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""), "{arguments}");
    text(&output.stdout).to_owned()
}

/// The same for programs.
pub async fn done_json(engine: &Engine, arguments: &str) -> Value {
    let answer = done(engine, &format!("{arguments} --json"), PASSWORD).await;
    serde_json::from_str(&answer).expect("one JSON value")
}

/// What it says when it refuses.
pub async fn refused(engine: &Engine, arguments: &str, input: &str, code: i32) -> String {
    let output = run(engine, arguments, input).await;
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(code), ""), "{arguments}");
    text(&output.stderr).to_owned()
}

/// The bytes as text.
pub fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

/// A field of each value.
pub fn column<'a>(values: &'a Value, field: &str) -> Vec<&'a str> {
    let values = values.as_array().expect("an array");
    values.iter().map(|value| value[field].as_str().unwrap_or_default()).collect()
}
