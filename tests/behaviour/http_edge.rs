//! What every route does with what comes in, and what every answer carries.

use latchkey_tests::{
    call::Call,
    world::{PASSWORD, World},
};
use serde_json::{Value, json};
use shared::{
    error::{Error, Result},
    http::{self, Caller, NoFields, Reply},
};

const ROUTES: [(&str, &str); 6] = [
    ("POST", "/auth/login"),
    ("POST", "/auth/refresh"),
    ("POST", "/auth/logout"),
    ("POST", "/auth/forgot-password"),
    ("POST", "/auth/reset-password"),
    ("GET", "/users/me"),
];

fn posts() -> impl Iterator<Item = &'static str> {
    ROUTES.into_iter().filter(|(method, _)| *method == "POST").map(|(_, path)| path)
}

fn json_body(path: &str, text: &str) -> Call {
    Call::raw("POST", path).header("content-type", "application/json").body(text)
}

// OP1
#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_no_json_object_is_a_400_that_says_where() {
    let world = World::new().await;
    for path in posts() {
        for text in [
            "{",
            "nonsense",
            "{\"email\": }",
            "[]",
            "\"text\"",
            "null",
            "7",
            "{} {}",
            "\u{0}",
            "{'email': 1}",
        ] {
            let answer = world.send(json_body(path, text)).await;
            assert_eq!(answer.status, 400, "{path} {text}");
            assert!(answer.text("detail").starts_with("Malformed JSON: "), "{path} {text}: {answer:?}");
        }
    }
}

// OP1
#[tokio::test(flavor = "multi_thread")]
async fn another_method_is_a_405_that_names_the_right_one() {
    let world = World::new().await;
    for (right, path) in ROUTES {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"] {
            if method != right {
                let answer = world.send(Call::raw(method, path)).await;
                assert_eq!(
                    answer.refusal(),
                    (405, format!("Method not allowed. Use {right}.").as_str()),
                    "{path}"
                );
                assert_eq!(answer.header("allow"), Some(format!("{right}, OPTIONS").as_str()));
            }
        }
        assert_eq!(world.send(Call::raw("OPTIONS", path)).await.status, 204);
    }
}

// OP1
#[tokio::test(flavor = "multi_thread")]
async fn a_body_over_16_kb_is_a_413() {
    let world = World::new().await;
    for path in posts() {
        let text = json!({ "email": "a".repeat(16 * 1024) }).to_string();
        assert_eq!(world.send(json_body(path, &text)).await.status, 413, "{path}");
    }
}

// OP1 RT7
#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_another_media_type_is_a_415() {
    let world = World::new().await;
    for path in posts() {
        for media_type in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "application/jsonp",
            "",
        ] {
            let call = json_body(path, "{}").header("content-type", media_type);
            assert_eq!(world.send(call).await.status, 415, "{path} {media_type}");
        }
        assert_eq!(
            world.send(json_body(path, "{}").without_header("content-type")).await.status,
            415,
            "{path}"
        );
        let with_charset = json_body(path, "{}").header("content-type", "Application/JSON; charset=utf-8");
        assert_ne!(world.send(with_charset).await.status, 415, "{path}");
    }
}

// OP1
#[tokio::test(flavor = "multi_thread")]
async fn all_field_errors_are_told_at_once_by_name_and_no_value_is_echoed() {
    let world = World::new().await;
    let body = json!({ "email": "hunter2-hunter2", "password": 123_456_789, "delivery": "pigeon" });
    let answer = world.send(Call::post("/auth/login", body)).await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    assert_eq!(
        answer.body,
        json!({
            "type": "about:blank",
            "title": "Unprocessable Entity",
            "status": 422,
            "detail": "email must be an e-mail address such as ada@example.com; password must be a string; \
                       delivery must be one of body, cookie",
            "errors": [
                { "field": "email", "message": "must be an e-mail address such as ada@example.com" },
                { "field": "password", "message": "must be a string" },
                { "field": "delivery", "message": "must be one of body, cookie" },
            ],
        })
    );
    let missing = world.send(Call::post("/auth/login", json!({}))).await;
    assert_eq!(missing.refusal(), (422, "email is required; password is required"));
}

// OP2
#[tokio::test(flavor = "multi_thread")]
async fn unknown_fields_are_refused_by_name() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    for (path, mut body) in [
        ("/auth/login", json!({ "email": "ada@example.com", "password": PASSWORD })),
        ("/auth/refresh", json!({ "refresh_token": "x" })),
        ("/auth/logout", json!({ "everywhere": true })),
        ("/auth/forgot-password", json!({ "email": "ada@example.com" })),
        ("/auth/reset-password", json!({ "token": "x", "new_password": PASSWORD })),
    ] {
        body["role"] = json!("admin");
        let answer = world.send(Call::post(path, body)).await;
        assert_eq!(answer.refusal(), (422, "role is not a field of this request"), "{path}");
    }
}

// OP1
#[tokio::test(flavor = "multi_thread")]
async fn odd_values_in_every_field_are_the_clients_fault_and_never_ours() {
    let world = World::new().await;
    let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
    let odd = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1.5e300),
        json!([]),
        json!({}),
        json!(""),
        json!(" "),
        json!("\0"),
        json!("\r\nSet-Cookie: a=b"),
        json!("🦀".repeat(100)),
        json!("a".repeat(15_000)),
        json!("{{7*7}}"),
        json!("' OR 1=1 --"),
        json!("\u{feff}"),
        json!("\u{202e}"),
        json!([[[[[]]]]]),
        json!({ "$ne": "" }),
    ];
    for path in posts() {
        for field in ["email", "password", "delivery", "refresh_token", "everywhere", "token", "new_password"]
        {
            for value in &odd {
                let answer = world.send(Call::post(path, json!({ field: value }))).await;
                assert!(answer.status < 500, "{path} {field} {value}: {answer:?}");
            }
        }
        assert!(world.send(json_body(path, &deep)).await.status == 400);
        assert!(world.send(json_body(path, &format!("{{\"email\":{deep}}}"))).await.status == 400);
    }
}

// LG9
#[tokio::test(flavor = "multi_thread")]
async fn an_email_with_control_characters_is_refused() {
    let world = World::new().await;
    for email in [
        "ada@example.com\r\nBcc: eve@example.com",
        "ada\0@example.com",
        "ada@exa\tmple.com",
        "ada\u{7f}@example.com",
    ] {
        let answer = world.forgot(email).await;
        assert_eq!(answer.status, 422, "{email:?}");
        assert!(!answer.body.to_string().contains("Bcc"));
    }
}

// OP3
#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_same_security_headers() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    let mut answers = vec![
        world.login("ada@example.com", PASSWORD).await,
        world.login("ada@example.com", "wrong").await,
        world.send(Call::raw("OPTIONS", "/auth/login")).await,
        world.send(Call::post("/auth/logout", json!({}))).await,
        world.send(Call::get("/users/me")).await,
        world.send(Call::raw("PUT", "/users/me")).await,
    ];
    for path in posts() {
        answers.push(world.send(json_body(path, "{")).await);
    }
    for answer in answers {
        for (name, value) in [
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("strict-transport-security", "max-age=63072000; includeSubDomains"),
            ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
            ("referrer-policy", "no-referrer"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{name} of {answer:?}");
        }
        let is_json = answer.header("content-type").is_some_and(|t| t.ends_with("json"));
        assert_eq!(is_json, answer.body != Value::Null, "{answer:?}");
    }
}

// OP8
#[tokio::test(flavor = "multi_thread")]
async fn a_panic_is_a_generic_500_and_the_next_request_is_served() {
    async fn panics(_: &shared::app::KeylessApp, _: NoFields, _: Caller) -> Result<Reply> {
        panic!("the secret is in here")
    }
    let world = World::new().await;
    let request = lambda_http::Request::default();
    let Ok(response) = http::Call::new(request, world.now).answer(&world.keyless, panics).await;
    let body: Value = serde_json::from_slice(response.body().as_ref()).expect("JSON");
    assert_eq!((response.status().as_u16(), &body["detail"]), (500, &json!("Internal server error")));
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert_eq!(world.forgot("ada@example.com").await.status, 200);
}

// OP1
#[tokio::test(flavor = "multi_thread")]
async fn an_internal_cause_stays_internal() {
    async fn fails(_: &shared::app::KeylessApp, _: NoFields, _: Caller) -> Result<Reply> {
        Err(Error::Internal("table latchkey-Users at 10.0.0.7".to_owned()))
    }
    let world = World::new().await;
    let request = lambda_http::Request::default();
    let Ok(response) = http::Call::new(request, world.now).answer(&world.keyless, fails).await;
    let body = String::from_utf8_lossy(response.body().as_ref()).into_owned();
    assert!(response.status() == 500 && !body.contains("latchkey-Users"), "{body}");
}
