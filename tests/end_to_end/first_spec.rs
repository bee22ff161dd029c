//! The three tests of the first specification, by their names.

use latchkey_tests::stage::{EMAIL, PASSWORD, Stage};

// RT8
#[tokio::test(flavor = "multi_thread")]
async fn test_login() {
    let stage = Stage::start().await;
    let answer = stage.login(EMAIL, PASSWORD).await;
    assert_eq!(answer.status, 200);
    assert!(!answer.text("access_token").is_empty() && !answer.text("refresh_token").is_empty());
    assert_eq!((answer.text("token_type"), answer.body["user"]["email"].as_str()), ("bearer", Some(EMAIL)));
}

// LG1
#[tokio::test(flavor = "multi_thread")]
async fn test_wrong_password() {
    let stage = Stage::start().await;
    let answer = stage.login(EMAIL, "Wrong-Password-1").await;
    assert_eq!(answer.refusal(), (401, "Incorrect email or password"));
}

// LG3
#[tokio::test(flavor = "multi_thread")]
async fn test_lockout() {
    let stage = Stage::start().await;
    for _ in 0..5 {
        assert_eq!(stage.login(EMAIL, "Wrong-Password-1").await.status, 401);
    }
    let answer = stage.login(EMAIL, PASSWORD).await;
    assert_eq!(answer.refusal(), (403, "Account locked. Try again later."));
}
