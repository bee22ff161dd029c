//! `latchkey user set-email`: an account gets another address.

use serde_json::json;

use crate::bench::{EMAIL, PASSWORD, column, done, done_json, engine, refused, run_with, text};

const NEW: &str = "ada.new@example.com";

#[tokio::test]
async fn an_account_is_given_back_and_found_by_both_addresses() {
    let engine = engine().await;
    let made = done_json(&engine, &format!("user create {EMAIL} --name Ada --password-stdin")).await;
    let moved = done_json(&engine, &format!("user set-email {EMAIL} {NEW}")).await;
    assert_eq!((&moved["id"], &moved["email"]), (&made["id"], &json!(NEW)));
    assert_eq!((&moved["former_email"], &moved["told"]), (&json!(EMAIL), &json!(true)));

    let shown = done_json(&engine, &format!("user show {NEW}")).await;
    assert_eq!((&shown["id"], &shown["password"]), (&made["id"], &json!("set")));
    let error = refused(&engine, &format!("user show {EMAIL}"), "", 1).await;
    assert!(error.contains(&format!("who has {NEW} now")), "{error}");
    for email in [EMAIL, NEW] {
        let trail = done_json(&engine, &format!("audit --user {email}")).await;
        assert_eq!(column(&trail, "event"), ["create_user", "set_email"]);
        assert_eq!(trail[1]["actor"], json!({ "operator": "grace" }));
    }
    // By the id, which stays.
    let id = made["id"].as_str().expect("an id");
    assert_eq!(done_json(&engine, &format!("user show {id}")).await["email"], NEW);
    assert_eq!(
        done(&engine, &format!("session list {id}"), "").await,
        format!("{NEW} is logged in nowhere.\n")
    );
    assert_eq!(done_json(&engine, &format!("user rename {id} Ada")).await["email"], NEW);
    let nobody = shared::domain::UserId::generate();
    let error = refused(&engine, &format!("user show {nobody}"), "", 1).await;
    assert!(error.contains(&format!("no user has the id {nobody}")), "{error}");

    let words = done(&engine, &format!("user set-email {NEW} {EMAIL}"), "").await;
    assert!(words.starts_with(&format!("{NEW} is {EMAIL} now: all sessions have ended")), "{words}");
    assert!(words.contains(&format!("A mail tells {NEW}.")) && words.contains("send-reset"), "{words}");
}

#[tokio::test]
async fn without_a_mail_to_the_former_address_it_says_why() {
    let engine = engine().await;
    done(&engine, &format!("user create {EMAIL} --password-stdin"), PASSWORD).await;
    let without = [("SECURITY_NOTICES", "new_device"), ("LATCHKEY_OPERATOR", "grace")];
    let moved = async |from: &str, to: &str, environment: &[(&str, &str)]| {
        let output = run_with(&engine, &format!("user set-email {from} {to}"), environment).await;
        text(&output.stdout).lines().nth(1).unwrap_or_default().to_owned()
    };
    let why = |from: &str, why: &str| format!("No mail tells {from}: {why}.");
    let notice = "SECURITY_NOTICES has no email_changed";
    assert_eq!(moved(EMAIL, NEW, &without).await, why(EMAIL, notice));
    done(&engine, &format!("user disable {NEW}"), "").await;
    let inactive = "the user is inactive, and inactive users get no mail";
    assert_eq!(moved(NEW, EMAIL, &without[1..]).await, why(NEW, inactive));
    let both = format!("{notice}, and the user is inactive");
    assert_eq!(moved(EMAIL, NEW, &without).await, why(EMAIL, &both));
}

#[tokio::test]
async fn what_can_not_be_done_says_why_and_changes_nothing() {
    let engine = engine().await;
    done(&engine, &format!("user create {EMAIL} --password-stdin"), PASSWORD).await;
    done(&engine, "user create bob@example.com --invite", "").await;
    let before = done_json(&engine, "user list").await;
    for (arguments, words) in [
        (format!("{EMAIL} bob@example.com"), "bob@example.com has an account already"),
        (format!("eve@example.com {NEW}"), "no user has the e-mail eve@example.com"),
        (format!("{EMAIL} ADA@example.com"), "are the same"),
    ] {
        let error = refused(&engine, &format!("user set-email {arguments}"), "", 1).await;
        assert!(error.contains(words), "{error}");
    }
    assert_eq!(done_json(&engine, "user list").await, before);
}
