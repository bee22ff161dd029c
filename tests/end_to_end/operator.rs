//! What an operator does with the command `latchkey` while users are signed in.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

use latchkey_tests::stage::{EMAIL, PASSWORD, Stage, binary};
use serde_json::{Value, json};

fn latchkey(stage: &Stage, arguments: &[&str], input: &str) -> Output {
    let mut process = Command::new(binary("latchkey"))
        .args(arguments)
        .args(["--endpoint-url", &stage.dynamodb, "--json"])
        .env("BCRYPT_COST", "10")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("latchkey is built");
    process.stdin.take().expect("piped").write_all(input.as_bytes()).expect("it reads");
    process.wait_with_output().expect("it ends")
}

fn succeeds(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

// RT10 LG7
#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_user_is_out_at_once_and_an_enabled_one_logs_in_again() {
    let stage = Stage::start().await;
    let session = stage.login(EMAIL, PASSWORD).await;

    succeeds(&latchkey(&stage, &["user", "disable", EMAIL], ""));
    let body = json!({ "refresh_token": session.text("refresh_token") });
    assert_eq!(stage.post("/auth/refresh", body).await.status, 401);
    assert_eq!(stage.me(session.text("access_token")).await.status, 403);
    assert_eq!(stage.login(EMAIL, PASSWORD).await.refusal(), (403, "User account is inactive"));

    succeeds(&latchkey(&stage, &["user", "enable", EMAIL], ""));
    assert_eq!(stage.login(EMAIL, PASSWORD).await.status, 200);
}

// LG3
#[tokio::test(flavor = "multi_thread")]
async fn an_unlocked_user_logs_in_again() {
    let stage = Stage::start().await;
    for _ in 0..5 {
        stage.login(EMAIL, "Wrong-Password-1").await;
    }
    assert_eq!(stage.login(EMAIL, PASSWORD).await.status, 403);
    let shown = succeeds(&latchkey(&stage, &["user", "show", EMAIL], ""));
    assert_eq!((&shown["lockout"]["locked"], &shown["lockout"]["attempts"]), (&json!(true), &json!(5)));

    succeeds(&latchkey(&stage, &["user", "unlock", EMAIL], ""));
    assert_eq!(stage.login(EMAIL, PASSWORD).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invited_user_chooses_a_password_and_a_created_one_has_it() {
    let stage = Stage::start().await;
    succeeds(&latchkey(&stage, &["user", "create", "grace@example.com", "--role", "lead", "--invite"], ""));
    let inbox = stage.wait_for("/inbox.json", |mails| mails[0].is_object()).await;
    let text = inbox[0]["text"].as_str().expect("a text");
    let token = text.split_once("#token=").expect("a link").1.split_whitespace().next().expect("a token");
    let body = json!({ "token": token, "new_password": "Tundra-Violin-47" });
    assert_eq!(stage.post("/auth/reset-password", body).await.status, 200);
    let login = stage.login("grace@example.com", "Tundra-Violin-47").await;
    assert_eq!(login.body["user"]["role"], "lead");

    let create = ["user", "create", "bob@example.com", "--name", "Bob", "--password-stdin"];
    succeeds(&latchkey(&stage, &create, "Marble-Anchor-63\n"));
    assert_eq!(stage.login("bob@example.com", "Marble-Anchor-63").await.body["user"]["name"], "Bob");
    assert_eq!(latchkey(&stage, &create, "Marble-Anchor-64\n").status.code(), Some(1));
    assert_eq!(stage.login("bob@example.com", "Marble-Anchor-64").await.status, 401);
}
