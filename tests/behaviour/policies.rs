//! Each function's policy in `template.yaml` grants what it uses and no more. Less would fail whichever test needs it:
//! the proxy holds every function to its policy.

use std::time::Duration;

use latchkey_tests::{
    call::Call,
    gateways::Form,
    proxy::{Fault, FaultKind},
    world::{OTHER_PASSWORD, PASSWORD, World, template},
};
use mailer::Outcome;
use serde_json::{Value, json};
use shared::{
    domain::{Origin, PasswordHash, Role, Status, User},
    store::UserCreation,
    token::Tokens,
};

const DAY: Duration = Duration::from_secs(86_400);

// OP7
#[tokio::test(flavor = "multi_thread")]
async fn no_function_is_granted_what_it_does_not_use() {
    // A cost above that of the first hash, so that a login renews it.
    let settings = [("BCRYPT_COST", "11"), ("SESSIONS_PER_USER", "3"), ("REGISTRATION", "on")];
    let mut world = World::with(&settings).await;
    uses_of_keys(&mut world).await;
    Box::pin(uses_of_login(&mut world)).await;
    Box::pin(uses_of_refresh(&mut world)).await;
    Box::pin(uses_of_logout(&world)).await;
    Box::pin(uses_of_forgot(&mut world)).await;
    Box::pin(uses_of_reset_and_mailer(&mut world)).await;
    Box::pin(uses_of_me(&world)).await;
    Box::pin(uses_of_authorizer(&world)).await;
    Box::pin(uses_of_sessions(&world)).await;
    Box::pin(uses_of_account(&mut world)).await;
    Box::pin(uses_of_register(&mut world)).await;
    Box::pin(uses_of_admin(&world)).await;

    let mut unused = Vec::new();
    for (function, policy) in template().policies().expect("policies") {
        let mut uses = world.proxy.uses();
        uses.retain(|(caller, ..), _| *caller == function);
        for grant in policy.grants() {
            if !uses.keys().any(|(_, action, table)| grant.covers(action, table)) {
                unused.push(format!("{function}: {grant}"));
            }
            for attribute in grant.condition.attributes.iter().flatten() {
                let mut touched = uses.iter().filter(|((_, _, table), _)| *table == grant.table);
                if !touched.any(|(_, used)| used.attributes.contains(attribute)) {
                    unused.push(format!("{function}: {attribute} in {grant}"));
                }
            }
            for key in grant.condition.leading_keys.iter().flatten() {
                let place = (function.clone(), grant.action.clone(), grant.table.clone());
                if !uses.get(&place).is_some_and(|used| used.leading_keys.contains(key)) {
                    unused.push(format!("{function}: {key} in {grant}"));
                }
            }
        }
    }
    assert!(unused.is_empty(), "template.yaml grants what is never used: {unused:#?}");
}

async fn uses_of_login(world: &mut World) {
    let email = "login@example.com";
    world.create(email, Status::Active, 10).await;
    for password in [PASSWORD, PASSWORD, OTHER_PASSWORD] {
        world.login(email, password).await;
    }
    world.login("nobody@example.com", PASSWORD).await;
    world.pass(DAY);
    for _ in 0..6 {
        world.login(email, OTHER_PASSWORD).await;
    }
    assert_eq!(world.login(email, PASSWORD).await.refusal(), (403, "Account locked. Try again later."));
    world.pass(DAY);
    break_call(world, "GetItem", "Users");
    assert_eq!(world.login(email, PASSWORD).await.status, 503);
    world.create("left@example.com", Status::Inactive, 10).await;
    assert_eq!(world.login("left@example.com", PASSWORD).await.status, 403);
    // Beyond the cap, and from a device not seen before.
    for address in ["203.0.113.7", "198.51.100.9", "198.51.100.9", "198.51.100.9"] {
        world.pass(Duration::from_secs(1));
        let call = Call::post("/auth/login", json!({ "email": email, "password": PASSWORD })).from(address);
        assert_eq!(world.send(call).await.status, 200);
    }
}

/// Each function that signs makes the first key; the daily run makes the next and removes the first.
async fn uses_of_keys(world: &mut World) {
    for function in ["account", "login", "refresh"] {
        for part in ["public", "private", "session"] {
            world.lose_keys(part).await;
        }
        world.instance::<Tokens>(function).keys(world.now).await.expect("makes a key");
    }
    world.pass(90 * DAY);
    assert!(world.turn().await.made.is_some());
    world.pass(DAY);
    assert_eq!(world.turn().await.removed.len(), 1);
    assert_eq!(world.jwks().await.status, 200);
}

async fn uses_of_refresh(world: &mut World) {
    let email = "refresh@example.com";
    let user = world.create_user(email).await;
    let first = refresh_token(world, email).await;
    assert_eq!(world.refresh(&first).await.status, 200);
    assert_eq!(world.refresh(&first).await.status, 200, "within the grace");
    world.pass(Duration::from_secs(60));
    assert_eq!(world.refresh(&first).await.status, 401, "used again");
    let of_inactive = refresh_token(world, email).await;
    world.set_status(user.id, Status::Inactive).await;
    assert_eq!(world.refresh(&of_inactive).await.status, 401);
}

async fn uses_of_logout(world: &World) {
    let email = "logout@example.com";
    world.create_user(email).await;
    for everywhere in [false, true] {
        let body = json!({ "refresh_token": refresh_token(world, email).await, "everywhere": everywhere });
        assert_eq!(world.send(Call::post("/auth/logout", body)).await.status, 204);
    }
}

async fn uses_of_forgot(world: &mut World) {
    for day in [0, 1] {
        world.pass(DAY * day);
        for _ in 0..2 {
            assert_eq!(world.forgot("forgot@example.com").await.status, 200);
        }
    }
    world.pass(DAY);
    break_call(world, "PutItem", "Outbox");
    assert_eq!(world.forgot("forgot@example.com").await.status, 503);
}

/// The mailer's mails are those that a reset brings about.
async fn uses_of_reset_and_mailer(world: &mut World) {
    let email = "reset@example.com";
    world.create_user(email).await;
    let token = world.mailed_token(email).await;
    assert_eq!(world.reset("unknown", OTHER_PASSWORD).await.status, 400);
    assert_eq!(world.reset(&token, PASSWORD).await.status, 422);
    assert_eq!(world.reset(&token, OTHER_PASSWORD).await.status, 200);
    assert_eq!(world.reset(&token, OTHER_PASSWORD).await.status, 400);
    world.import_newcomer("imported@example.com", Origin::Csv, None).await;
    world.forgot("imported@example.com").await;
    let outcomes = world.deliver_all().await;
    assert!(outcomes.contains(&Outcome::Sent) && outcomes.contains(&Outcome::DoneBefore), "{outcomes:?}");
}

async fn uses_of_me(world: &World) {
    let email = "me@example.com";
    world.create_user(email).await;
    let token = world.login(email, PASSWORD).await.text("access_token").to_owned();
    assert_eq!(world.me(&token).await.status, 200);
}

async fn uses_of_authorizer(world: &World) {
    let email = "authorizer@example.com";
    world.create_user(email).await;
    let token = world.login(email, PASSWORD).await.text("access_token").to_owned();
    assert_eq!(world.protected(Form::Http2, &format!("Bearer {token}")).await.0, 200);
}

async fn uses_of_admin(world: &World) {
    let (_, token) = world.with_token("admin@example.com", Role::Admin).await;
    let other = world.create_with_role("other-admin@example.com", Role::Admin).await;
    let path = format!("/admin/users/{}", other.id);
    for (line, body, status) in [
        ("POST /admin/users", json!({ "email": "invited@example.com" }), 201),
        ("GET /admin/users", Value::Null, 200),
        ("GET /admin/users?email=other-admin@example.com", Value::Null, 200),
        (&format!("GET {path}"), Value::Null, 200),
        (&format!("POST {path}/unlock"), Value::Null, 204),
        (&format!("POST {path}/send-reset"), Value::Null, 204),
        (&format!("PATCH {path}"), json!({ "status": "inactive" }), 200),
        (&format!("DELETE {path}"), Value::Null, 204),
        ("GET /admin/audit", Value::Null, 200),
        ("GET /admin/audit?email=invited@example.com", Value::Null, 200),
    ] {
        assert_eq!(world.ask(&token, line, body).await.status, status, "{line}");
    }
}

async fn uses_of_sessions(world: &World) {
    let email = "sessions@example.com";
    world.create_user(email).await;
    let token = world.login(email, PASSWORD).await.text("access_token").to_owned();
    let sessions = world.sessions(&token).await;
    let id = sessions.body["sessions"][0]["id"].as_str().expect("an id").to_owned();
    for _ in 0..2 {
        assert_eq!(world.end_session(&token, &id).await.status, 204);
    }
}

/// With the mails that come of it.
async fn uses_of_account(world: &mut World) {
    let (email, new) = ("account@example.com", "moved@example.com");
    world.create_user(email).await;
    let token = world.login(email, PASSWORD).await.text("access_token").to_owned();
    assert_eq!(world.change_email(&token, new, OTHER_PASSWORD).await.status, 422);
    break_call(world, "PutItem", "Outbox");
    assert_eq!(world.change_email(&token, new, PASSWORD).await.status, 503);
    // The outbox has no order: of two that wait, either link may be the newest.
    for to in ["me@example.com", new] {
        // Of two requests of one second, the one whose mail comes last counts.
        world.pass(Duration::from_secs(1));
        assert_eq!(world.change_email(&token, to, PASSWORD).await.status, 200);
        world.deliver_all().await;
    }
    let confirm = world.token_mailed_to(new).await;
    assert_eq!(world.confirm_email(&token, &confirm).await.status, 200);
    assert_eq!(world.confirm_email(&token, &confirm).await.status, 400);
    assert_eq!(world.change_password(&token, PASSWORD, "weak").await.status, 422);
    assert_eq!(world.change_password(&token, PASSWORD, OTHER_PASSWORD).await.status, 200);
    world.pass(DAY);
    for _ in 0..5 {
        world.login(new, PASSWORD).await;
    }
    world.deliver_all().await;
}

async fn uses_of_register(world: &mut World) {
    let email = "register@example.com";
    for day in [0, 2] {
        world.pass(DAY * day);
        assert_eq!(world.register(email).await.status, 200);
    }
    world.pass(DAY * 2);
    break_call(world, "PutItem", "Outbox");
    assert_eq!(world.register(email).await.status, 503);
    assert_eq!(world.register("me@example.com").await.status, 200);
    let token = world.token_mailed_to(email).await;
    assert_eq!(world.verify_email(&token, PASSWORD).await.status, 200);
    assert_eq!(world.verify_email(&token, PASSWORD).await.status, 400);
}

async fn refresh_token(world: &World, email: &str) -> String {
    world.login(email, PASSWORD).await.text("refresh_token").to_owned()
}

/// Lets one call fail, however often the SDK repeats it.
fn break_call(world: &World, action: &'static str, table: &'static str) {
    world.proxy.break_calls(Fault { action, table, kind: FaultKind::Broken, times: 3 });
}

// OP7
#[tokio::test(flavor = "multi_thread")]
async fn the_mailer_can_neither_read_nor_write_a_password_hash() {
    let world = World::new().await;
    let user = world.create_user("ada@example.com").await;
    let (email, credentials) = (&user.email, &world.mailer.store.credentials);
    let hash = PasswordHash::from_stored("$2b$10$of-the-mailers-choice".to_owned());

    assert!(credentials.get(email).await.is_err(), "a read of the whole credential");
    assert!(credentials.rehash(email, user.id, 1, &hash).await.is_err(), "a write of the hash");
    assert_eq!(credentials.find_user(email).await.expect("reads"), Some(user.id));

    let refused = world.proxy.take_refused();
    assert_eq!(refused, ["mailer: GetItem on Credentials", "mailer: UpdateItem on Credentials"]);
}

// OP7
#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_not_granted_is_refused_alone_and_in_a_transaction() {
    let world = World::new().await;
    let user = world.create_user("ada@example.com").await;
    let store = &world.mailer.store;
    assert!(store.lockouts.get(&user.email.hash(), world.now).await.is_err());
    let other = User::new("eve@example.com".parse().expect("valid"), None, Role::Member, world.now);
    assert!(
        store
            .create_user(&other, UserCreation::WithInvitation, &world.entry("create_user", other.id))
            .await
            .is_err()
    );

    assert_eq!(world.scan("Users").await.len(), 1);
    let put = ["Credentials", "Outbox", "Users"].map(|table| format!("mailer: PutItem on {table}"));
    assert_eq!(world.proxy.take_refused(), [&["mailer: GetItem on Lockouts".to_owned()], &put[..]].concat());
}

// KY5 OP7
#[tokio::test(flavor = "multi_thread")]
async fn no_function_reads_a_part_of_the_keys_that_it_does_not_work_with() {
    let world = World::new().await;
    for (function, readable) in [
        ("login", ["public", "private", "session"].as_slice()),
        ("me", &["public"]),
        ("keys", &["public"]),
        ("logout", &["session"]),
        ("rotate", &["public"]),
        ("forgot", &[]),
    ] {
        let keys = world.instance::<Tokens>(function).store.signing_keys;
        let reads = [
            ("public", keys.public().await.is_ok()),
            ("private", keys.private().await.is_ok()),
            ("session", keys.session().await.is_ok()),
        ];
        let read: Vec<_> = reads.iter().filter(|(_, can)| *can).map(|(part, _)| *part).collect();
        assert_eq!(read, readable, "{function}");
    }
    assert!(world.proxy.take_refused().contains(&"me: Query on SigningKeys".to_owned()));
}
