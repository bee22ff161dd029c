//! `latchkey user list`: who is here.

use serde_json::json;
use shared::{
    domain::{Actor, Role, Timestamp, User},
    event::Event,
    store::UserCreation,
};

use crate::bench::{PASSWORD, column, done, done_json, engine, run, store, text};

#[tokio::test]
async fn users_are_sorted_and_picked_by_role_status_and_password() {
    let engine = engine().await;
    done(&engine, "user create eve@example.com --role lead --password-stdin", PASSWORD).await;
    done(&engine, "user create bob@example.com --role lead --invite", "").await;
    done(&engine, "user create ada@example.com --invite", "").await;
    done(&engine, "user disable eve@example.com", "").await;
    for (options, emails) in [
        ("", &["ada@example.com", "bob@example.com", "eve@example.com"][..]),
        ("--role lead", &["bob@example.com", "eve@example.com"]),
        ("--status inactive", &["eve@example.com"]),
        ("--status active", &["ada@example.com", "bob@example.com"]),
        ("--without-password", &["ada@example.com", "bob@example.com"]),
        ("--without-password --role lead", &["bob@example.com"]),
        ("--role admin", &[]),
    ] {
        assert_eq!(column(&done_json(&engine, &format!("user list {options}")).await, "email"), emails);
    }
    let listed = done_json(&engine, "user list").await;
    let has_password: Vec<_> =
        listed.as_array().expect("a list").iter().map(|u| &u["has_password"]).collect();
    assert_eq!(has_password, [&json!(false), &json!(false), &json!(true)]);
    let lines = done(&engine, "user list", "").await;
    let eves = lines.lines().last().expect("a line");
    assert!(
        eves.contains("INACTIVE  set ")
            && lines.contains("active    none yet")
            && eves.contains("eve@example.com"),
        "{lines}"
    );
}

#[tokio::test]
async fn very_many_users_are_all_listed_once_and_said_to_be_in_no_order() {
    let engine = engine().await;
    let (store, now) = (store(&engine).await, Timestamp::now());
    for number in 0..1001 {
        let email = format!("user{number}@example.com").parse().expect("an e-mail");
        let user = User::new(email, None, Role::Member, now);
        let event = Event::success("create_user").user(user.id).by(Actor::Operator("test".to_owned()));
        let entry = event.entry_without_caller(now);
        let created = store.create_user(&user, UserCreation::WithInvitation, &entry).await;
        assert!(created.expect("it answers"));
    }
    let output = run(&engine, "user list --json", "").await;
    assert_eq!(text(&output.stderr), "More than 1000 users: in no order.\n");
    let users: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let mut emails = column(&users, "email");
    emails.sort_unstable();
    emails.dedup();
    assert_eq!(json!(emails.len()), 1001);
}
