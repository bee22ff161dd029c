//! A key that leaked, and what the audit trail says of keys.

use std::time::Duration;

use latchkey_tests::{
    keys::kid,
    look::text,
    world::{PASSWORD, World},
};
use serde_json::{Value, json};
use shared::{
    domain::{PublicKeys, Role},
    event::Event,
    keys::rotation::{self, Rotated},
};

const ADA: &str = "ada@example.com";
const MINUTE: Duration = Duration::from_secs(60);

async fn rotate(world: &World) -> String {
    let entry = |event: Event| event.entry_without_caller(world.now);
    match rotation::rotate(&world.app.store, None, world.now, entry).await.expect("rotates") {
        Rotated::Made(key) => key.id.to_string(),
        Rotated::Waiting(_) | Rotated::NoKeyYet => panic!("a key is made"),
    }
}

// KY2
#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_key_is_gone_from_table_and_set_and_a_new_one_signs_at_once() {
    let mut world = World::new().await;
    world.create_user(ADA).await;
    let pair = world.login(ADA, PASSWORD).await;
    let leaked = kid(pair.text("access_token"));
    let new = world.revoke(&leaked).await.expect("it signed").to_string();
    for part in ["public", "private"] {
        let rows = world.key_rows(part).await;
        assert_eq!(rows.iter().map(|row| text(row, "number")).collect::<Vec<_>>(), ["2"], "{part}");
    }
    world.restart();
    assert_eq!(world.me(pair.text("access_token")).await.status, 401);
    assert_eq!(world.published().await, [new.as_str()]);
    let refreshed = world.refresh(pair.text("refresh_token")).await;
    assert_eq!((refreshed.status, kid(refreshed.text("access_token"))), (200, new));
    // Functions that ran learn of it within a minute.
    world.pass(MINUTE);
    assert_eq!(world.me(refreshed.text("access_token")).await.status, 200);
}

// KY2
#[tokio::test(flavor = "multi_thread")]
async fn one_that_does_not_sign_needs_no_replacement_and_one_that_waits_still_follows() {
    let mut world = World::new().await;
    world.create_user(ADA).await;
    let first = kid(world.login(ADA, PASSWORD).await.text("access_token"));
    let pending = rotate(&world).await;
    assert_eq!(world.revoke(&pending).await, None);
    let next = rotate(&world).await;
    assert_ne!(next, pending);

    let replacement = world.revoke(&first).await.expect("it signed").to_string();
    world.restart();
    assert_eq!(kid(world.login(ADA, PASSWORD).await.text("access_token")), replacement);
    world.pass(PublicKeys::LEAD);
    assert_eq!(kid(world.login(ADA, PASSWORD).await.text("access_token")), next);
}

// KY2
#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_session_key_ends_every_session_and_no_access_token() {
    let mut world = World::new().await;
    world.create_user(ADA).await;
    let pair = world.login(ADA, PASSWORD).await;
    let new = world.revoke("session-1").await.expect("it signed").to_string();
    assert_eq!(new, "session-2");
    world.restart();
    assert_eq!(world.refresh(pair.text("refresh_token")).await.status, 401);
    assert_eq!(world.me(pair.text("access_token")).await.status, 200);
    let again = world.login(ADA, PASSWORD).await;
    assert_eq!(kid(again.text("refresh_token")), new);
    assert_eq!(world.refresh(again.text("refresh_token")).await.status, 200);
    assert_eq!(world.key_rows("session").await.len(), 1);
}

// KY6
#[tokio::test(flavor = "multi_thread")]
async fn each_act_is_in_the_audit_trail_for_admins_to_see() {
    let mut world = World::new().await;
    let (_, token) = world.with_token("root@example.com", Role::Admin).await;
    world.forget_audit().await;
    let first = text(&world.key_rows("public").await[0], "kid");
    let second = rotate(&world).await;
    let third = world.revoke(&first).await.expect("it signed").to_string();
    world.pass(PublicKeys::LEAD + Duration::from_secs(2 * 3600));
    world.turn().await;

    let trail = world.scan("Audit").await;
    let told = |event: &str, reason: &str| {
        let rows = trail.iter().filter(|row| text(row, "event") == event && text(row, "reason") == reason);
        rows.map(|row| text(row, "key_id")).collect::<Vec<_>>()
    };
    assert_eq!(told("create_key", "rotation"), [second]);
    assert_eq!(told("revoke_key", ""), [first]);
    assert_eq!(told("create_key", "revocation"), [third.as_str()]);
    assert_eq!(told("delete_key", "tokens_dead"), [third]);
    assert_eq!(trail.len(), 4);

    // Root's own token is of a key that is gone.
    let root = world.app.store.credentials.find_user(&"root@example.com".parse().expect("valid")).await;
    let root = world.app.store.users.get(root.expect("reads").expect("root")).await.expect("reads");
    let fresh = world.token_of(&root.expect("root")).await;
    assert_eq!(world.ask(&token, "GET /admin/audit", Value::Null).await.status, 401);
    let shown = world.ask(&fresh, "GET /admin/audit", Value::Null).await;
    let entries = shown.body["entries"].as_array().expect("entries").iter();
    let of_keys: Vec<_> = entries.filter(|entry| entry["key_id"].is_string()).collect();
    assert_eq!(of_keys.len(), 4, "{shown:?}");
    assert!(of_keys.iter().all(|entry| entry["email"] == json!(null)));
}

// KY6
#[tokio::test(flavor = "multi_thread")]
async fn what_can_not_be_written_down_does_not_happen() {
    use latchkey_tests::proxy::{Fault, FaultKind};
    let world = World::new().await;
    let first = text(&world.key_rows("public").await[0], "kid").parse().expect("a name");
    let kind = FaultKind::Denied;
    world.proxy.break_calls(Fault { action: "TransactWriteItems", table: "Audit", kind, times: 3 });
    let entry = |event: Event| event.entry_without_caller(world.now);
    assert!(rotation::rotate(&world.app.store, None, world.now, entry).await.is_err());
    assert!(rotation::revoke(&world.app.store, &first, world.now, entry).await.is_err());
    assert_eq!(world.key_rows("public").await.len(), 1);
    assert_eq!(world.key_rows("private").await.len(), 1);
}
