//! A route of somebody's own behind the real authorizer, as its clients meet it.

use std::{
    io::Write,
    process::{Command, Stdio},
    sync::Arc,
};

use latchkey_local::{
    function::Function,
    instance::{Failure, Launch},
};
use latchkey_tests::{
    gateways::Form,
    stage::{EMAIL, PASSWORD, Stage, binary},
    world::template,
};
use serde_json::{Value, json};
use tokio::sync::watch;

fn latchkey(stage: &Stage, arguments: &[&str], input: &str) {
    let mut command = Command::new(binary("latchkey"));
    let command = command.args(arguments).args(["--endpoint-url", &stage.dynamodb]);
    let mut process = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("latchkey is built");
    process.stdin.take().expect("piped").write_all(input.as_bytes()).expect("it reads");
    assert!(process.wait().expect("it ends").success(), "{arguments:?}");
}

fn told(body: &Value) -> &Value {
    &body["requestContext"]["authorizer"]["lambda"]
}

// AZ1 AT6 AT8
#[tokio::test(flavor = "multi_thread")]
async fn a_route_of_ones_own_is_open_to_who_is_signed_in_and_told_who_it_is() {
    let stage = Stage::start().await;
    let login = stage.login(EMAIL, PASSWORD).await;
    let header = format!("Bearer {}", login.text("access_token"));

    assert_eq!(stage.sample(&[]).await, (401, json!({ "message": "Unauthorized" })));
    for bad in [&["Bearer x"][..], &["Basic x"], &[&format!("{header}x")], &[&header, &header]] {
        assert_eq!(stage.sample(bad).await, (403, json!({ "message": "Forbidden" })), "{bad:?}");
    }
    let (status, body) = stage.sample(&[&header]).await;
    assert_eq!((status, &told(&body)["user_id"]), (200, &login.body["user"]["id"]));
    let members = told(&body).as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    assert_eq!(members, ["role", "session_id", "user_id"]);
}

// AT8 RT10
#[tokio::test(flavor = "multi_thread")]
async fn who_is_disabled_is_out_at_once_and_a_new_role_counts_at_once() {
    let stage = Stage::start().await;
    latchkey(&stage, &["user", "create", "grace@example.com", "--password-stdin"], "Tundra-Violin-47\n");
    let login = stage.login("grace@example.com", "Tundra-Violin-47").await;
    let header = format!("Bearer {}", login.text("access_token"));
    assert_eq!(told(&stage.sample(&[&header]).await.1)["role"], "member");
    latchkey(&stage, &["user", "set-role", "grace@example.com", "lead"], "");
    assert_eq!(told(&stage.sample(&[&header]).await.1)["role"], "lead");
    latchkey(&stage, &["user", "disable", "grace@example.com"], "");
    assert_eq!(stage.sample(&[&header]).await.0, 403);
}

// AZ1 AZ2
#[tokio::test(flavor = "multi_thread")]
async fn a_rest_api_reads_the_very_word_for_a_401_and_another_one_where_nothing_can_be_found_out() {
    let functions = template().functions().expect("functions");
    let spec = functions.into_iter().find(|function| function.name == "authorizer").expect("the authorizer");
    let (_stop, stopping) = watch::channel(false);
    // Nobody answers there: it starts all the same.
    let environment = [
        ("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:9"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("AWS_LAMBDA_FUNCTION_NAME", "authorizer"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
    ];
    let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let launch = Launch { name: spec.name.clone(), binary: binary("authorizer"), environment, stopping };
    let authorizer = Arc::new(Function::new(spec, launch, 1));
    let unknown = "AuthorizerFailed: It could not be found out whether the caller may pass";
    for (form, authorization, word) in [
        (Form::Token, "Basic x", "Unauthorized: Unauthorized"),
        (Form::Request, "Basic x", "Unauthorized: Unauthorized"),
        (Form::Token, "Bearer a.b.c", unknown),
        (Form::Http2, "Bearer a.b.c", unknown),
    ] {
        let invoked = authorizer.invoke(form.event(authorization).to_string().into()).await;
        let Err(Failure::Error(raised)) = &invoked.outcome else { panic!("{form:?}: {:?}", invoked.outcome) };
        assert_eq!(raised, word, "{form:?}");
    }
    authorizer.stop().await;
}

// AZ3
#[tokio::test(flavor = "multi_thread")]
async fn where_a_secret_signs_the_authorizer_does_not_start_and_says_why() {
    let secret = "k".repeat(32);
    let stage = Stage::with(&[("SECRET_KEY", &secret)]).await;
    let login = stage.login(EMAIL, PASSWORD).await;
    let header = format!("Bearer {}", login.text("access_token"));
    assert_eq!(stage.me(login.text("access_token")).await.status, 200);
    assert_eq!(stage.sample(&[&header]).await.0, 500);
    stage.wait_for_log("the authorizer works with managed keys alone").await;
    assert!(!stage.log().join("\n").contains(&secret));
}

// AZ3
#[test]
fn the_authorizer_does_not_even_start_with_a_key_that_could_sign() {
    let secret = "k".repeat(32);
    let output = Command::new(binary("authorizer"))
        .env_clear()
        .env("SECRET_KEY", &secret)
        .env("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9")
        .output()
        .expect("it runs");
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1));
    assert!(words.contains("SECRET_KEY") && !words.contains(&secret), "{words}");
}

// OP5
#[tokio::test(flavor = "multi_thread")]
async fn each_refusal_is_one_line_that_says_why() {
    let stage = Stage::start().await;
    let header = format!("Bearer {}", stage.login(EMAIL, PASSWORD).await.text("access_token"));
    stage.sample(&["Basic x"]).await;
    stage.sample(&["Bearer x"]).await;
    stage.sample(&[&header]).await;
    // Two first keys, the login, and the two.
    let events = stage.events_at_least(5).await;
    let of_access = events.iter().filter(|event| event["event"] == "access");
    let reasons: Vec<_> = of_access.map(|event| (&event["reason"], &event["address"])).collect();
    let from = json!("127.0.0.1");
    assert_eq!(reasons, [(&json!("no_bearer_token"), &from), (&json!("invalid_token"), &from)]);
    assert!(!stage.log().join("\n").contains(&header["Bearer ".len()..]));
}
