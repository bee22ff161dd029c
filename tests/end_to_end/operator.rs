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
        .env("LATCHKEY_OPERATOR", "heidi")
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

/// Follows the link of the only mail.
async fn choose_password(stage: &Stage, password: &str) {
    let inbox = stage.wait_for("/inbox.json", |mails| mails[0].is_object()).await;
    let text = inbox[0]["text"].as_str().expect("a text");
    let token = text.split_once("#token=").expect("a link").1.split_whitespace().next().expect("a token");
    let body = json!({ "token": token, "new_password": password });
    assert_eq!(stage.post("/auth/reset-password", body).await.status, 200);
}

/// Event, outcome and change of each, in words.
fn story(events: &Value) -> Vec<String> {
    let word = |event: &Value, field: &str| event[field].as_str().unwrap_or_default().to_owned();
    let told = |event: &Value| ["event", "outcome", "change"].map(|field| word(event, field)).join(" ");
    events.as_array().expect("an array").iter().map(|event| told(event).trim_end().to_owned()).collect()
}

// RT10 LG7
#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_user_is_out_at_once_and_an_enabled_one_logs_in_again() {
    let stage = Stage::start().await;
    let session = stage.login(EMAIL, PASSWORD).await;
    let another_admin = ["user", "create", "grace@example.com", "--role", "admin", "--password-stdin"];
    succeeds(&latchkey(&stage, &another_admin, "Tundra-Violin-47\n"));

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

// LG12
#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_locked_itself_is_seen_and_unlocked() {
    let stage = Stage::start().await;
    let device = stage.login(EMAIL, PASSWORD).await.text("device_token").to_owned();
    let login = async |password: &str| {
        let body = json!({ "email": EMAIL, "password": password, "device_token": device });
        stage.post("/auth/login", body).await
    };
    for _ in 0..5 {
        assert_eq!(login("Wrong-Password-1").await.status, 401);
    }
    assert_eq!(login(PASSWORD).await.status, 403);
    let shown = succeeds(&latchkey(&stage, &["user", "show", EMAIL], ""));
    assert_eq!(shown["lockout"], Value::Null);
    assert!(shown["device_locked_until"].is_string(), "{shown}");

    let unlocked = succeeds(&latchkey(&stage, &["user", "unlock", EMAIL], ""));
    assert_eq!(unlocked["device_locked_until"], shown["device_locked_until"]);
    assert_eq!(login(PASSWORD).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invited_user_chooses_a_password_and_a_created_one_has_it() {
    let stage = Stage::start().await;
    succeeds(&latchkey(&stage, &["user", "create", "grace@example.com", "--role", "lead", "--invite"], ""));
    choose_password(&stage, "Tundra-Violin-47").await;
    let login = stage.login("grace@example.com", "Tundra-Violin-47").await;
    assert_eq!(login.body["user"]["role"], "lead");

    let create = ["user", "create", "bob@example.com", "--name", "Bob", "--password-stdin"];
    succeeds(&latchkey(&stage, &create, "Marble-Anchor-63\n"));
    assert_eq!(stage.login("bob@example.com", "Marble-Anchor-63").await.body["user"]["name"], "Bob");
    assert_eq!(latchkey(&stage, &create, "Marble-Anchor-64\n").status.code(), Some(1));
    assert_eq!(stage.login("bob@example.com", "Marble-Anchor-64").await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_to_a_team_is_in_the_audit_trail() {
    let stage = Stage::start().await;
    let (grace, bob) = ("grace@example.com", "bob@example.com");
    succeeds(&latchkey(&stage, &["user", "create", grace, "--invite"], ""));
    choose_password(&stage, "Tundra-Violin-47").await;
    let create = ["user", "create", bob, "--role", "lead", "--password-stdin"];
    let made = succeeds(&latchkey(&stage, &create, "Marble-Anchor-63\n"));
    for _ in 0..5 {
        stage.login(grace, "Wrong-Password-1").await;
    }
    assert_eq!(stage.login(grace, "Tundra-Violin-47").await.status, 403);
    succeeds(&latchkey(&stage, &["user", "unlock", grace], ""));
    succeeds(&latchkey(&stage, &["user", "set-role", grace, "admin"], ""));
    let login = stage.login(grace, "Tundra-Violin-47").await;
    assert_eq!(login.body["user"]["role"], "admin");
    let session = stage.login(bob, "Marble-Anchor-63").await;
    assert_eq!(succeeds(&latchkey(&stage, &["session", "list", bob], "")).as_array().map(Vec::len), Some(1));
    succeeds(&latchkey(&stage, &["user", "delete", bob, "--yes"], ""));
    assert_eq!(stage.me(session.text("access_token")).await.status, 401);

    let of_grace = succeeds(&latchkey(&stage, &["audit", "--user", grace], ""));
    let told = story(&of_grace);
    let by_operator = |event: &&Value| event["actor"] == json!({ "operator": "heidi" });
    let done: Value = of_grace.as_array().expect("an array").iter().filter(by_operator).cloned().collect();
    assert_eq!(
        story(&done),
        [
            "create_user success role member, invited",
            "unlock success",
            "change_user success role member -> admin"
        ]
    );
    assert_eq!(told.iter().filter(|words| *words == "login failure").count(), 5, "{told:?}");
    for words in ["reset_password success", "lock_account success", "login success"] {
        assert_eq!(told.iter().filter(|told| *told == words).count(), 1, "{words} in {told:?}");
    }
    assert!(of_grace.as_array().expect("an array").iter().all(|event| event["email"] == grace), "{of_grace}");

    // Bob is gone, with his e-mail; the trail has him by id.
    let id = made["id"].as_str().expect("an id");
    let of_bob = story(&succeeds(&latchkey(&stage, &["audit", "--user", id], "")));
    for words in ["create_user success role lead, with a password", "login success", "delete_user success"] {
        assert!(of_bob.iter().any(|told| told == words), "{words} in {of_bob:?}");
    }
}
