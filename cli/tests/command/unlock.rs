//! `latchkey user unlock`: of an e-mail, and of the devices that count their own failures.

use std::time::Duration;

use serde_json::json;
use shared::domain::{Email, Timestamp};

use crate::bench::{EMAIL, done, done_json, engine, store};

#[tokio::test]
async fn unlocking_works_for_an_email_without_an_account() {
    let answer = done_json(&engine().await, "user unlock ghost@example.com").await;
    assert_eq!(answer, json!({ "email": "ghost@example.com", "lockout": null, "device_locked_until": null }));
}

// LG12
#[tokio::test]
async fn a_locked_device_is_shown_and_an_unlock_says_that_it_lifted_the_lock() {
    let engine = engine().await;
    let store = store(&engine).await;
    done(&engine, &format!("user create {EMAIL} --invite"), "").await;
    let email: Email = EMAIL.parse().expect("an e-mail");
    let credential = store.credentials.get(&email).await.expect("it answers").expect("a credential");
    let until = Timestamp::now() + Duration::from_secs(1800);
    store.credentials.note_device_lock(&email, &credential, until).await.expect("noted");

    let shown = done_json(&engine, &format!("user show {EMAIL}")).await;
    assert_eq!((&shown["lockout"], &shown["device_locked_until"]), (&json!(null), &json!(until)));
    let words = done(&engine, &format!("user show {EMAIL}"), "").await;
    assert!(words.contains(&format!("one is locked until {until}")), "{words}");

    let words = done(&engine, &format!("user unlock {EMAIL}"), "").await;
    assert_eq!(
        words,
        format!(
            "{EMAIL} itself was not locked.\nA device was locked, until {until}; every device may try again.\n"
        )
    );
    assert_eq!(done_json(&engine, &format!("user show {EMAIL}")).await["device_locked_until"], json!(null));
    let words = done(&engine, &format!("user unlock {EMAIL}"), "").await;
    assert_eq!(words, format!("{EMAIL} was not locked, and no failed login was remembered.\n"));

    // A request that began before the unlock notes nothing any more.
    store.credentials.note_device_lock(&email, &credential, until).await.expect("it answers");
    assert_eq!(done_json(&engine, &format!("user show {EMAIL}")).await["device_locked_until"], json!(null));
}
