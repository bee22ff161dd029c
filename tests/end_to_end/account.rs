//! What a person does with an account of his own: he registers, moves to another address, is locked out by a stranger,
//! looks at his sessions and leaves; and what a person does who administers it.

use latchkey_tests::{
    call::Answer,
    stage::{EMAIL, PASSWORD, Stage},
};
use reqwest::Method;
use serde_json::{Value, json};

const BOBS_PASSWORD: &str = "Tundra-Violin-47";

/// A call of who is signed in.
async fn call(stage: &Stage, method: Method, path: &str, token: &str, body: Value) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [("content-type", "application/json"), ("authorization", &bearer)];
    let body = if body.is_null() { String::new() } else { body.to_string() };
    stage.send(method, path, &headers, &body).await
}

/// The token in the newest mail of a subject, which is on its way.
async fn mailed_token(stage: &Stage, subject: &str) -> String {
    let find = |mails: &Value| {
        let mut mails = mails.as_array().into_iter().flatten();
        let mail = mails.find(|mail| mail["subject"].as_str().is_some_and(|s| s.contains(subject)));
        mail.and_then(|mail| mail["text"].as_str().map(str::to_owned))
    };
    let inbox = stage.wait_for("/inbox.json", |mails| find(mails).is_some()).await;
    let text = find(&inbox).expect("just seen");
    text.split_once("#token=").expect("a link").1.split_whitespace().next().expect("a token").to_owned()
}

async fn register(stage: &Stage, email: &str) {
    assert_eq!(stage.post("/auth/register", json!({ "email": email })).await.status, 200);
    let token = mailed_token(stage, "registration").await;
    let body = json!({ "token": token, "new_password": BOBS_PASSWORD, "name": "Bob" });
    assert_eq!(stage.post("/auth/verify-email", body).await.status, 200);
}

// RG2 EM1 RT11 RT13
#[tokio::test(flavor = "multi_thread")]
async fn register_log_in_move_to_another_address_change_the_password_and_end_a_session() {
    let stage = Stage::with(&[("REGISTRATION", "on")]).await;
    register(&stage, "bob@example.com").await;
    let first = stage.login("bob@example.com", BOBS_PASSWORD).await;
    assert_eq!((&first.body["user"]["name"], &first.body["user"]["role"]), (&json!("Bob"), &json!("member")));

    let body = json!({ "new_email": "robert@example.com", "current_password": BOBS_PASSWORD });
    let token = first.text("access_token");
    assert_eq!(call(&stage, Method::POST, "/auth/change-email", token, body).await.status, 200);
    let body = json!({ "token": mailed_token(&stage, "Confirm").await });
    assert_eq!(stage.post("/auth/confirm-email", body.clone()).await.status, 401);
    assert_eq!(call(&stage, Method::POST, "/auth/confirm-email", token, body).await.status, 200);
    assert_eq!(stage.login("bob@example.com", BOBS_PASSWORD).await.status, 401);
    let second = stage.login("robert@example.com", BOBS_PASSWORD).await;
    assert_eq!(second.status, 200);

    let body = json!({ "current_password": BOBS_PASSWORD, "new_password": "Marble-Anchor-63" });
    let token = second.text("access_token");
    let changed = call(&stage, Method::POST, "/auth/change-password", token, body).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    let body = json!({ "refresh_token": first.text("refresh_token") });
    assert_eq!(stage.post("/auth/refresh", body).await.status, 401);

    let third = stage.login("robert@example.com", "Marble-Anchor-63").await;
    let token = changed.text("access_token");
    let sessions = call(&stage, Method::GET, "/auth/sessions", token, Value::Null).await;
    let sessions = sessions.body["sessions"].as_array().expect("a list").clone();
    let other = sessions.iter().find(|session| session["current"] == false).expect("the third");
    assert_eq!(sessions.len(), 2);
    let path = format!("/auth/sessions/{}", other["id"].as_str().expect("an id"));
    assert_eq!(call(&stage, Method::DELETE, &path, token, Value::Null).await.status, 204);
    let body = json!({ "refresh_token": third.text("refresh_token") });
    assert_eq!(stage.post("/auth/refresh", body).await.status, 401);
    let body = json!({ "refresh_token": second.text("refresh_token") });
    assert_eq!(stage.post("/auth/refresh", body).await.status, 200);
}

// LG12 NT1
#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_locks_the_address_and_its_owner_still_logs_in_where_he_did_before() {
    let stage = Stage::start().await;
    let device = stage.login(EMAIL, PASSWORD).await.text("device_token").to_owned();
    for _ in 0..5 {
        stage
            .post_from([127, 0, 0, 9], "/auth/login", json!({ "email": EMAIL, "password": "Wrong-1" }))
            .await;
    }
    assert_eq!(stage.login(EMAIL, PASSWORD).await.status, 403);
    let body = json!({ "email": EMAIL, "password": PASSWORD, "device_token": device });
    assert_eq!(stage.post("/auth/login", body).await.status, 200);
    let locked = |mails: &Value| mails[0]["subject"].as_str().is_some_and(|s| s.contains("locked"));
    stage.wait_for("/inbox.json", locked).await;
}

// AD1 AD4 AD5 AU1
#[tokio::test(flavor = "multi_thread")]
async fn an_admin_invites_promotes_and_removes_and_the_trail_says_so() {
    let stage = Stage::start().await;
    let admin = stage.login(EMAIL, PASSWORD).await.text("access_token").to_owned();
    let body = json!({ "email": "grace@example.com", "role": "lead" });
    let invited = call(&stage, Method::POST, "/admin/users", &admin, body).await;
    assert_eq!(invited.status, 201, "{invited:?}");
    let id = invited.text("id").to_owned();
    let body = json!({ "token": mailed_token(&stage, "account").await, "new_password": BOBS_PASSWORD });
    assert_eq!(stage.post("/auth/reset-password", body).await.status, 200);
    let grace = stage.login("grace@example.com", BOBS_PASSWORD).await.text("access_token").to_owned();
    let seen = call(&stage, Method::GET, "/admin/users", &grace, Value::Null).await;
    assert_eq!(seen.body["users"].as_array().map(Vec::len), Some(2));

    let user = format!("/admin/users/{id}");
    let body = json!({ "role": "member" });
    assert_eq!(call(&stage, Method::PATCH, &user, &admin, body).await.text("role"), "member");
    let seen = call(&stage, Method::GET, "/admin/users", &grace, Value::Null).await;
    assert_eq!(seen.refusal(), (403, "Not enough permissions"));
    assert_eq!(call(&stage, Method::DELETE, &user, &admin, Value::Null).await.status, 204);
    assert_eq!(stage.me(&grace).await.status, 401);

    let trail = call(&stage, Method::GET, &format!("/admin/audit?user_id={id}"), &admin, Value::Null).await;
    let entries = trail.body["entries"].as_array().expect("entries");
    let by_ada = entries.iter().filter(|entry| entry["actor_email"] == EMAIL);
    let events: Vec<_> = by_ada.map(|entry| entry["event"].as_str().expect("an event")).collect();
    assert_eq!(events, ["delete_user", "change_user", "create_user"]);
}
