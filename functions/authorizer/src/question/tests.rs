//! Which questions are understood, and where a token counts.

use lambda_runtime::Context;
use serde_json::json;

use super::*;

const ARN: &str = "arn:aws:execute-api:eu-west-1:123456789012:abcdef123/prod/GET/orders";

/// An event in each of the four forms, with a bearer token.
fn events(authorization: &str) -> [(&'static str, Value); 4] {
    let headers = json!({ "Accept": "*/*", "Authorization": authorization });
    let lists = json!({ "Accept": ["*/*"], "Authorization": [authorization] });
    [
        ("TOKEN", json!({ "type": "TOKEN", "authorizationToken": authorization, "methodArn": ARN })),
        (
            "REQUEST",
            json!({ "type": "REQUEST", "methodArn": ARN, "headers": headers, "multiValueHeaders": lists }),
        ),
        (
            "1.0",
            json!({
                "version": "1.0", "type": "REQUEST", "methodArn": ARN, "headers": headers,
                "identitySource": authorization, "authorizationToken": authorization,
            }),
        ),
        (
            "2.0",
            json!({
                "version": "2.0", "type": "REQUEST", "routeArn": ARN, "identitySource": [authorization],
                "headers": { "accept": "*/*", "authorization": authorization },
            }),
        ),
    ]
}

/// The token that counts, or the word for why there is none.
fn token(event: &Value) -> std::result::Result<String, &'static str> {
    let question = Question::read(event).unwrap_or_else(|error| panic!("{error:?}: {event}"));
    question.token.map(|token| token.expose().to_owned())
}

// AZ1
#[test]
fn each_form_is_known_by_its_shape() {
    let gateways = events("Bearer a.b.c").map(|(_, event)| Question::read(&event).expect("a form").gateway);
    let stage = || Stage::of(ARN).expect("a stage");
    let rest = || Gateway::Rest(stage());
    assert_eq!(gateways, [rest(), rest(), Gateway::HttpPolicy(stage()), Gateway::HttpSimple]);
}

// AT6
#[test]
fn one_bearer_token_counts_in_every_form() {
    for (header, expected) in [
        ("Bearer a.b.c", Ok("a.b.c")),
        ("bearer a.b.c", Ok("a.b.c")),
        ("Bearer  a.b.c", Ok("a.b.c")),
        ("a.b.c", Err("no_bearer_token")),
        ("Basic a.b.c", Err("no_bearer_token")),
        ("Bearer", Err("no_bearer_token")),
        ("Bearera.b.c", Err("no_bearer_token")),
        (" Bearer a.b.c", Err("no_bearer_token")),
        ("", Err("no_bearer_token")),
    ] {
        for (form, event) in events(header) {
            assert_eq!(token(&event), expected.map(str::to_owned), "{form}: {header:?}");
        }
    }
}

// AT6
#[test]
fn a_token_counts_in_the_authorization_header_alone_whatever_its_case() {
    for (name, expected) in [
        ("Authorization", Ok("a.b.c")),
        ("authorization", Ok("a.b.c")),
        ("AUTHORIZATION", Ok("a.b.c")),
        ("X-Authorization", Err("no_token")),
        ("Cookie", Err("no_token")),
    ] {
        for version in [Value::Null, json!("1.0"), json!("2.0")] {
            let event = json!({
                "version": version, "type": "REQUEST", "methodArn": ARN, "routeArn": ARN,
                "headers": { name: "Bearer a.b.c" },
                "queryStringParameters": { "authorization": "Bearer d.e.f", "access_token": "d.e.f" },
                "cookies": ["authorization=Bearer d.e.f"],
                "stageVariables": { "authorization": "Bearer d.e.f" },
                "authorizationToken": "Bearer d.e.f",
            });
            assert_eq!(token(&event), expected.map(str::to_owned), "{name} {version}");
        }
    }
}

// AT6
#[test]
fn several_authorization_headers_are_none() {
    let (one, other) = ("Bearer a.b.c", "Bearer d.e.f");
    for (headers, lists, expected) in [
        (json!({}), json!({ "Authorization": [one] }), Ok("a.b.c")),
        (json!({ "Authorization": one }), json!({}), Ok("a.b.c")),
        (json!({ "Authorization": one }), Value::Null, Ok("a.b.c")),
        (json!({ "Authorization": other }), json!({ "Authorization": [one, other] }), Err("several_tokens")),
        (json!({ "Authorization": one }), json!({ "Authorization": [one, one] }), Err("several_tokens")),
        (json!({ "Authorization": one, "authorization": other }), Value::Null, Err("several_tokens")),
        (Value::Null, json!({ "Authorization": [one], "authorization": [other] }), Err("several_tokens")),
        (json!({ "authorization": other }), json!({ "Authorization": [one] }), Err("several_tokens")),
        (json!({ "Authorization": [one] }), Value::Null, Err("no_bearer_token")),
        (json!({ "Authorization": 7 }), Value::Null, Err("no_bearer_token")),
        (json!({ "Authorization": null }), Value::Null, Err("no_token")),
        (json!([one]), json!("Authorization"), Err("no_token")),
    ] {
        let event =
            json!({ "type": "REQUEST", "methodArn": ARN, "headers": headers, "multiValueHeaders": lists });
        assert_eq!(token(&event), expected.map(str::to_owned), "{event}");
    }
}

// AZ2
#[test]
fn what_is_no_question_of_a_gateway_gets_no_answer() {
    let headers = json!({ "authorization": "Bearer a.b.c" });
    for event in [
        json!(null),
        json!([]),
        json!("TOKEN"),
        json!({}),
        json!({ "headers": headers }),
        json!({ "type": "TOKEN", "authorizationToken": "Bearer a.b.c" }),
        json!({ "type": "TOKEN", "authorizationToken": "Bearer a.b.c", "methodArn": "*" }),
        json!({ "type": "REQUEST", "headers": headers }),
        json!({ "type": "request", "methodArn": ARN, "headers": headers }),
        json!({ "type": "TOKEN", "version": "2.0", "authorizationToken": "Bearer a.b.c", "routeArn": ARN }),
        json!({ "type": "REQUEST", "version": "1.0", "methodArn": 7, "headers": headers }),
        json!({ "type": "REQUEST", "version": "3.0", "methodArn": ARN, "headers": headers }),
        json!({ "type": "REQUEST", "version": 2.0, "methodArn": ARN, "headers": headers }),
        json!({ "type": ["REQUEST"], "version": "2.0", "headers": headers }),
        // A call of a route, which a misplaced trigger would send.
        json!({ "version": "2.0", "routeKey": "GET /orders", "headers": headers }),
    ] {
        let error = Question::read(&event).err().unwrap_or_else(|| panic!("understood: {event}"));
        assert!(matches!(error, Error::Internal(_)), "{event}: {error:?}");
    }
}

// AZ5
#[test]
fn a_gateway_that_remembers_answers_by_something_else_than_the_token_gets_none() {
    for (version, sources, is_answered) in [
        ("2.0", Value::Null, true),
        ("2.0", json!([]), true),
        ("2.0", json!(["Bearer a.b.c"]), true),
        ("2.0", json!(["GET /orders", "Bearer a.b.c"]), true),
        ("2.0", json!(["tenant-7"]), false),
        ("2.0", json!("tenant-7"), false),
        ("2.0", json!(7), false),
        ("1.0", json!("Bearer a.b.c"), true),
        ("1.0", json!("GET /orders,Bearer a.b.c"), true),
        ("1.0", json!("tenant-7"), false),
    ] {
        let event = json!({
            "version": version, "type": "REQUEST", "methodArn": ARN, "routeArn": ARN,
            "identitySource": sources, "headers": { "authorization": "Bearer a.b.c" },
        });
        assert_eq!(Question::read(&event).is_ok(), is_answered, "{version} {sources}");
    }
}

#[test]
fn the_log_knows_who_asked_as_far_as_the_gateway_tells() {
    let now = Timestamp::from_epoch_seconds(1_800_000_000);
    for (context, expected) in [
        (json!({ "requestId": "r", "http": { "sourceIp": "203.0.113.7" } }), ("r", "203.0.113.7")),
        (json!({ "requestId": "r", "identity": { "sourceIp": "2001:db8::1" } }), ("r", "2001:db8::1")),
        (json!({ "requestId": 7, "http": { "sourceIp": "somewhere" } }), ("lambda", "unknown")),
        (Value::Null, ("lambda", "unknown")),
    ] {
        let mut lambda = Context::default();
        lambda.request_id = "lambda".to_owned();
        let event = LambdaEvent::new(json!({ "requestContext": context }), lambda);
        let caller = caller(&event, now);
        assert_eq!((caller.request_id.as_str(), caller.address.to_string().as_str()), expected);
        assert!(caller.bearer_token.is_none());
    }
}
