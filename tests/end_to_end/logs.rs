//! What the functions write into their logs, and what they never do.

use latchkey_tests::stage::{EMAIL, PASSWORD, Stage};
use reqwest::Method;
use serde_json::{Value, json};

/// Everything that happens to an account, and the secrets that were seen on the way.
async fn live(stage: &Stage) -> Vec<String> {
    let login = stage.login(EMAIL, PASSWORD).await;
    stage.login(EMAIL, "Wrong-Password-1").await;
    stage.login("nobody@example.com", "Wrong-Password-1").await;
    stage.me(login.text("access_token")).await;
    stage.me("not.a.token").await;
    let refreshed =
        stage.post("/auth/refresh", json!({ "refresh_token": login.text("refresh_token") })).await;
    let again =
        stage.post("/auth/refresh", json!({ "refresh_token": refreshed.text("refresh_token") })).await;
    stage.post("/auth/refresh", json!({ "refresh_token": login.text("refresh_token") })).await;
    stage.post("/auth/forgot-password", json!({ "email": EMAIL })).await;
    let inbox = stage.wait_for("/inbox.json", |mails| mails[0].is_object()).await;
    let text = inbox[0]["text"].as_str().expect("a text");
    let token = text.split_once("#token=").expect("a link").1.split_whitespace().next().expect("a token");
    stage.post("/auth/reset-password", json!({ "token": token, "new_password": "weak" })).await;
    stage.post("/auth/reset-password", json!({ "token": token, "new_password": "Tundra-Violin-47" })).await;
    stage.post("/auth/reset-password", json!({ "token": token, "new_password": "Tundra-Violin-47" })).await;
    stage.wait_for("/inbox.json", |mails| mails[1].is_object()).await;
    let secrets = ["access_token", "refresh_token"].into_iter();
    let tokens =
        secrets.flat_map(|name| [&login, &refreshed, &again].map(|answer| answer.text(name).to_owned()));
    tokens
        .chain(
            [token, PASSWORD, "Wrong-Password-1", "Tundra-Violin-47", EMAIL, "nobody@example.com"]
                .map(str::to_owned),
        )
        .collect()
}

fn has(events: &[Value], wanted: &Value) -> bool {
    let wanted = wanted.as_object().expect("an object");
    events.iter().any(|event| wanted.iter().all(|(name, value)| event[name] == *value))
}

/// The function that starts first makes the first keys, before anybody asked for anything.
fn is_of_first_key(event: &Value) -> bool {
    event["event"] == "create_key" && event["reason"] == "first_use" && event["key_id"].is_string()
}

// OP5
#[tokio::test(flavor = "multi_thread")]
async fn every_security_event_is_one_json_line_without_any_secret() {
    // Without grace the first token, used again, is a stolen one at once.
    let stage = Stage::with(&[("REFRESH_GRACE_SECONDS", "0")]).await;
    let secrets = live(&stage).await;
    let events = stage.events_at_least(14).await;
    for wanted in [
        json!({ "event": "login", "outcome": "success" }),
        json!({ "event": "login", "outcome": "failure", "reason": "wrong_credentials" }),
        json!({ "event": "access", "outcome": "failure", "reason": "invalid_token" }),
        json!({ "event": "refresh", "outcome": "success" }),
        json!({ "event": "refresh_reuse", "outcome": "failure", "reason": "token_used_before" }),
        json!({ "event": "forgot_password", "outcome": "success" }),
        json!({ "event": "mail", "outcome": "success", "reason": "password_reset" }),
        json!({ "event": "reset_password", "outcome": "success" }),
        json!({ "event": "reset_password", "outcome": "failure", "reason": "unknown_or_expired_token" }),
    ] {
        assert!(has(&events, &wanted), "{wanted} is not in {events:#?}");
    }
    let asked_for = |event: &&Value| event["event"] != "mail" && !is_of_first_key(event);
    for event in events.iter().filter(asked_for) {
        for member in ["timestamp", "level", "event", "outcome", "request_id", "address"] {
            assert!(event[member].is_string(), "{member} of {event}");
        }
        assert!(
            event["user_id"].is_string() || event["email_hash"].is_string() || event["reason"].is_string()
        );
    }
    let log = stage.log().join("\n");
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        assert!(!log.contains(secret.as_str()), "the log holds {secret}");
    }
    assert!(!log.contains("$2b$"), "the log holds a hash");
}

// OP5
#[tokio::test(flavor = "multi_thread")]
async fn no_header_and_no_field_can_forge_a_line() {
    let stage = Stage::start().await;
    let forged = r#"x\n{\"event\":\"login\",\"outcome\":\"success\",\"user_id\":\"forged\"}"#;
    let headers = [("content-type", "application/json"), ("user-agent", forged), ("x-request-id", forged)];
    let body = json!({ "email": "a@b\n{\"event\":\"forged\"}", "password": "x\n{\"event\":\"forged\"}" });
    stage.send(Method::POST, "/auth/login", &headers, &body.to_string()).await;
    let body = json!({ "email": EMAIL, "password": "x\n{\"event\":\"forged\"}" });
    stage.send(Method::POST, "/auth/login", &headers, &body.to_string()).await;
    let body = json!({ "refresh_token": "x\n{\"event\":\"forged\"}" });
    stage.send(Method::POST, "/auth/refresh", &headers, &body.to_string()).await;
    stage.login("eve@example.com\r\n{\"event\":\"forged\"}", PASSWORD).await;
    let mut events = stage.events_at_least(4).await;
    events.retain(|event| !is_of_first_key(event));
    assert_eq!(events.len(), 2, "a failed login and a failed refresh");
    assert!(!stage.log().join("\n").contains("forged"));
}
