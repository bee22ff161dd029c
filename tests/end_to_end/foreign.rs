//! Software that is not ours verifies our access tokens, from the issuer's URL alone: `jose` in Node.js, PyJWT in Python.
//! `cargo xtask test` installs both (tests/foreign) and runs what is ignored here.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use latchkey_tests::{
    keys::kid,
    stage::{EMAIL, PASSWORD, Stage, binary},
};
use serde_json::{Value, json};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("foreign")
}

/// The verifiers, each as a command.
fn verifiers() -> [(PathBuf, PathBuf); 2] {
    let python = binary("latchkey").ancestors().nth(2).expect("target").join("foreign/bin/python");
    [("node".into(), folder().join("verify.mjs")), (python, folder().join("verify.py"))]
}

/// What a verifier read, or that it refused.
fn verify((program, script): &(PathBuf, PathBuf), token: &str, expected: [&str; 3]) -> Option<Value> {
    let mut process = Command::new(program)
        .arg(script)
        .args(expected)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
    process.stdin.take().expect("piped").write_all(token.as_bytes()).expect("it reads");
    let output = process.wait_with_output().expect("it ends");
    output.status.success().then(|| serde_json::from_slice(&output.stdout).expect("JSON"))
}

/// The same token with one other byte in its claims.
fn tampered(token: &str) -> String {
    let parts: Vec<_> = token.split('.').collect();
    let middle = parts[1].len() / 2;
    let other = if parts[1].as_bytes()[middle] == b'A' { "B" } else { "A" };
    format!("{}.{}{other}{}.{}", parts[0], &parts[1][..middle], &parts[1][middle + 1..], parts[2])
}

// KY3 AT1
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs jose and PyJWT, which `cargo xtask test` installs"]
async fn jose_and_pyjwt_verify_our_tokens_of_every_algorithm_and_refuse_all_others() {
    for algorithm in ["ES256", "RS256", "EdDSA"] {
        let stage = Stage::with(&[("ALGORITHM", algorithm)]).await;
        let issuer = stage.api.trim_end_matches("/api/v1").to_owned();
        let pair = stage.login(EMAIL, PASSWORD).await;
        let (access, refresh) = (pair.text("access_token"), pair.text("refresh_token"));
        let other = Stage::with(&[("ALGORITHM", algorithm), ("TOKEN_ISSUER", &issuer)]).await;
        let foreign = other.login(EMAIL, PASSWORD).await.text("access_token").to_owned();
        for verifier in verifiers() {
            let name = format!("{algorithm} {}", verifier.1.display());
            let as_ours = [issuer.as_str(), "latchkey", algorithm];
            let read = verify(&verifier, access, as_ours).unwrap_or_else(|| panic!("{name} refuses"));
            assert_eq!(read["header"]["kid"], json!(kid(access)), "{name}");
            assert_eq!(read["claims"]["sub"], pair.body["user"]["id"], "{name}");
            assert_eq!(
                (&read["claims"]["role"], &read["claims"]["scope"]),
                (&json!("admin"), &json!("admin"))
            );

            assert_eq!(verify(&verifier, &tampered(access), as_ours), None, "{name}: tampered");
            assert_eq!(verify(&verifier, refresh, as_ours), None, "{name}: a refresh token");
            assert_eq!(verify(&verifier, &foreign, as_ours), None, "{name}: of a key of somebody else");
            assert_eq!(verify(&verifier, access, [&issuer, "other", algorithm]), None, "{name}: audience");
        }
    }
}
