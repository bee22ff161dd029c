//! The audit trail, by an address that is nobody's or somebody else's by now.

use std::collections::HashSet;

use latchkey_tests::world::{OTHER_PASSWORD, PASSWORD, World, text};
use serde_json::{Value, json};
use shared::domain::{Email, Role, User};

const OLD: &str = "ada@example.com";
const NEW: &str = "ada.new@example.com";

/// A world with an admin, whose token is given, and Ada, who moved from one address to another.
async fn world_with_moved_user() -> (World, String, User) {
    let world = World::new().await;
    let (_, admin) = world.with_token("root@example.com", Role::Admin).await;
    world.login(OLD, OTHER_PASSWORD).await;
    let ada = world.create_user(OLD).await;
    let access = world.login(OLD, PASSWORD).await.text("access_token").to_owned();
    world.change_email(&access, NEW, PASSWORD).await;
    let token = world.token_mailed_to(NEW).await;
    assert_eq!(world.confirm_email(&access, &token).await.status, 200);
    world.login(NEW, PASSWORD).await;
    (world, admin, ada)
}

/// The entries behind an e-mail, the newest first, read so many at a time.
async fn trail_of(world: &World, admin: &str, email: &str, limit: usize) -> Vec<Value> {
    let (mut entries, mut cursor) = (Vec::new(), String::new());
    loop {
        let line = format!("GET /admin/audit?email={email}&limit={limit}{cursor}");
        let page = world.ask(admin, &line, Value::Null).await;
        assert_eq!(page.status, 200);
        entries.extend(page.body["entries"].as_array().expect("a list").clone());
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return entries,
        }
    }
}

fn said(entries: &[Value]) -> Vec<(&str, &str)> {
    entries
        .iter()
        .map(|entry| (entry["event"].as_str().expect("a word"), entry["outcome"].as_str().expect("a word")))
        .collect()
}

// AU4
#[tokio::test(flavor = "multi_thread")]
async fn who_moved_to_another_email_is_found_by_the_old_one_and_what_came_before_the_account_too() {
    let (world, admin, ada) = world_with_moved_user().await;
    let entries = trail_of(&world, &admin, OLD, 50).await;
    let mut events = said(&entries);
    events.retain(|(event, _)| *event != "mail");
    assert_eq!(
        events,
        [
            ("login", "success"),
            ("confirm_email", "success"),
            ("change_email", "success"),
            ("login", "success"),
            ("create_user", "success"),
            ("login", "failure"),
        ]
    );
    let moved = entries.iter().find(|entry| entry["event"] == "confirm_email").expect("the change");
    let old: Email = OLD.parse().expect("valid");
    assert_eq!(
        (&moved["former_email_hash"], &moved["user_id"], &moved["email"]),
        (&json!(old.hash()), &json!(ada.id), &json!(NEW))
    );
    let tried = entries.last().expect("the failure before there was an account");
    assert_eq!((&tried["user_id"], &tried["email_hash"]), (&Value::Null, &json!(old.hash())));

    for limit in [1, 2, 3, 5] {
        assert_eq!(trail_of(&world, &admin, OLD, limit).await, entries, "{limit} on a page");
    }
}

// AU4 AD4
#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_user_and_a_deleted_manager_are_found_by_their_emails() {
    let world = World::new().await;
    let (_, admin) = world.with_token("root@example.com", Role::Admin).await;
    let (lead, leads) = world.with_token("lead@example.com", Role::Lead).await;
    let ada = world.create_user(OLD).await;
    for (token, user) in [(&leads, &ada), (&admin, &lead)] {
        let line = format!("DELETE /admin/users/{}", user.id);
        assert_eq!(world.ask(token, &line, Value::Null).await.status, 204);
    }

    let of_ada = trail_of(&world, &admin, OLD, 50).await;
    assert_eq!(said(&of_ada), [("delete_user", "success"), ("create_user", "success")]);
    assert!(of_ada.iter().all(|entry| entry["user_id"] == json!(ada.id)));
    let of_lead = trail_of(&world, &admin, "lead@example.com", 50).await;
    let acts: Vec<_> = of_lead.iter().filter(|entry| entry["event"] == "delete_user").collect();
    assert_eq!(acts.len(), 2, "what was done to him, and what he did");
    assert_eq!(acts[1]["actor"], json!({ "user_id": lead.id }));

    // The address has another owner: both histories are there, each under its user's id.
    let body = json!({ "email": OLD });
    let next = world.ask(&admin, "POST /admin/users", body).await.text("id").to_owned();
    let entries = trail_of(&world, &admin, OLD, 50).await;
    let users: HashSet<_> = entries.iter().map(|entry| entry["user_id"].as_str().expect("an id")).collect();
    assert_eq!(users, HashSet::from([next.as_str(), ada.id.to_string().as_str()]));
}

// AU2 AU3
#[tokio::test(flavor = "multi_thread")]
async fn whose_an_address_was_is_kept_unreadable_and_as_long_as_entries_and_told_once() {
    let (world, admin, ada) = world_with_moved_user().await;
    let rows = world.scan("Audit").await;
    assert!(!format!("{rows:?}").contains('@'));
    let owners: Vec<_> = rows.iter().filter(|row| text(row, "subject").starts_with("former#")).collect();
    assert_eq!(owners.len(), 1);
    assert_eq!(text(owners[0], "user_id"), ada.id.to_string());
    let entry = &world.audited("confirm_email").await[0];
    assert_eq!(text(owners[0], "expires_at"), text(entry, "expires_at"));

    let everything = world.ask(&admin, "GET /admin/audit?limit=200", Value::Null).await;
    let entries = everything.body["entries"].as_array().expect("a list").clone();
    assert_eq!(entries.iter().filter(|entry| entry["event"] == "confirm_email").count(), 1);
}
