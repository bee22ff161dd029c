//! The refresh cookie in a browser that also shows other people's pages.

use latchkey_tests::{
    call::Call,
    world::{ORIGIN, PASSWORD, World},
};
use serde_json::json;

async fn world_with_cookie() -> (World, String) {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    let token = world.login("ada@example.com", PASSWORD).await.text("refresh_token").to_owned();
    (world, format!("__Host-refresh_token={token}"))
}

// RT7
#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_a_foreign_origin_can_not_use_the_cookie() {
    let (world, cookie) = world_with_cookie().await;
    let call = || Call::post("/auth/refresh", json!({})).cookie(&cookie);
    for foreign in [
        call().header("origin", "https://evil.example"),
        call().header("origin", "null"),
        call().header("origin", "https://app.example.com.evil.example"),
        call().header("origin", "http://app.example.com"),
        call().header("origin", "https://APP.example.com"),
        call().header("origin", "https://app.example.com:8443"),
        call().header("origin", "https://app.example.com/"),
        call().header("origin", ""),
        call().header("origin", "https://evil.example").header("sec-fetch-site", "same-origin"),
        call().header("sec-fetch-site", "cross-site"),
        call().header("sec-fetch-site", "same-site"),
        call().header("sec-fetch-mode", "navigate"),
        call().header("referer", "https://evil.example/page"),
    ] {
        let answer = world.send(foreign).await;
        assert_eq!(answer.status, 403, "{answer:?}");
        assert_eq!(answer.header("set-cookie"), None);
    }
    assert_eq!(world.send(call().header("origin", ORIGIN)).await.status, 200, "the session is untouched");
}

// RT7
#[tokio::test(flavor = "multi_thread")]
async fn the_front_end_the_same_origin_and_what_is_no_browser_can_use_it() {
    for headers in [
        vec![("origin", ORIGIN)],
        vec![("origin", ORIGIN), ("sec-fetch-site", "same-site")],
        vec![("sec-fetch-site", "same-origin")],
        vec![("sec-fetch-site", "none")],
        vec![],
    ] {
        let (world, cookie) = world_with_cookie().await;
        let call = Call::post("/auth/refresh", json!({})).cookie(&cookie);
        let call = headers.iter().fold(call, |call, (name, value)| call.header(name, value));
        assert_eq!(world.send(call).await.status, 200, "{headers:?}");
    }
}

// RT7
#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_page_can_log_nobody_out() {
    let (world, cookie) = world_with_cookie().await;
    let call = Call::raw("POST", "/auth/logout").cookie(&cookie).header("origin", "https://evil.example");
    assert_eq!(world.send(call).await.status, 403);
    assert_eq!(world.scan("Sessions").await.len(), 1);
}

// RT7
#[tokio::test(flavor = "multi_thread")]
async fn a_form_can_not_send_what_we_read() {
    let (world, cookie) = world_with_cookie().await;
    for media_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
        let form =
            Call::raw("POST", "/auth/refresh").header("content-type", media_type).body("{}").cookie(&cookie);
        assert_eq!(world.send(form.header("origin", ORIGIN)).await.status, 415, "{media_type}");
    }
}

// RT6
#[tokio::test(flavor = "multi_thread")]
async fn two_refresh_cookies_are_none() {
    let (world, cookie) = world_with_cookie().await;
    let call = Call::post("/auth/refresh", json!({})).cookie(&cookie).cookie("__Host-refresh_token=other");
    assert_eq!(world.send(call).await.refusal(), (401, "Invalid refresh token"));
}
