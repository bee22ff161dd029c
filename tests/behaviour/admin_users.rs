//! `/admin/users`: lists, looks and invitations.

use std::collections::HashSet;

use latchkey_tests::world::{OTHER_PASSWORD, PASSWORD, World, token_in};
use serde_json::{Value, json};
use shared::domain::{Role, UserId};

async fn world_with_admin() -> (World, String) {
    let world = World::new().await;
    let (_, token) = world.with_token("root@example.com", Role::Admin).await;
    (world, token)
}

// AD1
#[tokio::test(flavor = "multi_thread")]
async fn a_list_gives_every_user_once_page_by_page() {
    let (world, token) = world_with_admin().await;
    let mut expected = HashSet::from(["root@example.com".to_owned()]);
    for n in 0..119 {
        let email = format!("user{n}@example.com");
        world.invite(&email, Role::Member).await;
        expected.insert(email);
    }

    for (line, largest) in
        [("GET /admin/users?limit=7", 7), ("GET /admin/users?limit=40", 40), ("GET /admin/users?", 50)]
    {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = world.ask(&token, &format!("{line}{cursor}"), Value::Null).await;
            assert_eq!(page.status, 200);
            let users = page.body["users"].as_array().expect("a list").clone();
            assert!(users.len() <= largest);
            seen.extend(users.iter().map(|user| user["email"].as_str().expect("an e-mail").to_owned()));
            match page.body["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!((seen.len(), seen.into_iter().collect::<HashSet<_>>()), (120, expected.clone()), "{line}");
    }
}

// AD1 AD5
#[tokio::test(flavor = "multi_thread")]
async fn a_user_is_found_by_email_and_shown_without_anything_of_the_password() {
    let (world, token) = world_with_admin().await;
    let ada = world.create_user("ada@example.com").await;
    let invited = world.invite("grace@example.com", Role::Lead).await;

    let found = world.ask(&token, "GET /admin/users?email=Ada@Example.com", Value::Null).await;
    let expected = json!({
        "id": ada.id, "email": "ada@example.com", "name": "Ada Lovelace", "role": "member", "status": "active",
        "created_at": ada.created_at, "last_login": null, "has_password": true,
    });
    assert_eq!(found.body, json!({ "users": [expected], "next_cursor": null }));

    let nobody = world.ask(&token, "GET /admin/users?email=eve@example.com", Value::Null).await;
    assert_eq!((nobody.status, nobody.body), (200, json!({ "users": [], "next_cursor": null })));

    let mut expected = expected;
    expected["lockout"] = Value::Null;
    expected["device_locked_until"] = Value::Null;
    let shown = world.ask(&token, &format!("GET /admin/users/{}", ada.id), Value::Null).await;
    assert_eq!((shown.status, shown.body), (200, expected));
    let shown = world.ask(&token, &format!("GET /admin/users/{}", invited.id), Value::Null).await;
    assert_eq!((shown.text("role"), &shown.body["has_password"]), ("lead", &json!(false)));
}

// AD1
#[tokio::test(flavor = "multi_thread")]
async fn a_shown_user_tells_of_failed_logins_and_of_the_lock() {
    let (mut world, token) = world_with_admin().await;
    let line = format!("GET /admin/users/{}", world.create_user("ada@example.com").await.id);
    for attempts in 1..=5 {
        world.login("ada@example.com", OTHER_PASSWORD).await;
        let until = world.now + std::time::Duration::from_secs(1800);
        let shown = world.ask(&token, &line, Value::Null).await;
        let lockout = json!({ "attempts": attempts, "locked": attempts == 5, "until": until });
        assert_eq!(shown.body["lockout"], lockout);
    }
    world.pass(std::time::Duration::from_secs(1800));
    let token = world.token_of(&world.create_with_role("later@example.com", Role::Lead).await).await;
    assert_eq!(world.ask(&token, &line, Value::Null).await.body["lockout"], Value::Null);
}

// AD5
#[tokio::test(flavor = "multi_thread")]
async fn a_new_user_is_invited_by_mail_and_chooses_the_password() {
    let (world, token) = world_with_admin().await;
    let body = json!({ "email": " Grace@Example.com ", "name": "Grace Hopper", "role": "lead" });
    let created = world.ask(&token, "POST /admin/users", body.clone()).await;
    assert_eq!(created.status, 201);
    assert_eq!((created.text("email"), created.text("name")), ("grace@example.com", "Grace Hopper"));
    assert_eq!((created.text("role"), &created.body["has_password"]), ("lead", &json!(false)));
    assert_eq!(created.text("mail"), "invitation");
    let id: UserId = created.text("id").parse().expect("an id");

    world.deliver_all().await;
    let mails = world.mails();
    assert_eq!((mails.len(), mails[0].to[0].as_str()), (1, "grace@example.com"));
    assert_eq!(world.reset(&token_in(&mails[0]), PASSWORD).await.status, 200);
    let login = world.login("grace@example.com", PASSWORD).await;
    assert_eq!((login.status, login.body["user"]["id"].as_str()), (200, Some(id.to_string().as_str())));

    let before = world.everything().await;
    let again = world.ask(&token, "POST /admin/users", body).await;
    let sentence = "This e-mail has an account already: find it with GET /admin/users?email=.";
    assert_eq!(again.refusal(), (409, sentence));
    assert_eq!(world.everything().await, before);

    let plain = world.ask(&token, "POST /admin/users", json!({ "email": "ada@example.com" })).await;
    assert_eq!((plain.status, plain.text("role"), &plain.body["name"]), (201, "member", &Value::Null));
}

// AD5 OP7
#[tokio::test(flavor = "multi_thread")]
async fn the_admin_function_can_neither_read_nor_write_a_password_hash() {
    use shared::{domain::PasswordHash, store::UserCreation};
    let world = World::new().await;
    let user = world.create_user("ada@example.com").await;
    let store = world.store_of("admin");
    let hash = || PasswordHash::from_stored("$2b$10$of-the-admins-choice".to_owned());
    let eve =
        shared::domain::User::new("eve@example.com".parse().expect("valid"), None, Role::Member, world.now);
    let entry = world.entry("create_user", eve.id);

    assert!(store.credentials.get(&user.email).await.is_err(), "a read of the whole credential");
    assert!(store.credentials.rehash(&user.email, user.id, 1, &hash()).await.is_err(), "a write of the hash");
    assert!(store.create_user(&eve, UserCreation::WithPassword(hash()), &entry).await.is_err());
    let token = shared::domain::ResetToken::generate().hash();
    assert!(store.credentials.set_reset_token(&user.email, &token, world.now).await.is_err(), "a link");

    let refused =
        ["GetItem", "PutItem", "UpdateItem"].map(|action| format!("admin: {action} on Credentials"));
    assert_eq!(world.proxy.take_refused(), refused);
}

// OP1 OP2 AD5
#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_told_by_field_and_changes_nothing() {
    let (world, token) = world_with_admin().await;
    let ada = world.create_user("ada@example.com").await;
    let before = world.everything().await;
    let limit = "must be a whole number from 1 to 100";
    let id = "must be a UUID in lower case with hyphens";
    let patch = format!("PATCH /admin/users/{}", ada.id);
    let patch = patch.as_str();
    let get_with_query = format!("GET /admin/users/{}?fields=email", ada.id);
    let delete_with_query = format!("DELETE /admin/users/{}?force=1", ada.id);
    for (line, body, field, message) in [
        ("GET /admin/users?limit=0", Value::Null, "limit", limit),
        ("GET /admin/users?limit=101", Value::Null, "limit", limit),
        ("GET /admin/users?limit=many", Value::Null, "limit", limit),
        ("GET /admin/users?cursor=last", Value::Null, "cursor", id),
        (
            "GET /admin/users?email=ada",
            Value::Null,
            "email",
            "must be an e-mail address such as ada@example.com",
        ),
        (
            "GET /admin/users?emial=ada@example.com",
            Value::Null,
            "emial",
            "is not a parameter of this request",
        ),
        (&get_with_query, Value::Null, "fields", "is not a parameter of this request"),
        (&delete_with_query, Value::Null, "force", "is not a parameter of this request"),
        ("GET /admin/users/ada", Value::Null, "user_id", id),
        ("DELETE /admin/users/ada", Value::Null, "user_id", id),
        ("POST /admin/users/ada/unlock", Value::Null, "user_id", id),
        ("POST /admin/users", json!({}), "email", "is required"),
        (
            "POST /admin/users",
            json!({ "email": "e@x.com", "role": "boss" }),
            "role",
            "must be one of member, lead, admin",
        ),
        (
            "POST /admin/users",
            json!({ "email": "e@x.com", "password": PASSWORD }),
            "password",
            "is not a field of this request",
        ),
        (
            "POST /admin/users",
            json!({ "email": "e@x.com", "name": "" }),
            "name",
            "must be 1 to 100 printable characters, a letter or digit among them",
        ),
        (patch, json!({}), "body", "must have at least one of role, status, name"),
        (patch, json!({ "status": "gone" }), "status", "must be one of active, inactive"),
        (patch, json!({ "role": null }), "role", "must be a string"),
        (
            patch,
            json!({ "name": "a\nb" }),
            "name",
            "must be 1 to 100 printable characters, a letter or digit among them",
        ),
        (patch, json!({ "password": PASSWORD }), "password", "is not a field of this request"),
        (
            patch,
            json!({ "role": "lead", "email": "eve@example.com" }),
            "email",
            "is not a field of this request",
        ),
    ] {
        let answer = world.ask(&token, line, body).await;
        assert_eq!(answer.status, 422, "{line}");
        assert_eq!(answer.body["errors"], json!([{ "field": field, "message": message }]), "{line}");
    }
    assert_eq!(world.everything().await, before);
    assert!(world.scan("Outbox").await.is_empty());
}

// OP1
#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_is_not_there_gets_404_on_every_route() {
    let (world, token) = world_with_admin().await;
    let path = format!("/admin/users/{}", UserId::generate());
    for (line, body) in [
        (format!("GET {path}"), Value::Null),
        (format!("PATCH {path}"), json!({ "role": "lead" })),
        (format!("DELETE {path}"), Value::Null),
        (format!("POST {path}/unlock"), Value::Null),
        (format!("POST {path}/end-sessions"), Value::Null),
        (format!("POST {path}/send-reset"), Value::Null),
    ] {
        assert_eq!(world.ask(&token, &line, body).await.refusal(), (404, "There is no such user."), "{line}");
    }
}
