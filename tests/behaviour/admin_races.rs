//! Managers at the same moment.

use futures::join;
use latchkey_tests::{
    call::Answer,
    proxy::{Fault, FaultKind},
    world::{PASSWORD, World, text, token_in},
};
use serde_json::{Value, json};
use shared::{
    domain::{Role, Status},
    store::{Change, UserChange, Witness},
};

const ROUNDS: usize = 20;
const STALE: (u16, &str) =
    (409, "The user was changed at the same moment by somebody else. Look again before you repeat it.");

/// When the second act writes, the first one has written, and the second had read before.
async fn one_behind_the_other(
    world: &World,
    first: impl Future<Output = Answer>,
    second: impl Future<Output = Answer>,
) -> (Answer, Answer) {
    let (action, kind) = ("TransactWriteItems", FaultKind::Held);
    world.proxy.break_calls(Fault { action, table: "Users", kind, times: 1 });
    join!(
        async {
            world.proxy.held().await;
            let first = first.await;
            world.proxy.release();
            first
        },
        second
    )
}

// AD3
#[tokio::test(flavor = "multi_thread")]
async fn of_two_admins_who_remove_each_other_one_is_left() {
    let world = World::new().await;
    let removals = [
        ("PATCH", json!({ "role": "member" })),
        ("PATCH", json!({ "status": "inactive" })),
        ("DELETE", Value::Null),
    ];
    // Slow enough that both stand behind the guard before one of them writes.
    let (action, kind) = ("TransactWriteItems", FaultKind::Slow);
    world.proxy.break_calls(Fault { action, table: "Users", kind, times: usize::MAX });
    let (mut last, mut last_token) = world.with_token("admin@example.com", Role::Admin).await;
    for round in 0..ROUNDS {
        let (other, token) = world.with_token(&format!("admin{round}@example.com"), Role::Admin).await;
        let (method, body) = &removals[round % 3];
        let (other_method, other_body) = &removals[round / 3 % 3];
        let (remove, remove_last) = (
            format!("{method} /admin/users/{}", other.id),
            format!("{other_method} /admin/users/{}", last.id),
        );
        let (first, second) = join!(
            world.ask(&last_token, &remove, body.clone()),
            world.ask(&token, &remove_last, other_body.clone()),
        );

        let statuses = [first.status, second.status];
        let done = statuses.iter().filter(|status| [200, 204].contains(*status)).count();
        assert_eq!(done, 1, "round {round}: {statuses:?}");
        assert!(
            statuses.iter().all(|status| [200, 204, 401, 403, 404, 409].contains(status)),
            "{statuses:?}"
        );
        let users = world.scan("Users").await;
        let is_admin = |row: &&_| text(row, "role") == "admin" && text(row, "status") == "active";
        assert_eq!(users.iter().filter(is_admin).count(), 1, "round {round}: {statuses:?}");
        if [200, 204].contains(&second.status) {
            (last, last_token) = (other, token);
        }
    }
}

// AD3
#[tokio::test(flavor = "multi_thread")]
async fn an_admin_who_is_none_any_more_when_it_is_written_removes_no_admin() {
    let world = World::new().await;
    let (root, token) = world.with_token("root@example.com", Role::Admin).await;
    let (grace, other) = world.with_token("grace@example.com", Role::Admin).await;
    let demote_root = format!("PATCH /admin/users/{}", root.id);
    let delete_grace = format!("DELETE /admin/users/{}", grace.id);
    let (demoted, deleted) = one_behind_the_other(
        &world,
        world.ask(&other, &demote_root, json!({ "role": "member" })),
        world.ask(&token, &delete_grace, Value::Null),
    )
    .await;
    assert_eq!(demoted.status, 200);
    assert_eq!(deleted.refusal(), (403, "Not enough permissions"));
    let trail =
        world.ask(&other, &format!("GET /admin/audit?user_id={}&limit=1", grace.id), Value::Null).await;
    let entry = &trail.body["entries"][0];
    assert_eq!((entry["event"].as_str(), entry["outcome"].as_str()), (Some("delete_user"), Some("failure")));
}

// AD2 AD4
#[tokio::test(flavor = "multi_thread")]
async fn no_change_undoes_another_one_that_was_made_at_the_same_moment() {
    let world = World::new().await;
    let (_, token) = world.with_token("root@example.com", Role::Admin).await;
    let pairs = [
        (json!({ "role": "lead" }), json!({ "name": "Countess" })),
        (json!({ "role": "lead" }), json!({ "status": "inactive" })),
        (json!({ "name": null }), json!({ "role": "lead" })),
        (json!({ "name": "Countess" }), json!({ "name": "Lady" })),
    ];
    for round in 0..ROUNDS {
        let user = world.create_user(&format!("user{round}@example.com")).await;
        let line = format!("PATCH /admin/users/{}", user.id);
        let (one, other) = &pairs[round % 4];
        let (first, second) =
            join!(world.ask(&token, &line, one.clone()), world.ask(&token, &line, other.clone()));

        let look = world.ask(&token, &format!("GET /admin/users/{}", user.id), Value::Null).await;
        let mut done = 0;
        for (answer, body) in [(&first, one), (&second, other)] {
            if answer.status != 200 {
                assert_eq!(answer.refusal(), STALE);
                continue;
            }
            done += 1;
            for (field, value) in body.as_object().expect("an object") {
                let overwritten = one.get(field).is_some() && other.get(field).is_some();
                assert!(overwritten || look.body[field] == *value, "round {round}: {body} was lost");
            }
        }
        assert!(done >= 1);
        let changes = world.scan("Audit").await;
        let of_user = changes.iter().filter(|row| {
            text(row, "user_id") == user.id.to_string()
                && text(row, "event") == "change_user"
                && row.contains_key("day")
        });
        assert_eq!(of_user.count(), done, "one entry for each change that was made");
    }
}

// AD2 AD3
#[tokio::test(flavor = "multi_thread")]
async fn a_lead_does_nothing_to_a_member_who_is_more_when_it_is_written() {
    for (method, body) in [
        ("DELETE", Value::Null),
        ("PATCH", json!({ "status": "inactive" })),
        ("PATCH", json!({ "name": "X" })),
    ] {
        let world = World::new().await;
        let (_, admin) = world.with_token("root@example.com", Role::Admin).await;
        let (_, lead) = world.with_token("lead@example.com", Role::Lead).await;
        let user = world.create_user("ada@example.com").await;
        let (promote, act) =
            (format!("PATCH /admin/users/{}", user.id), format!("{method} /admin/users/{}", user.id));
        let (promoted, refused) = one_behind_the_other(
            &world,
            world.ask(&admin, &promote, json!({ "role": "lead" })),
            world.ask(&lead, &act, body.clone()),
        )
        .await;
        assert_eq!((promoted.status, refused.refusal()), (200, STALE), "{act}");
        let look = world.ask(&admin, &format!("GET /admin/users/{}", user.id), Value::Null).await;
        let name = look.text("name");
        assert_eq!((look.text("role"), look.text("status"), name), ("lead", "active", "Ada Lovelace"));
    }
}

// AD3
#[tokio::test(flavor = "multi_thread")]
async fn an_invited_admin_who_chooses_the_password_meanwhile_is_not_removed_as_one_who_counts_for_none() {
    for deletes in [true, false] {
        let world = World::new().await;
        let invited = world.invite("grace@example.com", Role::Admin).await;
        world.deliver_all().await;
        let token = token_in(&world.mails()[0]);
        assert_eq!(world.reset(&token, PASSWORD).await.status, 200);

        // Read before, written now: without a witness, for nobody needed one.
        let (store, entry) = (&world.app.store, world.entry("change_user", invited.id));
        let removed = if deletes {
            store.delete_user(&invited, Witness(None), &entry).await
        } else {
            let change = UserChange { status: Some(Status::Inactive), ..UserChange::default() };
            store.change_user(&invited, &change, Witness(None), &entry).await
        };
        assert_eq!(removed.expect("answers"), Change::Stale, "deletes: {deletes}");
        assert_eq!(world.login("grace@example.com", PASSWORD).await.status, 200);
    }
}
