//! The audit trail and what it tells of: both, or none.

use std::time::Duration;

use latchkey_tests::{
    call::Call,
    proxy::{Fault, FaultKind},
    world::{OTHER_PASSWORD, PASSWORD, World, text},
};
use serde_json::json;

const ADA: &str = "ada@example.com";

// AU2
#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_can_not_be_written_down_does_not_happen() {
    for what in
        ["logout", "everywhere", "end_session", "change_password", "confirm_email", "reset", "verify_email"]
    {
        let world = World::with(&[("REGISTRATION", "on")]).await;
        world.create_user(ADA).await;
        let login = world.login(ADA, PASSWORD).await;
        let session = text(&world.only("Sessions").await, "session_id");
        let access = login.text("access_token");
        let reset = world.mailed_token(ADA).await;
        world.change_email(access, "new@example.com", PASSWORD).await;
        let confirm = world.token_mailed_to("new@example.com").await;
        world.register("eve@example.com").await;
        let verify = world.token_mailed_to("eve@example.com").await;
        let act = async || match what {
            "logout" | "everywhere" => {
                let body = json!({ "refresh_token": login.text("refresh_token"), "everywhere": what == "everywhere" });
                world.send(Call::post("/auth/logout", body)).await
            }
            "end_session" => world.end_session(access, &session).await,
            "change_password" => world.change_password(access, PASSWORD, OTHER_PASSWORD).await,
            "confirm_email" => world.confirm_email(access, &confirm).await,
            "reset" => world.reset(&reset, OTHER_PASSWORD).await,
            _ => world.verify_email(&verify, PASSWORD).await,
        };
        let rows = async || world.scan("Audit").await.len();
        let (before, entries) = (world.everything().await, rows().await);

        // Whatever would write the entry, in a transaction or alone.
        for action in ["TransactWriteItems", "PutItem"] {
            world.proxy.break_calls(Fault { action, table: "Audit", kind: FaultKind::Broken, times: 3 });
        }
        assert_eq!(act().await.status, 503, "{what}");
        world.proxy.mend();

        let (mut before, mut after) = (before, world.everything().await);
        if what == "change_password" {
            // Its attempt was given back; a row without one is left.
            (before["Lockouts"], after["Lockouts"]) = (json!([]), json!([]));
        }
        assert_eq!(after, before, "{what}");
        assert_eq!(rows().await, entries, "{what}");
        assert!([200, 204].contains(&act().await.status), "{what} can be repeated");
        // With whose the old address was.
        let more = if what == "confirm_email" { 2 } else { 1 };
        assert_eq!(rows().await, entries + more, "{what}");
    }
}

// AU1 RT1
#[tokio::test(flavor = "multi_thread")]
async fn a_theft_that_could_not_be_written_down_is_found_again() {
    let mut world = World::new().await;
    world.create_user(ADA).await;
    let login = world.login(ADA, PASSWORD).await;
    let next = world.refresh(login.text("refresh_token")).await;
    world.pass(Duration::from_secs(60));
    for action in ["TransactWriteItems", "PutItem"] {
        world.proxy.break_calls(Fault { action, table: "Audit", kind: FaultKind::Broken, times: 3 });
    }
    assert_eq!(world.refresh(login.text("refresh_token")).await.status, 503);
    world.proxy.mend();
    assert_eq!(world.refresh(login.text("refresh_token")).await.status, 401);
    assert_eq!(world.audited("refresh_reuse").await.len(), 1);
    assert_eq!(world.refresh(next.text("refresh_token")).await.status, 401);
}

// AU2
#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_can_not_be_written_down_goes_on() {
    let world = World::new().await;
    world.create_user(ADA).await;
    for password in [PASSWORD, OTHER_PASSWORD] {
        world.proxy.break_calls(Fault {
            action: "PutItem",
            table: "Audit",
            kind: FaultKind::Broken,
            times: 3,
        });
        let status = world.login(ADA, password).await.status;
        assert_eq!(status, if password == PASSWORD { 200 } else { 401 });
        world.proxy.mend();
    }
}
