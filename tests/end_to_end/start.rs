//! What a function does with settings that are wrong.

use latchkey_tests::stage::{EMAIL, PASSWORD, Stage};

// AT5
#[tokio::test(flavor = "multi_thread")]
async fn a_bad_setting_stops_the_function_at_start_and_its_log_says_which_and_why() {
    for (name, value, message) in [
        ("SECRET_KEY", "short", "SECRET_KEY has 5 bytes; it must have at least 32"),
        ("LOCKOUT_ATTEMPTS", "none", "LOCKOUT_ATTEMPTS is \"none\"; it must be a whole number from 1 to 50"),
        ("ALGORITHM", "none", "ALGORITHM is \"none\"; it must be one of HS256"),
    ] {
        let stage = Stage::with(&[(name, value)]).await;
        assert_eq!(stage.login(EMAIL, PASSWORD).await.status, 502);
        let log = stage.log().join("\n").replace("\\\"", "\"");
        assert!(log.contains(message), "{message} is not in {log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_in_the_environment_win_over_the_templates() {
    let stage = Stage::with(&[("LOCKOUT_ATTEMPTS", "1"), ("ACCESS_TOKEN_EXPIRE_MINUTES", "7")]).await;
    assert_eq!(stage.login(EMAIL, PASSWORD).await.body["expires_in"], 420);
    assert_eq!(stage.login("eve@example.com", PASSWORD).await.status, 401);
    assert_eq!(stage.login("eve@example.com", PASSWORD).await.status, 403);
}
