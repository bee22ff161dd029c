//! What admins and leads do to accounts: change, delete, unlock, end sessions, send a reset.

use latchkey_tests::{
    proxy::{Fault, FaultKind},
    world::{OTHER_PASSWORD, PASSWORD, World, text, token_in},
};
use serde_json::{Value, json};
use shared::domain::{Role, Status, User};

/// An admin's token, and a member with a session: her access token and her refresh token.
async fn world_with_ada() -> (World, String, User, [String; 2]) {
    let world = World::new().await;
    let (_, token) = world.with_token("root@example.com", Role::Admin).await;
    let ada = world.create_user("ada@example.com").await;
    let login = world.login("ada@example.com", PASSWORD).await;
    let tokens = ["access_token", "refresh_token"].map(|name| login.text(name).to_owned());
    (world, token, ada, tokens)
}

// AD1 RT10
#[tokio::test(flavor = "multi_thread")]
async fn a_change_tells_the_user_as_he_is_now_and_inactive_ends_all_sessions() {
    let (world, token, ada, [access, refresh]) = world_with_ada().await;
    let line = format!("PATCH /admin/users/{}", ada.id);
    let changed = world.ask(&token, &line, json!({ "role": "lead", "name": "Countess" })).await;
    assert_eq!((changed.status, changed.text("role"), changed.text("name")), (200, "lead", "Countess"));
    let unnamed = world.ask(&token, &line, json!({ "name": null })).await;
    assert_eq!((unnamed.status, &unnamed.body["name"]), (200, &Value::Null));
    let me = world.me(&access).await;
    assert_eq!((me.status, me.text("role"), &me.body["name"]), (200, "lead", &Value::Null));

    let disabled = world.ask(&token, &line, json!({ "status": "inactive" })).await;
    assert_eq!((disabled.status, disabled.text("status")), (200, "inactive"));
    assert_eq!(world.me(&access).await.refusal(), (403, "User account is inactive"));
    assert_eq!(world.login("ada@example.com", PASSWORD).await.status, 403);
    assert_eq!(world.ask(&token, &line, json!({ "status": "active" })).await.status, 200);
    assert_eq!(world.me(&access).await.status, 401);
    assert_eq!(world.refresh(&refresh).await.status, 401);
    assert_eq!(world.login("ada@example.com", PASSWORD).await.status, 200);
}

// AD1 AD4
#[tokio::test(flavor = "multi_thread")]
async fn a_change_to_what_is_there_writes_nothing() {
    let (world, token, ada, _) = world_with_ada().await;
    let (before, entries) = (world.everything().await, world.scan("Audit").await.len());
    let body = json!({ "role": "member", "status": "active", "name": "Ada Lovelace" });
    let answer = world.ask(&token, &format!("PATCH /admin/users/{}", ada.id), body).await;
    assert_eq!((answer.status, answer.text("email")), (200, "ada@example.com"));
    assert_eq!((world.everything().await, world.scan("Audit").await.len()), (before, entries));
}

// AD1 RT10
#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_user_is_out_at_once_and_the_email_is_free() {
    let (world, token, ada, [access, refresh]) = world_with_ada().await;
    world.login("ada@example.com", OTHER_PASSWORD).await;
    let line = format!("DELETE /admin/users/{}", ada.id);
    assert_eq!(world.ask(&token, &line, Value::Null).await.status, 204);
    assert!(world.scan("Lockouts").await.is_empty());

    assert_eq!(world.me(&access).await.status, 401);
    assert_eq!(world.refresh(&refresh).await.status, 401);
    assert_eq!(world.login("ada@example.com", PASSWORD).await.status, 401);
    assert_eq!(world.ask(&token, &line, Value::Null).await.status, 404);

    let created = world.ask(&token, "POST /admin/users", json!({ "email": "ada@example.com" })).await;
    assert_eq!(created.status, 201);
    assert_ne!(created.text("id"), ada.id.to_string());
    assert_eq!(world.me(&access).await.status, 401);
}

// AD1 LG3
#[tokio::test(flavor = "multi_thread")]
async fn an_unlocked_user_gets_in() {
    let (world, token, ada, _) = world_with_ada().await;
    for _ in 0..5 {
        world.login("ada@example.com", OTHER_PASSWORD).await;
    }
    assert_eq!(world.login("ada@example.com", PASSWORD).await.status, 403);
    let line = format!("POST /admin/users/{}/unlock", ada.id);
    for _ in 0..2 {
        assert_eq!(world.ask(&token, &line, Value::Null).await.status, 204);
    }
    assert_eq!(world.login("ada@example.com", PASSWORD).await.status, 200);
}

// AD1 RT10
#[tokio::test(flavor = "multi_thread")]
async fn ended_sessions_are_dead_and_the_user_may_log_in_again() {
    let (world, token, ada, [access, refresh]) = world_with_ada().await;
    let line = format!("POST /admin/users/{}/end-sessions", ada.id);
    assert_eq!(world.ask(&token, &line, json!({})).await.status, 204);
    assert_eq!(world.me(&access).await.status, 401);
    assert_eq!(world.refresh(&refresh).await.status, 401);
    assert_eq!(world.login("ada@example.com", PASSWORD).await.status, 200);
}

// AD1 AD5
#[tokio::test(flavor = "multi_thread")]
async fn a_reset_is_mailed_to_the_user_and_an_invitation_to_who_has_no_password() {
    let (world, token, ada, [access, _]) = world_with_ada().await;
    let grace = world.invite("grace@example.com", Role::Member).await;
    world.deliver_all().await;
    let invitation = world.mails()[0].subject.clone();
    for (user, is_invited) in [(&ada, false), (&grace, true)] {
        let line = format!("POST /admin/users/{}/send-reset", user.id);
        let answer = world.ask(&token, &line, Value::Null).await;
        assert_eq!((answer.status, answer.body), (204, Value::Null));
        world.deliver_all().await;
        let mut mails = world.mails();
        mails.retain(|mail| mail.to == [user.email.to_string()]);
        let mail = &mails[0];
        assert_eq!((mails.len(), mail.subject == invitation), (1 + usize::from(is_invited), is_invited));
        if !is_invited {
            assert_eq!(world.me(&access).await.status, 200, "nothing changed yet");
        }
        assert_eq!(world.reset(&token_in(mail), OTHER_PASSWORD).await.status, 200);
        assert_eq!(world.login(user.email.as_str(), OTHER_PASSWORD).await.status, 200);
    }

    world.set_status(ada.id, Status::Inactive).await;
    let before = world.scan("Outbox").await.len();
    let answer = world.ask(&token, &format!("POST /admin/users/{}/send-reset", ada.id), Value::Null).await;
    let sentence = "This user is inactive, and no link would work. Make the user active first.";
    assert_eq!(answer.refusal(), (409, sentence));
    assert_eq!(world.scan("Outbox").await.len(), before);
}

// AD4 OP6
#[tokio::test(flavor = "multi_thread")]
async fn an_act_and_its_entry_in_the_trail_are_done_together_or_not_at_all() {
    let (world, token, ada, _) = world_with_ada().await;
    world.login("ada@example.com", OTHER_PASSWORD).await;
    let (path, before) = (format!("/admin/users/{}", ada.id), world.everything().await);
    let entries = world.scan("Audit").await.len();
    let acts = [
        ("POST /admin/users".to_owned(), json!({ "email": "grace@example.com" }), 201),
        (format!("POST {path}/unlock"), Value::Null, 204),
        (format!("POST {path}/end-sessions"), Value::Null, 204),
        (format!("POST {path}/send-reset"), Value::Null, 204),
        (format!("PATCH {path}"), json!({ "role": "lead" }), 200),
        (format!("DELETE {path}"), Value::Null, 204),
    ];
    for (line, body, _) in &acts {
        let (action, kind) = ("TransactWriteItems", FaultKind::Broken);
        world.proxy.break_calls(Fault { action, table: "Audit", kind, times: 3 });
        assert_eq!(world.ask(&token, line, body.clone()).await.status, 503, "{line}");
    }
    assert_eq!((world.everything().await, world.scan("Audit").await.len()), (before, entries));
    assert!(world.scan("Outbox").await.is_empty());

    // An answer that was lost is asked for again, and what it answers was done once.
    for (line, body, status) in &acts {
        let (action, kind) = ("TransactWriteItems", FaultKind::AnswerLost);
        world.proxy.break_calls(Fault { action, table: "Audit", kind, times: 1 });
        assert_eq!(world.ask(&token, line, body.clone()).await.status, *status, "{line}");
    }
    let rows = world.scan("Audit").await;
    let events: Vec<_> =
        rows.iter().filter(|row| row.contains_key("day")).map(|row| text(row, "event")).collect();
    for event in ["unlock", "end_sessions", "send_reset", "delete_user"] {
        assert_eq!(events.iter().filter(|name| *name == event).count(), 1, "{event}");
    }
}
