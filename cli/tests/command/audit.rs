//! `latchkey audit`: what happened.

use std::time::Duration;

use shared::{
    domain::{Actor, Email, Timestamp},
    event::Event,
};

use crate::bench::{EMAIL, column, done, done_json, engine, refused, run, store, text, user, write};

const DAY: Duration = Duration::from_secs(86_400);

#[tokio::test]
async fn a_users_trail_begins_before_the_account_and_has_what_the_user_did() {
    let engine = engine().await;
    let (store, now) = (store(&engine).await, Timestamp::now());
    let email: Email = EMAIL.parse().expect("an e-mail");
    let tried = Event::failure("login", "unknown_email").email(email.hash());
    write(&store, tried, now - Duration::from_secs(60)).await;
    done(&engine, &format!("user create {EMAIL} --role admin --invite"), "").await;
    done(&engine, "user create bob@example.com --invite", "").await;
    let (ada, bob) = (user(&store, EMAIL).await, user(&store, "bob@example.com").await);
    write(&store, Event::success("login").user(ada.id), now + Duration::from_secs(5)).await;
    let entry = Event::success("end_sessions")
        .user(bob.id)
        .by(Actor::UserId(ada.id))
        .entry_without_caller(now + Duration::from_secs(6));
    store.end_sessions(bob.id, &entry).await.expect("ended");

    let expected = ["login", "create_user", "login", "end_sessions"];
    for person in [EMAIL.to_owned(), ada.id.to_string()] {
        let trail = done_json(&engine, &format!("audit --user {person}")).await;
        assert_eq!(column(&trail, "event"), expected);
        assert_eq!(column(&trail, "email"), [EMAIL, EMAIL, EMAIL, "bob@example.com"]);
        assert_eq!(trail[3]["actor_email"], EMAIL);
    }
    assert_eq!(done_json(&engine, "audit").await.as_array().map(Vec::len), Some(5));

    let table = done(&engine, &format!("audit --user {EMAIL}"), "").await;
    assert!(table.lines().next().is_some_and(|line| line.starts_with("TIME ")), "{table}");
    assert!(table.contains("failure (unknown_email)  ada@example.com"), "{table}");
    assert!(table.contains("203.0.113.7  curl"), "{table}");
    let table = done(&engine, "audit --failures", "").await;
    assert!(table.contains("unknown e-mail b5fc85e5…"), "{table}");
}

#[tokio::test]
async fn what_was_asked_for_is_picked_from_several_days_and_pages() {
    let engine = engine().await;
    let (store, now) = (store(&engine).await, Timestamp::now());
    done(&engine, &format!("user create {EMAIL} --invite"), "").await;
    let ada = user(&store, EMAIL).await;
    let at = |number: u32| now - 40 * DAY + number * Duration::from_secs(7_200);
    for number in 0..250 {
        let event = match number % 2 {
            0 => Event::success("reset_password"),
            _ => Event::failure("login", "wrong_password"),
        };
        write(&store, event.user(ada.id), at(number)).await;
    }

    for user in ["", "--user ada@example.com"] {
        let all = done_json(&engine, &format!("audit --since 41d {user}")).await;
        let times = column(&all, "at");
        assert_eq!((times.len(), times.is_sorted()), (251, true));
        let some = format!("audit --event login --failures --since {} --until {} {user}", at(9), at(13));
        let some = done_json(&engine, &some).await;
        assert_eq!(column(&some, "at"), [at(9), at(11), at(13)].map(|time| time.to_string()));
        let nothing = done(&engine, &format!("audit --since 39d --event logout {user}"), "").await;
        assert!(nothing.starts_with("Nothing of that kind happened since"), "{nothing}");
    }
}

#[tokio::test]
async fn a_cut_trail_says_how_to_see_more() {
    let engine = engine().await;
    let (store, now) = (store(&engine).await, Timestamp::now());
    let email: Email = EMAIL.parse().expect("an e-mail");
    for seconds in 0..5 {
        let time = now - Duration::from_secs(60 - seconds);
        write(&store, Event::failure("login", "unknown_email").email(email.hash()), time).await;
    }
    let output = run(&engine, "audit --limit 3 --json", "").await;
    let shown = serde_json::from_slice(&output.stdout).expect("JSON");
    let oldest = (now - Duration::from_secs(58)).to_string();
    assert_eq!((column(&shown, "at").len(), column(&shown, "at")[0]), (3, &*oldest));
    let remark = text(&output.stderr);
    assert!(remark.contains("newest 3") && remark.contains(&format!("--until {oldest}")), "{remark}");
    assert_eq!(done_json(&engine, "audit --limit 5").await.as_array().map(Vec::len), Some(5));
}

#[tokio::test]
async fn a_misspelt_event_is_refused_with_those_that_there_are() {
    let error = refused(&engine().await, "audit --event logn", "", 2).await;
    for words in ["[possible values: login, lock_account,", "a similar value exists: 'login'"] {
        assert!(error.contains(words), "{error}");
    }
}

#[tokio::test]
async fn an_end_before_the_beginning_is_refused() {
    let error = refused(&engine().await, "audit --since 1h --until 2h", "", 2).await;
    assert!(error.contains("is before --since"), "{error}");
    let error = refused(&engine().await, "audit --since 2999-01-01", "", 2).await;
    assert!(error.ends_with("--since 2999-01-01T00:00:00Z is in the future\n"), "{error}");
    let error = refused(&engine().await, "audit --limit 0", "", 2).await;
    assert!(error.contains("must be a whole number, 1 or more"), "{error}");
    assert_eq!(done(&engine().await, "audit --json", "").await, "[]\n");
}
