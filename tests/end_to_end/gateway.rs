//! What stands between a browser and the functions.

use latchkey_tests::stage::{EMAIL, PASSWORD, Stage};
use reqwest::Method;
use serde_json::json;

// OP4
#[tokio::test(flavor = "multi_thread")]
async fn only_listed_origins_may_read_answers_and_never_a_star() {
    let stage = Stage::with(&[("ALLOWED_ORIGINS", "https://app.example.com")]).await;
    let preflight = async |origin: &str| {
        let headers = [
            ("origin", origin),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "content-type"),
        ];
        stage.send(Method::OPTIONS, "/auth/login", &headers, "").await
    };
    let allowed = preflight("https://app.example.com").await;
    assert_eq!(allowed.header("access-control-allow-origin"), Some("https://app.example.com"));
    assert_eq!(allowed.header("access-control-allow-credentials"), Some("true"));
    for origin in
        ["https://evil.example", "null", "https://app.example.com.evil.example", "http://app.example.com"]
    {
        assert_eq!(preflight(origin).await.header("access-control-allow-origin"), None, "{origin}");
        let answer = stage.send(Method::GET, "/users/me", &[("origin", origin)], "").await;
        assert_eq!(answer.header("access-control-allow-origin"), None, "{origin}");
    }
}

// LG8
#[tokio::test(flavor = "multi_thread")]
async fn the_address_that_limits_is_the_connections_and_no_headers() {
    let stage =
        Stage::with(&[("LOGIN_LIMIT_PER_ADDRESS", "2"), ("RATE_LIMIT_WINDOW_SECONDS", "86400")]).await;
    let body = || json!({ "email": EMAIL, "password": PASSWORD });
    for status in [200, 200, 429, 429] {
        assert_eq!(stage.post("/auth/login", body()).await.status, status);
    }
    let headers = [("content-type", "application/json"), ("x-forwarded-for", "198.51.100.9")];
    let forwarded = stage.send(Method::POST, "/auth/login", &headers, &body().to_string()).await;
    assert_eq!(forwarded.status, 429);
    assert_eq!(stage.post_from([127, 0, 0, 2], "/auth/login", body()).await.status, 200);
}

// OP1 OP3
#[tokio::test(flavor = "multi_thread")]
async fn bad_requests_get_a_problem_that_says_what_to_change() {
    let stage = Stage::start().await;
    let json_type = [("content-type", "application/json")];
    for (method, headers, body, status, detail) in [
        (
            Method::POST,
            &json_type[..],
            "{",
            400,
            "Malformed JSON: EOF while parsing an object at line 1 column 1",
        ),
        (Method::POST, &json_type[..], "{}", 422, "email is required; password is required"),
        (Method::POST, &[][..], "{}", 415, "Send the body as JSON, with Content-Type: application/json."),
        (Method::GET, &[][..], "", 405, "Method not allowed. Use POST."),
    ] {
        let answer = stage.send(method, "/auth/login", headers, body).await;
        assert_eq!(answer.refusal(), (status, detail));
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
    assert_eq!(stage.send(Method::GET, "/nowhere", &[], "").await.status, 404);
}

// OP1 OP8
#[tokio::test(flavor = "multi_thread")]
async fn no_header_and_no_query_makes_a_function_fail() {
    let stage = Stage::start().await;
    for (path, header) in [
        ("/users/me", ("x-forwarded-proto", "https,evil")),
        ("/users/me", ("x-forwarded-proto", "1")),
        ("/users/me?a=%zz&{}|^`", ("x-forwarded-host", "a b")),
        ("/users/me?a[]=1&a[]=2&=", ("cookie", ";;; =; __Host-refresh_token")),
        ("/users/me", ("x-amzn-trace-id", "nonsense")),
    ] {
        let answer = stage.send(Method::GET, path, &[header], "").await;
        let status = if path.contains('?') { 422 } else { 401 };
        assert_eq!(answer.status, status, "{path} {header:?}: {answer:?}");
    }
}
