//! `GET /admin/audit`: the trail, by user and by time.

use std::{collections::HashSet, time::Duration};

use latchkey_tests::{
    call::Call,
    world::{OTHER_PASSWORD, PASSWORD, World},
};
use serde_json::{Value, json};
use shared::domain::{Role, User};

const DAY: Duration = Duration::from_secs(86_400);

/// All entries behind a query, and how many pages they took.
async fn all(world: &World, token: &str, query: &str) -> (Vec<Value>, usize) {
    let (mut entries, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let answer = world.ask(token, &format!("GET /admin/audit?{query}{cursor}"), Value::Null).await;
        assert_eq!(answer.status, 200, "{query}{cursor}");
        entries.extend(answer.body["entries"].as_array().expect("a list").clone());
        pages += 1;
        match answer.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return (entries, pages),
        }
    }
}

/// A world in which something happened on each of ten days; the admin, and a token of today.
async fn world_with_days() -> (World, User, String) {
    let mut world = World::new().await;
    let root = world.create_with_role("root@example.com", Role::Admin).await;
    for n in 0..10 {
        world.pass(DAY);
        let token = world.token_of(&root).await;
        for m in 0..3 {
            let body = json!({ "email": format!("user{n}-{m}@example.com") });
            assert_eq!(world.ask(&token, "POST /admin/users", body).await.status, 201);
            world.pass(Duration::from_secs(60));
        }
    }
    let token = world.token_of(&root).await;
    (world, root, token)
}

// AD4 AU4
#[tokio::test(flavor = "multi_thread")]
async fn the_trail_says_who_did_what_to_whom_from_where() {
    let world = World::new().await;
    let (root, token) = world.with_token("root@example.com", Role::Admin).await;
    let ada = world.create_user("ada@example.com").await;
    let path = format!("/admin/users/{}", ada.id);
    let body = json!({ "role": "lead", "status": "inactive", "name": null });
    let from = Call::raw("PATCH", &path).bearer(&token).header("content-type", "application/json");
    let from = from.header("user-agent", "Browser/1").from("198.51.100.9").body(&body.to_string());
    assert_eq!(world.send(from).await.status, 200);
    world.ask(&token, &format!("PATCH {path}"), json!({ "status": "active" })).await;
    for act in ["unlock", "end-sessions", "send-reset"] {
        world.ask(&token, &format!("POST {path}/{act}"), Value::Null).await;
    }
    let invite = json!({ "email": "new@example.com", "role": "lead" });
    world.ask(&token, "POST /admin/users", invite).await;
    world.ask(&token, &format!("PATCH /admin/users/{}", root.id), json!({ "name": "Root" })).await;
    world.ask(&token, &format!("DELETE {path}"), Value::Null).await;

    let (entries, _) = all(&world, &token, &format!("user_id={}", root.id)).await;
    let said: Vec<_> = entries
        .iter()
        .map(|entry| (entry["event"].as_str().expect("a word"), entry["change"].as_str()))
        .collect();
    assert_eq!(
        said[..8],
        [
            ("delete_user", None),
            ("change_user", Some("name")),
            ("create_user", Some("role lead, invited")),
            ("send_reset", None),
            ("end_sessions", None),
            ("unlock", None),
            ("change_user", Some("status inactive -> active")),
            ("change_user", Some("role member -> lead, status active -> inactive, name")),
        ]
    );
    for entry in &entries[..8] {
        assert_eq!(
            (entry["outcome"].as_str(), entry["actor_email"].as_str()),
            (Some("success"), Some("root@example.com"))
        );
        assert_eq!(entry["actor"], json!({ "user_id": root.id }));
        assert!(entry["session_id"].is_string());
    }
    let first = &entries[7];
    assert_eq!(
        (first["address"].as_str(), first["user_agent"].as_str()),
        (Some("198.51.100.9"), Some("Browser/1"))
    );
    assert_eq!((&first["user_id"], &first["email"]), (&json!(ada.id), &Value::Null), "ada is gone");
    assert_eq!(
        (entries[2]["email"].as_str(), first["request_id"].as_str()),
        (Some("new@example.com"), Some("test-request"))
    );

    let (of_ada, _) = all(&world, &token, &format!("user_id={}", ada.id)).await;
    let own = of_ada.iter().filter(|entry| entry["actor"] == json!({ "user_id": root.id }));
    assert_eq!(own.count(), 6);
    let (everything, _) = all(&world, &token, "").await;
    let ids: HashSet<_> = everything.iter().map(|entry| entry["id"].as_str()).collect();
    assert_eq!(ids.len(), everything.len(), "nothing is told twice");
}

// AU4
#[tokio::test(flavor = "multi_thread")]
async fn the_trail_is_found_by_email_with_and_without_an_account() {
    let world = World::new().await;
    let (_, token) = world.with_token("root@example.com", Role::Admin).await;
    world.create_user("ada@example.com").await;
    world.login("ada@example.com", PASSWORD).await;
    for email in ["ada@example.com", "eve@example.com"] {
        world.login(email, OTHER_PASSWORD).await;
    }
    let (of_ada, _) = all(&world, &token, "email=ada@example.com").await;
    let outcomes: Vec<_> =
        of_ada.iter().map(|entry| (entry["event"].as_str(), entry["outcome"].as_str())).collect();
    assert_eq!(outcomes[..2], [(Some("login"), Some("failure")), (Some("login"), Some("success"))]);
    assert!(of_ada.iter().all(|entry| entry["email"] == "ada@example.com"));

    let (of_eve, _) = all(&world, &token, "email=eve@example.com").await;
    assert_eq!((of_eve.len(), of_eve[0]["event"].as_str()), (1, Some("login")));
    assert!(of_eve[0]["email_hash"].is_string() && of_eve[0]["email"].is_null());
    assert!(all(&world, &token, "email=nobody@example.com").await.0.is_empty());
}

// AU4
#[tokio::test(flavor = "multi_thread")]
async fn the_trail_is_paged_across_days_without_a_gap_or_a_repetition() {
    let (world, root, token) = world_with_days().await;
    let since = world.now - 30 * DAY;
    for whose in [String::new(), format!("user_id={}&", root.id)] {
        for limit in [1, 2, 3, 4, 7, 200] {
            let (entries, pages) = all(&world, &token, &format!("{whose}since={since}&limit={limit}")).await;
            let created = entries.iter().filter(|entry| entry["actor_email"] == "root@example.com");
            assert_eq!(created.count(), 30, "{whose}{limit}");
            assert!(pages >= 30 / limit, "{whose}{limit}");
            let ids: HashSet<_> = entries.iter().map(|entry| entry["id"].as_str()).collect();
            assert_eq!(ids.len(), entries.len(), "{whose}{limit}");
            let times: Vec<_> = entries.iter().map(|entry| entry["at"].as_str()).collect();
            assert!(times.is_sorted_by(|later, earlier| later >= earlier), "{whose}{limit}");
        }
    }
}

// AU4
#[tokio::test(flavor = "multi_thread")]
async fn the_trail_keeps_to_since_and_until_and_else_to_the_last_seven_days() {
    let (world, root, token) = world_with_days().await;
    for whose in [String::new(), format!("user_id={}&", root.id)] {
        let count = async |query: &str| all(&world, &token, &format!("{whose}{query}")).await.0.len();
        assert_eq!(count("").await, 21, "seven days of three");
        let noon = |days: u32| world.now - days * DAY;
        assert_eq!(count(&format!("since={}&until={}", noon(3), noon(1))).await, 6);
        // Both ends count, to the second.
        let last = world.now - Duration::from_secs(60);
        assert_eq!(count(&format!("since={last}")).await, 1);
        assert_eq!(count(&format!("since={last}&until={last}")).await, 1);
        assert_eq!(count(&format!("since={}&until={}", last - DAY, last - Duration::from_secs(1))).await, 2);
        assert_eq!(count(&format!("until={}", noon(8))).await, 8, "seven days back from there");
        let ever = format!("{whose}since=1970-01-01T00:00:00Z&until=9999-12-31T23:59:59Z");
        let (entries, pages) = all(&world, &token, &ever).await;
        assert_eq!(entries.len(), 32);
        assert!(pages < 20, "no walk through years in which nothing is kept");
        assert_eq!(count("until=1970-01-01T00:00:00Z").await, 0);
        assert_eq!(count(&format!("since={}", world.now + DAY)).await, 0);
    }
}

// AU4 OP1
#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_that_falls_behind_the_last_seven_days_ends_the_list() {
    let (mut world, root, token) = world_with_days().await;
    for whose in [String::new(), format!("user_id={}&", root.id)] {
        let page = world.ask(&token, &format!("GET /admin/audit?{whose}limit=20"), Value::Null).await;
        let cursor = page.text("next_cursor").to_owned();
        assert!(!cursor.is_empty());
        world.pass(2 * DAY);
        let token = world.token_of(&root).await;
        let line = format!("GET /admin/audit?{whose}cursor={cursor}");
        let answer = world.ask(&token, &line, Value::Null).await;
        assert_eq!((answer.status, answer.body), (200, json!({ "entries": [], "next_cursor": null })));
        world.now = world.now - 2 * DAY;
    }
}

// AU4 AD1
#[tokio::test(flavor = "multi_thread")]
async fn the_trail_is_for_admins_alone() {
    let world = World::new().await;
    for (role, status) in [(Role::Admin, 200), (Role::Lead, 403), (Role::Member, 403)] {
        let (_, token) = world.with_token(&format!("{role}@example.com"), role).await;
        assert_eq!(world.ask(&token, "GET /admin/audit", Value::Null).await.status, status, "{role}");
    }
}

// OP1 OP2
#[tokio::test(flavor = "multi_thread")]
async fn a_bad_query_of_the_trail_is_told_by_field() {
    let world = World::new().await;
    let (root, token) = world.with_token("root@example.com", Role::Admin).await;
    let both = format!("user_id={}&email=ada@example.com", root.id);
    let time = "must be a time such as 2026-11-23T13:54:38Z";
    for (query, field, message) in [
        ("limit=201", "limit", "must be a whole number from 1 to 200"),
        ("limit=-1", "limit", "must be a whole number from 1 to 200"),
        ("since=yesterday", "since", time),
        ("until=1", "until", time),
        ("since=2027-01-02T00:00:00Z&until=2027-01-01T00:00:00Z", "until", "must not be before since"),
        ("cursor=junk", "cursor", "must be a next_cursor that this route gave"),
        ("user_id=ada", "user_id", "must be a UUID in lower case with hyphens"),
        ("email=ada", "email", "must be an e-mail address such as ada@example.com"),
        (&both, "email", "can't be given together with user_id"),
        ("sinse=2027-01-01T00:00:00Z", "sinse", "is not a parameter of this request"),
    ] {
        let answer = world.ask(&token, &format!("GET /admin/audit?{query}"), Value::Null).await;
        assert_eq!(answer.status, 422, "{query}");
        assert_eq!(answer.body["errors"], json!([{ "field": field, "message": message }]), "{query}");
    }
}
