//! Users who move in with `latchkey user import`, while others log in.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

use latchkey_tests::{
    proxy::{Fault, FaultKind, OPERATOR},
    stage::{Stage, binary},
    world::{PASSWORD, World},
};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};

/// A file of the sources that the command's own tests read.
fn source(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../cli/tests/sources");
    folder.join(name).to_str().expect("UTF-8").to_owned()
}

/// Runs the command in another thread: this one may serve its database.
async fn latchkey(database: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(binary("latchkey"));
    command.args(arguments).args(["--endpoint-url", database, "--json"]).env("BCRYPT_COST", "10");
    let output = tokio::task::spawn_blocking(move || command.output()).await.expect("joined");
    output.expect("latchkey is built")
}

// MV1 PW8
#[tokio::test(flavor = "multi_thread")]
async fn who_moved_in_logs_in_with_the_password_of_old_and_leaves_a_hash_of_ours() {
    let stage = Stage::start().await;
    let file = source("keycloak.json");
    let output = latchkey(&stage.dynamodb, &["user", "import", &file]).await;
    assert_eq!(output.status.code(), Some(1), "one row has no e-mail");

    assert_eq!(stage.login("alice@strimzi.io", "another").await.status, 401);
    let answer = stage.login("alice@strimzi.io", "alice-password").await;
    assert_eq!((answer.status, &answer.body["user"]["name"]), (200, &json!("Alice Liddell")));
    let inactive = stage.login("peter@example.com", "iceberg").await;
    assert_eq!(inactive.refusal(), (403, "User account is inactive"));

    let export = latchkey(&stage.dynamodb, &["user", "export"]).await;
    let users = String::from_utf8(export.stdout).expect("UTF-8");
    let hash_of = |email: &str| {
        let users = users.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        let mut found = users.filter(|user| user["email"] == email);
        found.next().expect("a user")["password_hash"].as_str().unwrap_or_default().to_owned()
    };
    assert!(hash_of("alice@strimzi.io").starts_with("$2b$10$"), "renewed at the first login");
    assert!(hash_of("peter@example.com").starts_with("$argon2id$v=19$m=7168,t=5,p=1$"), "not yet");
}

// MV5 MV4
#[tokio::test(flavor = "multi_thread")]
async fn an_import_waits_while_dynamodb_throttles_and_lets_others_log_in() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    let (action, table) = ("TransactWriteItems", "Credentials");
    world.proxy.break_calls(Fault { action, table, kind: FaultKind::Throttled, times: 2 });
    world.proxy.break_calls(Fault { action, table, kind: FaultKind::Broken, times: 1 });
    world.proxy.break_calls(Fault { action, table, kind: FaultKind::AnswerLost, times: 1 });

    let (database, file) = (format!("{}/{OPERATOR}", world.proxy.url), source("django.json"));
    let import = async { latchkey(&database, &["user", "import", &file]).await };
    let logins = async {
        for _ in 0..5 {
            assert_eq!(world.login("ada@example.com", PASSWORD).await.status, 200);
        }
    };
    let (output, ()) = tokio::join!(import, logins);
    let summary: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    // The write whose answer was lost is asked for again by the same token, and is one that was made.
    assert_eq!((&summary["imported"], &summary["there_already"]), (&json!(7), &json!(0)), "{summary}");
    assert_eq!(world.scan("Users").await.len(), 8);
}

// MV4
#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_is_stopped_waits_for_what_is_under_way_and_stopped_again_for_nothing() {
    let world = World::new().await;
    let (action, table, kind) = ("TransactWriteItems", "Credentials", FaultKind::Held);
    world.proxy.break_calls(Fault { action, table, kind, times: 1 });
    let folder = std::env::temp_dir().join(format!("latchkey-moving-{}", std::process::id()));
    let file = folder.join("django.json");
    fs::create_dir_all(&folder).expect("a folder");
    fs::copy(source("django.json"), &file).expect("copied");
    let (database, file) = (format!("{}/{OPERATOR}", world.proxy.url), file.to_str().expect("UTF-8"));

    let mut process = tokio::process::Command::new(binary("latchkey"))
        .args(["user", "import", file, "--endpoint-url", &database])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("latchkey is built");
    world.proxy.held().await;
    let id = process.id().expect("it runs").to_string();
    let interrupt = || Command::new("kill").args(["-INT", &id]).status().expect("kill runs");
    assert!(interrupt().success());
    let mut told = BufReader::new(process.stderr.take().expect("piped")).lines();
    while let Some(line) = told.next_line().await.expect("text") {
        if line.starts_with("Stopping") {
            assert!(interrupt().success());
        }
    }
    assert_eq!(process.wait().await.expect("it ends").code(), Some(1));

    let again = latchkey(&database, &["user", "import", file]).await;
    let summary: Value = serde_json::from_slice(&again.stdout).expect("JSON");
    let (imported, there) = (summary["imported"].as_u64(), summary["there_already"].as_u64());
    assert_eq!(imported.zip(there).map(|(imported, there)| imported + there), Some(7), "{summary}");
    fs::remove_dir_all(folder).expect("it is ours");
}
