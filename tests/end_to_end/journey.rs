//! What a person does, from the first login to the one after a reset.

use latchkey_tests::stage::{EMAIL, PASSWORD, Stage};
use reqwest::Method;
use serde_json::{Value, json};

const NEW_PASSWORD: &str = "Tundra-Violin-47";

// RS4 RS8 RS10 RT10
#[tokio::test(flavor = "multi_thread")]
async fn log_in_refresh_forget_read_the_mail_reset_and_log_in_again() {
    let stage = Stage::start().await;
    let login = stage.login(EMAIL, PASSWORD).await;
    assert_eq!(stage.me(login.text("access_token")).await.text("email"), EMAIL);

    let body = json!({ "refresh_token": login.text("refresh_token") });
    let refreshed = stage.post("/auth/refresh", body).await;
    assert_eq!(refreshed.status, 200);

    let asked = stage.post("/auth/forgot-password", json!({ "email": EMAIL })).await;
    assert_eq!(asked.text("message"), "If the email exists, a reset link has been sent");
    let inbox = stage.wait_for("/inbox.json", |mails| mails[0].is_object()).await;
    let text = inbox[0]["text"].as_str().expect("a text");
    let token = text.split_once("#token=").expect("a link").1.split_whitespace().next().expect("a token");

    let body = json!({ "token": token, "new_password": NEW_PASSWORD });
    let reset = stage.post("/auth/reset-password", body).await;
    assert_eq!((reset.status, reset.text("message")), (200, "Password reset successful"));

    let body = json!({ "refresh_token": refreshed.text("refresh_token") });
    assert_eq!(stage.post("/auth/refresh", body).await.status, 401);
    assert_eq!(stage.me(refreshed.text("access_token")).await.status, 401);
    assert_eq!(stage.login(EMAIL, PASSWORD).await.status, 401);
    assert_eq!(stage.login(EMAIL, NEW_PASSWORD).await.status, 200);
    // A notice of the new sign-in may come before it.
    let is_notice = |mail: &Value| mail["subject"] == "Your Latchkey password was changed";
    let is_told = |mails: &Value| mails.as_array().is_some_and(|mails| mails.iter().any(is_notice));
    stage.wait_for("/inbox.json", is_told).await;
}

// RT1 RT6 RT7 RT9
#[tokio::test(flavor = "multi_thread")]
async fn a_browser_page_logs_in_refreshes_and_logs_out_with_the_cookie() {
    let origin = "https://app.example.com";
    let stage = Stage::with(&[("ALLOWED_ORIGINS", origin)]).await;
    let json_type = ("content-type", "application/json");
    let body = json!({ "email": EMAIL, "password": PASSWORD, "delivery": "cookie" }).to_string();
    let login = stage.send(Method::POST, "/auth/login", &[json_type, ("origin", origin)], &body).await;
    assert!(login.status == 200 && login.body["refresh_token"].is_null(), "{login:?}");

    let cookie = format!("theme=dark; __Host-refresh_token={}", login.refresh_cookie().expect("a cookie"));
    let foreign = [("cookie", cookie.as_str()), ("origin", "https://evil.example")];
    assert_eq!(stage.send(Method::POST, "/auth/refresh", &foreign, "").await.status, 403);
    let own = [("cookie", cookie.as_str()), ("origin", origin)];
    let refreshed = stage.send(Method::POST, "/auth/refresh", &own, "").await;
    assert_eq!(refreshed.status, 200, "{refreshed:?}");

    let cookie = format!("__Host-refresh_token={}", refreshed.refresh_cookie().expect("a cookie"));
    let own = [("cookie", cookie.as_str()), ("origin", origin)];
    let logout = stage.send(Method::POST, "/auth/logout", &own, "").await;
    assert_eq!((logout.status, logout.refresh_cookie()), (204, Some("")));
    assert_eq!(stage.send(Method::POST, "/auth/refresh", &own, "").await.status, 401);
}
