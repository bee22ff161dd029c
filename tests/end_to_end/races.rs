//! Many at once, against many processes.

use std::collections::HashSet;

use futures::future::join_all;
use latchkey_tests::stage::{EMAIL, PASSWORD, Stage};
use serde_json::json;

// LG5
#[tokio::test(flavor = "multi_thread")]
async fn fifty_parallel_wrong_guesses_at_ten_processes_get_five_checks() {
    let stage = Stage::with(&[("LOGIN_LIMIT_PER_ADDRESS", "1000")]).await;
    for round in 0..3 {
        let email = format!("nobody{round}@example.com");
        let answers = join_all((0..50).map(|_| stage.login(&email, "Wrong-Password-1"))).await;
        let count = |status| answers.iter().filter(|answer| answer.status == status).count();
        assert_eq!((count(401), count(403)), (5, 45));
    }
}

// RT2
#[tokio::test(flavor = "multi_thread")]
async fn thirty_two_parallel_refreshes_at_ten_processes_get_one_successor() {
    // No round may outlast it.
    let stage = Stage::with(&[("REFRESH_GRACE_SECONDS", "60")]).await;
    let mut token = stage.login(EMAIL, PASSWORD).await.text("refresh_token").to_owned();
    for _ in 0..5 {
        let body = json!({ "refresh_token": token });
        let answers = join_all((0..32).map(|_| stage.post("/auth/refresh", body.clone()))).await;
        assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
        let successors: HashSet<_> = answers.iter().map(|answer| answer.text("refresh_token")).collect();
        assert_eq!(successors.len(), 1);
        token = answers[0].text("refresh_token").to_owned();
    }
}
