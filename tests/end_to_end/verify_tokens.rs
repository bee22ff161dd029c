//! docs/verify-tokens: what we tell services to verify tokens with.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use jsonwebtoken::Algorithm;
use latchkey_tests::stage::{EMAIL, PASSWORD, Stage, binary};
use serde_json::Value;
use verify::{Error, Verifier};

#[path = "../../docs/verify-tokens/verify.rs"]
mod verify;

fn root(stage: &Stage) -> &str {
    stage.api.trim_end_matches("/api/v1")
}

fn verifier(stage: &Stage, audience: &str, algorithm: Algorithm) -> Verifier {
    let issuer = root(stage);
    Verifier::new(&format!("{issuer}/.well-known/jwks.json"), issuer, audience, algorithm)
}

/// The programs of the documents, each as a command.
fn programs() -> [(PathBuf, PathBuf); 2] {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = binary("latchkey").ancestors().nth(2).expect("target").join("foreign/bin/python");
    [
        ("node".into(), tests.join("foreign/dist/verify.js")),
        (python, tests.join("../docs/verify-tokens/verify.py")),
    ]
}

/// What a program reads in a token, or its exit code: 1 for a refusal, 2 if there are no keys.
fn read(
    (program, script): &(PathBuf, PathBuf),
    token: &str,
    settings: &[(&str, &str)],
) -> Result<Value, Option<i32>> {
    let mut command = Command::new(program);
    let command = command.arg(script).envs(settings.iter().copied());
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut process = command.spawn().unwrap_or_else(|error| panic!("{}: {error}", program.display()));
    process.stdin.take().expect("piped").write_all(token.as_bytes()).expect("it reads");
    let output = process.wait_with_output().expect("it ends");
    let claims = serde_json::from_slice(&output.stdout);
    if output.status.success() { Ok(claims.expect("JSON")) } else { Err(output.status.code()) }
}

/// What a verifier of the right settings must refuse, whatever it is written in.
fn not_ours(access: &str, refresh: &str) -> Vec<String> {
    let (start, signature) = access.rsplit_once('.').expect("a signature");
    let reversed = format!("{start}.{}", signature.chars().rev().collect::<String>());
    let cut = &access[..access.len() - 1];
    ["", "a.b.c", refresh, &reversed, cut].map(str::to_owned).into()
}

// AT1 AT2 AT3
#[tokio::test(flavor = "multi_thread")]
async fn the_rust_of_the_documents_takes_our_access_tokens_and_no_others() {
    for (name, algorithm, other) in [
        ("ES256", Algorithm::ES256, Algorithm::RS256),
        ("RS256", Algorithm::RS256, Algorithm::ES256),
        ("EdDSA", Algorithm::EdDSA, Algorithm::ES256),
    ] {
        let stage = Stage::with(&[("ALGORITHM", name)]).await;
        let login = stage.login(EMAIL, PASSWORD).await;
        let token = login.text("access_token");
        let ours = verifier(&stage, "latchkey", algorithm);
        let claims = ours.verify(token).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(login.body["user"]["id"], claims.sub);
        assert_eq!(claims.role, "admin");
        assert!(!claims.sid.is_empty());

        for bad in not_ours(token, login.text("refresh_token")) {
            assert!(matches!(ours.verify(&bad).await, Err(Error::Refused(_))), "{name}: {bad}");
        }
        for other in [verifier(&stage, "another", algorithm), verifier(&stage, "latchkey", other)] {
            assert!(matches!(other.verify(token).await, Err(Error::Refused(_))), "{name}");
        }
    }
}

// AT1 AT2 AT3
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs jose and PyJWT, which `cargo xtask test` installs"]
async fn the_typescript_and_the_python_of_the_documents_take_our_access_tokens_and_no_others() {
    for (algorithm, other) in [("ES256", "RS256"), ("RS256", "ES256"), ("EdDSA", "ES256")] {
        let stage = Stage::with(&[("ALGORITHM", algorithm)]).await;
        let login = stage.login(EMAIL, PASSWORD).await;
        let token = login.text("access_token");
        let (issuer, ours) = (("TOKEN_ISSUER", root(&stage)), ("ALGORITHM", algorithm));
        for program in programs() {
            let name = format!("{algorithm} {}", program.1.display());
            let claims =
                read(&program, token, &[issuer, ours]).unwrap_or_else(|code| panic!("{name}: {code:?}"));
            assert_eq!((&claims["sub"], &claims["role"]), (&login.body["user"]["id"], &Value::from("admin")));
            for bad in not_ours(token, login.text("refresh_token")) {
                assert_eq!(read(&program, &bad, &[issuer, ours]), Err(Some(1)), "{name}: {bad}");
            }
            for (settings, code) in [
                ([issuer, ours, ("TOKEN_AUDIENCE", "another")], 1),
                ([issuer, ours, ("ALGORITHM", other)], 1),
                ([issuer, ours, ("JWKS_URL", "http://127.0.0.1:9/jwks.json")], 2),
                ([issuer, ours, ("JWKS_URL", &format!("{}/nowhere.json", issuer.1))], 2),
            ] {
                assert_eq!(read(&program, token, &settings), Err(Some(code)), "{name}: {settings:?}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_can_not_be_fetched_say_nothing_about_a_token() {
    let stage = Stage::start().await;
    let token = stage.login(EMAIL, PASSWORD).await.text("access_token").to_owned();
    let elsewhere = format!("{}/nowhere.json", root(&stage));
    for url in ["http://127.0.0.1:9/jwks.json", &elsewhere] {
        let verifier = Verifier::new(url, root(&stage), "latchkey", Algorithm::ES256);
        assert!(matches!(verifier.verify(&token).await, Err(Error::Unavailable(_))), "{url}");
    }
}
