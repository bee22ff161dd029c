//! `GET /auth/sessions` and `DELETE /auth/sessions/{session_id}`.

use std::time::Duration;

use latchkey_tests::{
    call::{Answer, Call},
    proxy::{Fault, FaultKind},
    world::{PASSWORD, World, text},
};
use serde_json::{Value, json};
use shared::domain::Status;

const ADA: &str = "ada@example.com";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0";
const DAY: Duration = Duration::from_secs(86_400);

async fn world_with_user() -> World {
    let world = World::new().await;
    world.create_user(ADA).await;
    world
}

async fn login_as(world: &World, user_agent: &str, address: &str) -> Answer {
    let body = json!({ "email": ADA, "password": PASSWORD });
    world.send(Call::post("/auth/login", body).header("user-agent", user_agent).from(address)).await
}

/// The sessions that the holder of a token sees.
async fn listed(world: &World, login: &Answer) -> Vec<Value> {
    let answer = world.sessions(login.text("access_token")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["sessions"].as_array().expect("a list").clone()
}

fn id(session: &Value) -> &str {
    session["id"].as_str().expect("an id")
}

// RT13
#[tokio::test(flavor = "multi_thread")]
async fn users_see_where_when_and_on_which_device_they_are_logged_in() {
    let mut world = world_with_user().await;
    let first = login_as(&world, FIREFOX, "203.0.113.7").await;
    world.pass(Duration::from_secs(60));
    let second = login_as(&world, "curl/8.14.1", "2001:db8::1").await;
    world.pass(Duration::from_secs(60));
    world.refresh(first.text("refresh_token")).await;

    let sessions = listed(&world, &second).await;

    let ids = [id(&sessions[0]), id(&sessions[1])];
    assert_eq!(
        sessions,
        [
            json!({
                "id": ids[0], "current": true, "device": "curl", "user_agent": "curl/8.14.1",
                "address": "2001:db8::1", "created_at": "2027-01-15T08:01:00Z",
                "last_used_at": "2027-01-15T08:01:00Z", "expires_at": "2027-01-22T08:01:00Z",
            }),
            json!({
                "id": ids[1], "current": false, "device": "Firefox on Linux", "user_agent": FIREFOX,
                "address": "203.0.113.7", "created_at": "2027-01-15T08:00:00Z",
                "last_used_at": "2027-01-15T08:02:00Z", "expires_at": "2027-01-22T08:02:00Z",
            }),
        ]
    );
}

// RT13
#[tokio::test(flavor = "multi_thread")]
async fn each_session_knows_which_one_it_is() {
    let world = world_with_user().await;
    let logins = [world.login(ADA, PASSWORD).await, world.login(ADA, PASSWORD).await];
    let mut current = Vec::new();
    for login in &logins {
        let sessions = listed(&world, login).await;
        assert_eq!(sessions.len(), 2);
        let mine: Vec<_> = sessions.iter().filter(|session| session["current"] == true).collect();
        assert_eq!(mine.len(), 1);
        current.push(id(mine[0]).to_owned());
    }
    assert_ne!(current[0], current[1]);
}

// RT13
#[tokio::test(flavor = "multi_thread")]
async fn a_list_has_no_session_that_is_over_nor_anybody_elses() {
    let mut world = world_with_user().await;
    world.create_user("eve@example.com").await;
    world.login(ADA, PASSWORD).await;
    world.pass(7 * DAY);
    world.login("eve@example.com", PASSWORD).await;
    let now = world.login(ADA, PASSWORD).await;

    let sessions = listed(&world, &now).await;

    assert_eq!(sessions.len(), 1, "neither the expired one nor Eve's: {sessions:?}");
    assert_eq!(sessions[0]["current"], true);
}

/// A login after which the rows of dead sessions are there still.
async fn login_that_sweeps_nothing(world: &World) -> Answer {
    let (action, table) = ("DeleteItem", "Sessions");
    world.proxy.break_calls(Fault { action, table, kind: FaultKind::Broken, times: 3 });
    let login = world.login(ADA, PASSWORD).await;
    world.proxy.mend();
    login
}

// RT13 RT10
#[tokio::test(flavor = "multi_thread")]
async fn a_list_has_no_session_that_ended_with_all_others() {
    let world = world_with_user().await;
    world.login(ADA, PASSWORD).await;
    let token = world.login(ADA, PASSWORD).await.text("refresh_token").to_owned();
    let body = json!({ "refresh_token": token, "everywhere": true });
    assert_eq!(world.send(Call::post("/auth/logout", body)).await.status, 204);
    let now = login_that_sweeps_nothing(&world).await;
    assert_eq!(world.scan("Sessions").await.len(), 2, "the row of the first is there still");
    assert_eq!(listed(&world, &now).await.len(), 1);
}

// RT13 RT4
#[tokio::test(flavor = "multi_thread")]
async fn a_list_has_no_session_beyond_the_absolute_limit_however_fresh_it_is() {
    let mut world = world_with_user().await;
    let mut token = world.login(ADA, PASSWORD).await.text("refresh_token").to_owned();
    for _ in 0..5 {
        world.pass(6 * DAY - Duration::from_secs(1));
        token = world.refresh(&token).await.text("refresh_token").to_owned();
    }
    world.pass(Duration::from_secs(5));
    let now = login_that_sweeps_nothing(&world).await;
    assert_eq!(world.scan("Sessions").await.len(), 2);
    assert_eq!(listed(&world, &now).await.len(), 1);
}

// RT13
#[tokio::test(flavor = "multi_thread")]
async fn a_login_sweeps_the_rows_of_sessions_that_are_over() {
    let mut world = world_with_user().await;
    world.login(ADA, PASSWORD).await;
    world.pass(7 * DAY);
    world.login(ADA, PASSWORD).await;
    assert_eq!(world.scan("Sessions").await.len(), 1);
}

// RT13
#[tokio::test(flavor = "multi_thread")]
async fn an_ended_session_is_dead_at_once_and_the_others_go_on() {
    let world = world_with_user().await;
    let lost = login_as(&world, FIREFOX, "198.51.100.9").await;
    let mine = world.login(ADA, PASSWORD).await;
    let sessions = listed(&world, &mine).await;
    let ended = sessions.iter().find(|session| session["current"] == false).expect("the lost one");

    let answer = world.end_session(mine.text("access_token"), id(ended)).await;

    assert_eq!((answer.status, &answer.body), (204, &Value::Null));
    assert_eq!(world.refresh(lost.text("refresh_token")).await.status, 401);
    assert_eq!(world.refresh(mine.text("refresh_token")).await.status, 200);
    assert_eq!(listed(&world, &mine).await.len(), 1);
}

// RT13
#[tokio::test(flavor = "multi_thread")]
async fn ending_a_session_is_idempotent_and_written_down_once() {
    let world = world_with_user().await;
    let mine = world.login(ADA, PASSWORD).await;
    let own = text(&world.only("Sessions").await, "session_id");
    for _ in 0..2 {
        assert_eq!(world.end_session(mine.text("access_token"), &own).await.status, 204);
    }
    let unknown = shared::domain::SessionId::generate().to_string();
    assert_eq!(world.end_session(mine.text("access_token"), &unknown).await.status, 204);
    let entries = world.audited("end_session").await;
    assert_eq!(entries.len(), 1);
    assert_eq!(text(&entries[0], "session_id"), own);
}

// RT13
#[tokio::test(flavor = "multi_thread")]
async fn nobody_ends_anybody_elses_session() {
    let world = world_with_user().await;
    world.create_user("eve@example.com").await;
    let adas = world.login(ADA, PASSWORD).await;
    let session = text(&world.only("Sessions").await, "session_id");
    let eve = world.login("eve@example.com", PASSWORD).await;

    assert_eq!(world.end_session(eve.text("access_token"), &session).await.status, 204);

    assert_eq!(world.refresh(adas.text("refresh_token")).await.status, 200);
    assert!(world.audited("end_session").await.is_empty());
}

// RT13 OP1
#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_session_id_is_told_so() {
    let world = world_with_user().await;
    let login = world.login(ADA, PASSWORD).await;
    let own = text(&world.only("Sessions").await, "session_id");
    for bad in ["7", &own.to_uppercase(), &own.replace('-', ""), "%2e%2e", "__Host-x"] {
        let answer = world.end_session(login.text("access_token"), bad).await;
        assert_eq!((answer.status, &answer.body["errors"][0]["field"]), (422, &json!("session_id")), "{bad}");
    }
    assert_eq!(world.scan("Sessions").await.len(), 1);
}

// AT8
#[tokio::test(flavor = "multi_thread")]
async fn both_routes_are_guarded() {
    let world = world_with_user().await;
    let user = world.create_user("eve@example.com").await;
    let eve = world.login("eve@example.com", PASSWORD).await;
    let session = text(&world.only("Sessions").await, "session_id");
    let (list, end) =
        (Call::get("/auth/sessions"), Call::raw("DELETE", &format!("/auth/sessions/{session}")));
    for call in [list, end] {
        assert_eq!(world.send(call.clone()).await.refusal(), (401, "Not authenticated"));
        assert_eq!(world.send(call.clone().bearer(eve.text("refresh_token"))).await.status, 401);
    }
    world.set_status(user.id, Status::Inactive).await;
    assert_eq!(world.sessions(eve.text("access_token")).await.refusal(), (403, "User account is inactive"));
}

// OP6
#[tokio::test(flavor = "multi_thread")]
async fn without_a_table_nothing_is_listed_and_an_end_can_be_repeated() {
    let world = World::with_real_timeouts().await;
    world.create_user(ADA).await;
    let login = world.login(ADA, PASSWORD).await;
    let session = text(&world.only("Sessions").await, "session_id");
    let kind = FaultKind::Broken;
    world.proxy.break_calls(Fault { action: "Query", table: "Sessions", kind, times: 3 });
    assert_eq!(world.sessions(login.text("access_token")).await.status, 503);
    for action in ["DeleteItem", "TransactWriteItems"] {
        world.proxy.break_calls(Fault { action, table: "Sessions", kind, times: 3 });
    }
    assert_eq!(world.end_session(login.text("access_token"), &session).await.status, 503);
    assert_eq!(world.scan("Sessions").await.len(), 1);
    world.proxy.mend();
    assert_eq!(world.end_session(login.text("access_token"), &session).await.status, 204);
}
