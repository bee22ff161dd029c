//! `latchkey session ...` and `latchkey user end-sessions`.

use std::time::Duration;

use shared::{
    domain::{SessionId, Timestamp},
    event::Event,
};

use crate::bench::{EMAIL, caller, column, done, done_json, engine, refused, store, user, write};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0";

#[tokio::test]
async fn sessions_are_listed_and_one_of_them_ends() {
    let engine = engine().await;
    let store = store(&engine).await;
    done(&engine, &format!("user create {EMAIL} --invite"), "").await;
    assert_eq!(
        done(&engine, &format!("session list {EMAIL}"), "").await,
        "ada@example.com is logged in nowhere.\n"
    );

    let (ada, now) = (user(&store, EMAIL).await, Timestamp::now());
    for (minutes, user_agent) in [(2, "\u{1b}[2Jbot"), (1, FIREFOX)] {
        let caller = caller(now - Duration::from_secs(60 * minutes), user_agent);
        store.sessions.begin(&store.sessions.new_session(&ada, &caller)).await.expect("begun");
    }
    let listed = done_json(&engine, &format!("session list {EMAIL}")).await;
    assert_eq!(column(&listed, "device"), ["Firefox on Linux", "an unknown device"]);
    assert_eq!(column(&listed, "address"), ["203.0.113.7", "203.0.113.7"]);
    assert_eq!(listed[0]["since"], listed[0]["last_used"]);
    assert!(!done(&engine, &format!("session list {EMAIL}"), "").await.contains('\u{1b}'));

    let id = listed[0]["id"].as_str().expect("an id");
    done(&engine, &format!("session end {EMAIL} {id}"), "").await;
    let left = done_json(&engine, &format!("session list {EMAIL}")).await;
    assert_eq!(column(&left, "device"), ["an unknown device"]);
    let event = &done_json(&engine, "audit --event end_session").await[0];
    assert_eq!((event["session_id"].as_str(), event["email"].as_str()), (Some(id), Some(EMAIL)));

    // Whoever ended it, the table says which.
    let (ended, acting) = (SessionId::generate(), SessionId::generate());
    let by_user = Event::success("end_session").user(ada.id).session(ended);
    write(&store, by_user.change(format!("from session {acting}")), now).await;
    let table = done(&engine, "audit --event end_session", "").await;
    assert!(table.contains(&format!("session {ended}, from session {acting}")), "{table}");
    assert!(table.contains(&format!("session {id}")), "{table}");
}

#[tokio::test]
async fn a_session_of_another_user_or_of_nobody_is_not_ended() {
    let engine = engine().await;
    let store = store(&engine).await;
    for email in [EMAIL, "bob@example.com"] {
        done(&engine, &format!("user create {email} --invite"), "").await;
    }
    let bob = user(&store, "bob@example.com").await;
    let session = store.sessions.new_session(&bob, &caller(Timestamp::now(), FIREFOX));
    store.sessions.begin(&session).await.expect("begun");
    for id in [session.session_id, SessionId::generate()] {
        let error = refused(&engine, &format!("session end {EMAIL} {id}"), "", 1).await;
        assert!(error.contains("ada@example.com has no session"), "{error}");
    }
    assert_eq!(
        done_json(&engine, "session list bob@example.com").await[0]["id"],
        session.session_id.to_string()
    );
    assert_eq!(done(&engine, "audit --event end_session --json", "").await, "[]\n");
}

#[tokio::test]
async fn all_sessions_of_a_user_end_at_once() {
    let engine = engine().await;
    let store = store(&engine).await;
    done(&engine, &format!("user create {EMAIL} --invite"), "").await;
    let ada = user(&store, EMAIL).await;
    for _ in 0..2 {
        let session = store.sessions.new_session(&ada, &caller(Timestamp::now(), FIREFOX));
        store.sessions.begin(&session).await.expect("begun");
    }
    assert_eq!(done_json(&engine, &format!("user show {EMAIL}")).await["sessions"], 2);
    assert_eq!(done_json(&engine, &format!("user end-sessions {EMAIL}")).await["sessions"], 2);
    assert_eq!(done_json(&engine, &format!("user show {EMAIL}")).await["sessions"], 0);
    let words = done(&engine, &format!("user end-sessions {EMAIL}"), "").await;
    assert!(words.starts_with("ada@example.com had no session"), "{words}");
}
