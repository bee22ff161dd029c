//! How `cargo dev` and the functions start, and stop.

use std::{path::Path, process::Command};

use latchkey_tests::{
    contract::Document,
    stage::{EMAIL, PASSWORD, Stage, binary},
};
use serde_json::json;

// AT5
#[tokio::test(flavor = "multi_thread")]
async fn a_bad_setting_stops_the_function_at_start_and_its_log_says_which_and_why() {
    let secret = ("SECRET_KEY", "0123456789abcdef0123456789abcdef");
    for (settings, message) in [
        (vec![("SECRET_KEY", "short")], "SECRET_KEY has 5 bytes; it must have at least 32"),
        (
            vec![("LOCKOUT_ATTEMPTS", "none")],
            "LOCKOUT_ATTEMPTS is \"none\"; it must be a whole number from 1 to 50",
        ),
        (vec![("ALGORITHM", "none")], "ALGORITHM is \"none\"; it must be one of ES256, RS256, EdDSA, HS256"),
        (vec![secret, ("ALGORITHM", "RS256")], "SECRET_KEY is given, and ALGORITHM is RS256"),
        (vec![("ALGORITHM", "HS256")], "SECRET_KEY is missing"),
    ] {
        let stage = Stage::with(&settings).await;
        assert_eq!(stage.login(EMAIL, PASSWORD).await.status, 502);
        stage.wait_for_log(message).await;
    }
}

#[test]
fn a_wrong_setting_is_told_before_anybody_calls() {
    for (name, value) in [
        ("LOCKOUT_ATTEMPTS", "none"),
        ("SECRET_KEY", "short"),
        ("RESET_URL", "foo"),
        ("MAIL_LANGUAGE", "fr"),
        ("TABLE_PREFIX", "x y"),
    ] {
        let settings =
            Command::new(binary("latchkey")).arg("settings").env(name, value).output().expect("it runs");
        let words = String::from_utf8_lossy(&settings.stderr).into_owned();
        assert_eq!(settings.status.code(), Some(2));
        assert!(words.contains(name) && !words.contains("InvalidSettings"), "{words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_that_keep_their_data_in_one_folder_are_refused() {
    let folder = std::env::temp_dir().join(format!("latchkey-lock-{}", std::process::id()));
    let stage = Stage::with_data(folder.to_str().expect("UTF-8")).await;
    let second = Command::new(binary("latchkey-local"))
        .args(["--port", "0", "--dynamodb-port", "0", "--data"])
        .arg(&folder)
        .output()
        .expect("it runs");
    let words = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(second.status.code() == Some(1) && words.contains("--memory"), "{words}");
    drop(stage);
    std::fs::remove_dir_all(folder).expect("it is ours");
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_in_the_environment_win_over_the_templates() {
    let stage = Stage::with(&[("LOCKOUT_ATTEMPTS", "1"), ("ACCESS_TOKEN_EXPIRE_MINUTES", "7")]).await;
    assert_eq!(stage.login(EMAIL, PASSWORD).await.body["expires_in"], 420);
    assert_eq!(stage.login("eve@example.com", PASSWORD).await.status, 401);
    assert_eq!(stage.login("eve@example.com", PASSWORD).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn functions_use_their_own_database_and_inbox_whatever_the_shell_says() {
    let stage = Stage::with(&[
        ("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1"),
        ("AWS_ENDPOINT_URL_SES", "http://127.0.0.1:1"),
        ("TABLE_PREFIX", "latchkey-prod-"),
    ])
    .await;
    assert_eq!(stage.login(EMAIL, PASSWORD).await.status, 200);
    assert_eq!(stage.post("/auth/forgot-password", json!({ "email": EMAIL })).await.status, 200);
    stage.wait_for("/inbox.json", |mails| mails.as_array().is_some_and(|mails| mails.len() == 1)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_mail_can_be_looked_at_in_every_language_with_the_mailers_settings() {
    let stage =
        Stage::with(&[("PRODUCT_NAME", "Acme"), ("VERIFY_EMAIL_URL", "https://acme.example/new")]).await;
    let mails = stage.page("/mails.json").await;
    let mails = mails.as_array().expect("a list");
    assert!(mails.len() >= 22, "eleven in English and eleven in German");
    for mail in mails {
        assert!(mail["subject"].as_str().is_some_and(|subject| subject.contains("Acme")), "{mail}");
    }
    let has_link =
        |mail: &serde_json::Value| mail["text"].to_string().contains("https://acme.example/new#token=");
    assert_eq!(mails.iter().filter(|mail| has_link(mail)).count(), mails.len() / 11);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_is_named_with_the_flag_that_changes_it() {
    let stage = Stage::start().await;
    let port = stage.api.trim_end_matches("/api/v1").rsplit(':').next().expect("a port").to_owned();
    let second = Command::new(binary("latchkey-local"))
        .args(["--memory", "--port", &port, "--dynamodb-port", "0"])
        .output()
        .expect("it runs");
    let words = String::from_utf8_lossy(&second.stderr).into_owned();
    assert_eq!(second.status.code(), Some(1));
    assert!(words.contains(&format!("port {port} is taken")) && words.contains("--port"), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn when_it_is_told_to_stop_every_function_stops_with_it() {
    let stage = Stage::start().await;
    stage.login(EMAIL, PASSWORD).await;
    let threads = std::fs::read_dir(format!("/proc/{}/task", stage.process_id())).expect("Linux");
    let children = threads.flat_map(|thread| {
        let file = thread.expect("a thread").path().join("children");
        let ids = std::fs::read_to_string(file).unwrap_or_default();
        ids.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    });
    let children: Vec<_> = children.collect();
    assert!(!children.is_empty(), "login runs in a process of its own");
    drop(stage);
    for child in children {
        assert!(!Path::new("/proc").join(&child).exists(), "{child} is still there");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_stored_is_there_after_a_restart_and_sessions_go_on() {
    let folder = std::env::temp_dir().join(format!("latchkey-test-{}", std::process::id()));
    let data = folder.to_str().expect("UTF-8");
    let stage = Stage::with_data(data).await;
    let token = stage.login(EMAIL, PASSWORD).await.text("refresh_token").to_owned();
    drop(stage);

    let stage = Stage::with_data(data).await;
    assert_eq!(stage.post("/auth/refresh", json!({ "refresh_token": token })).await.status, 200);
    drop(stage);
    std::fs::remove_dir_all(folder).expect("it is ours");
}

// OP10
#[tokio::test(flavor = "multi_thread")]
async fn the_contract_and_its_page_are_served_as_they_are_written() {
    let stage = Stage::start().await;
    assert_eq!(&stage.page("/openapi.json").await, Document::get().content());
    let page = stage.text("/docs").await;
    assert!(
        page.contains("/docs.js") && !page.contains("https://"),
        "it needs nothing from elsewhere: {page}"
    );
}
