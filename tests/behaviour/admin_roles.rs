//! Who may administer whom.

use latchkey_tests::{
    call::Call,
    world::{PASSWORD, World, text},
};
use serde_json::{Value, json};
use shared::domain::{Role, Status, User, UserId};

const NOT_ENOUGH: (u16, &str) = (403, "Not enough permissions");
const OWN_ACCOUNT: (u16, &str) = (409, "Another admin must do this to your own account.");

/// Every route but that of the audit trail, with a body that fits.
fn routes(user: UserId) -> [(String, Value); 8] {
    let path = format!("/admin/users/{user}");
    [
        ("GET /admin/users".to_owned(), Value::Null),
        (format!("GET {path}"), Value::Null),
        ("POST /admin/users".to_owned(), json!({ "email": "new@example.com" })),
        (format!("PATCH {path}"), json!({ "name": "Eve" })),
        (format!("POST {path}/unlock"), Value::Null),
        (format!("POST {path}/end-sessions"), Value::Null),
        (format!("POST {path}/send-reset"), Value::Null),
        (format!("DELETE {path}"), Value::Null),
    ]
}

// AD1
#[tokio::test(flavor = "multi_thread")]
async fn members_inactive_admins_and_strangers_get_nowhere() {
    let world = World::new().await;
    let ada = world.create_user("ada@example.com").await;
    let (_, member) = world.with_token("member@example.com", Role::Member).await;
    world.create_with_role("root@example.com", Role::Admin).await;
    let (left, inactive) = world.with_token("left@example.com", Role::Admin).await;
    world.set_status(left.id, Status::Inactive).await;
    let before = world.everything().await;

    for (line, body) in routes(ada.id).into_iter().chain([("GET /admin/audit".to_owned(), Value::Null)]) {
        assert_eq!(world.ask(&member, &line, body.clone()).await.refusal(), NOT_ENOUGH, "{line}");
        let answer = world.ask(&inactive, &line, body.clone()).await;
        assert_eq!(answer.refusal(), (403, "User account is inactive"), "{line}");
        assert_eq!(world.ask("junk", &line, body).await.status, 401, "{line}");
    }
    assert_eq!(world.send(Call::get("/admin/users")).await.refusal(), (401, "Not authenticated"));
    assert_eq!(world.everything().await, before);
}

// AD1 AT8
#[tokio::test(flavor = "multi_thread")]
async fn the_role_counts_as_it_is_now_and_not_as_the_token_remembers() {
    let world = World::new().await;
    let ada = world.create_user("ada@example.com").await;
    let (_, root) = world.with_token("root@example.com", Role::Admin).await;
    let (grace, token) = world.with_token("grace@example.com", Role::Admin).await;
    let role = async |role: &str| {
        let line = format!("PATCH /admin/users/{}", grace.id);
        assert_eq!(world.ask(&root, &line, json!({ "role": role })).await.status, 200);
    };

    assert_eq!(world.ask(&token, "GET /admin/audit", Value::Null).await.status, 200);
    role("lead").await;
    assert_eq!(world.ask(&token, "GET /admin/audit", Value::Null).await.refusal(), NOT_ENOUGH);
    assert_eq!(world.ask(&token, "GET /admin/users", Value::Null).await.status, 200);
    role("member").await;
    for (line, body) in routes(ada.id) {
        assert_eq!(world.ask(&token, &line, body).await.refusal(), NOT_ENOUGH, "{line}");
    }
}

async fn acts_by_lead(world: &World, lead: &str, target: &User) -> Vec<(String, u16)> {
    let mut statuses = Vec::new();
    for (line, body) in &routes(target.id)[3..] {
        statuses.push((line.clone(), world.ask(lead, line, body.clone()).await.status));
    }
    statuses
}

// AD2
#[tokio::test(flavor = "multi_thread")]
async fn a_lead_looks_after_members_alone_and_sees_everybody() {
    let world = World::new().await;
    let (lead, token) = world.with_token("lead@example.com", Role::Lead).await;
    let other_lead = world.create_with_role("grace@example.com", Role::Lead).await;
    let admin = world.create_with_role("root@example.com", Role::Admin).await;
    let member = world.create_user("ada@example.com").await;

    for target in [&lead, &other_lead, &admin] {
        let before = world.everything().await;
        for (line, status) in acts_by_lead(&world, &token, target).await {
            assert_eq!(status, 403, "{line} of a {}", target.role);
        }
        let disable = json!({ "status": "inactive" });
        let line = format!("PATCH /admin/users/{}", target.id);
        assert_eq!(world.ask(&token, &line, disable).await.refusal(), NOT_ENOUGH);
        assert_eq!(world.everything().await, before);
        let seen = world.ask(&token, &format!("GET /admin/users/{}", target.id), Value::Null).await;
        assert_eq!((seen.status, seen.text("role")), (200, target.role.as_str()));
    }

    let line = format!("PATCH /admin/users/{}", member.id);
    for role in ["lead", "admin"] {
        assert_eq!(world.ask(&token, &line, json!({ "role": role })).await.refusal(), NOT_ENOUGH);
        let invite = json!({ "email": "new@example.com", "role": role });
        assert_eq!(world.ask(&token, "POST /admin/users", invite).await.refusal(), NOT_ENOUGH);
    }
    for status in ["inactive", "active"] {
        assert_eq!(world.ask(&token, &line, json!({ "status": status })).await.status, 200);
    }
    let invite = json!({ "email": "new@example.com", "role": "member" });
    assert_eq!(world.ask(&token, "POST /admin/users", invite).await.status, 201);
    let statuses = acts_by_lead(&world, &token, &member).await;
    assert_eq!(statuses.iter().map(|(_, status)| *status).collect::<Vec<_>>(), [200, 204, 204, 204, 204]);
}

// AD2 AD3
#[tokio::test(flavor = "multi_thread")]
async fn an_admin_neither_demotes_disables_nor_deletes_himself_and_may_do_the_rest() {
    let world = World::new().await;
    let (root, token) = world.with_token("root@example.com", Role::Admin).await;
    world.create_with_role("grace@example.com", Role::Admin).await;
    let path = format!("/admin/users/{}", root.id);
    let patch = format!("PATCH {path}");
    let before = world.everything().await;
    for body in
        [json!({ "role": "lead" }), json!({ "status": "inactive" }), json!({ "role": "member", "name": "R" })]
    {
        assert_eq!(world.ask(&token, &patch, body).await.refusal(), OWN_ACCOUNT);
    }
    assert_eq!(world.ask(&token, &format!("DELETE {path}"), Value::Null).await.refusal(), OWN_ACCOUNT);
    assert_eq!(world.everything().await, before);

    let renamed = world.ask(&token, &patch, json!({ "role": "admin", "name": "Root" })).await;
    assert_eq!((renamed.status, renamed.text("name")), (200, "Root"));
    for act in ["unlock", "send-reset", "end-sessions"] {
        assert_eq!(world.ask(&token, &format!("POST {path}/{act}"), Value::Null).await.status, 204, "{act}");
    }
    assert_eq!(world.me(&token).await.status, 401, "his own sessions, too");
}

// AD2 AD3
#[tokio::test(flavor = "multi_thread")]
async fn an_admin_removes_another_admin() {
    let world = World::new().await;
    let (_, token) = world.with_token("root@example.com", Role::Admin).await;
    for (n, (method, body)) in [
        ("PATCH", json!({ "role": "lead" })),
        ("PATCH", json!({ "status": "inactive" })),
        ("DELETE", Value::Null),
    ]
    .into_iter()
    .enumerate()
    {
        let other = world.create_with_role(&format!("admin{n}@example.com"), Role::Admin).await;
        let answer = world.ask(&token, &format!("{method} /admin/users/{}", other.id), body).await;
        assert!([200, 204].contains(&answer.status), "{method}");
    }
    let is_admin = |row: &&_| text(row, "role") == "admin" && text(row, "status") == "active";
    assert_eq!(world.scan("Users").await.iter().filter(is_admin).count(), 1);
    assert_eq!(world.login("root@example.com", PASSWORD).await.status, 200);
}

// AD2 AD4
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_in_the_trail() {
    let world = World::new().await;
    let (lead, token) = world.with_token("lead@example.com", Role::Lead).await;
    let (root, admin) = world.with_token("root@example.com", Role::Admin).await;
    let before = world.scan("Audit").await.len();
    world.ask(&token, &format!("DELETE /admin/users/{}", root.id), Value::Null).await;
    world.ask(&token, "POST /admin/users", json!({ "email": "new@example.com", "role": "admin" })).await;
    world.ask(&admin, &format!("DELETE /admin/users/{}", root.id), Value::Null).await;

    assert_eq!(world.scan("Audit").await.len(), before + 3);
    let trail =
        world.ask(&admin, &format!("GET /admin/audit?user_id={}&limit=2", root.id), Value::Null).await;
    let said = |entry: &Value| ["event", "outcome", "reason", "actor_email"].map(|name| entry[name].clone());
    assert_eq!(
        said(&trail.body["entries"][0]),
        ["delete_user", "failure", "own_account", "root@example.com"]
    );
    let by_lead = ["delete_user", "failure", "not_enough_permissions", "lead@example.com"];
    assert_eq!(said(&trail.body["entries"][1]), by_lead);

    let trail = world.ask(&admin, "GET /admin/audit?email=new@example.com", Value::Null).await;
    let entry = &trail.body["entries"][0];
    assert_eq!(
        (entry["event"].as_str(), &entry["actor"]),
        (Some("create_user"), &json!({ "user_id": lead.id }))
    );
}
