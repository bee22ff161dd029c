//! `GET /sample/hello`: a route of somebody's own, protected by the authorizer as an HTTP API does it (payload 2.0, simple
//! responses, the Authorization header as identity source, nothing remembered). It is here alone, in no template.

use std::time::Duration;

use axum::{
    Json,
    body::{Body, Bytes},
    http::{Method, Response, StatusCode},
    response::IntoResponse,
};
use serde_json::{Value, json};

use crate::{
    event,
    template::intrinsics::{ACCOUNT, REGION},
};

/// An HTTP API waits no longer for an authorizer.
pub const LIMIT: Duration = Duration::from_secs(10);

/// Whether a call is for the route.
pub fn is_for(method: &Method, path: &str) -> bool {
    method == Method::GET && path == "/sample/hello"
}

/// The route's name.
pub const ROUTE_KEY: &str = "GET /sample/hello";

/// What the gateway asks the authorizer about a request. None: the request lacks the identity source, and nobody is asked.
pub fn question(request: &event::Request<'_>) -> Option<Value> {
    let mut event = event::encode(request);
    let source = event["headers"]["authorization"].as_str().filter(|value| !value.is_empty())?.to_owned();
    let members = event.as_object_mut()?;
    for of_integrations_alone in ["body", "isBase64Encoded"] {
        members.remove(of_integrations_alone);
    }
    event["type"] = json!("REQUEST");
    event["routeArn"] =
        json!(format!("arn:aws:execute-api:{REGION}:{ACCOUNT}:local/$default/GET/sample/hello"));
    event["identitySource"] = json!([source]);
    Some(event)
}

/// What the gateway answers when nobody was asked.
pub fn unauthorized() -> Response<Body> {
    (StatusCode::UNAUTHORIZED, Json(json!({ "message": "Unauthorized" }))).into_response()
}

/// What comes of the authorizer's answer: the route itself, which says what it is told of its caller, or a refusal.
///
/// # Errors
/// When it is no simple response; says what is wrong with it.
pub fn respond(answer: &Bytes) -> Result<Response<Body>, String> {
    let answer: Value =
        serde_json::from_slice(answer).map_err(|error| format!("its answer is no JSON: {error}"))?;
    match &answer["isAuthorized"] {
        Value::Bool(true) => {
            let told = json!({ "authorizer": { "lambda": answer["context"] } });
            Ok(Json(json!({ "message": "Hello from a route of yours", "requestContext": told }))
                .into_response())
        }
        Value::Bool(false) => {
            Ok((StatusCode::FORBIDDEN, Json(json!({ "message": "Forbidden" }))).into_response())
        }
        _ => Err("its answer has no isAuthorized".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use axum::http::{HeaderMap, HeaderValue, header};
    use chrono::DateTime;

    use super::*;

    fn question_with(authorization: &[&'static str]) -> Option<Value> {
        let mut headers = HeaderMap::new();
        for value in authorization {
            headers.append(header::AUTHORIZATION, HeaderValue::from_static(value));
        }
        question(&event::Request {
            route_key: ROUTE_KEY,
            path_parameters: &BTreeMap::new(),
            method: &Method::GET,
            uri: &"/sample/hello".parse().expect("a URI"),
            headers: &headers,
            body: &Bytes::from_static(b"body"),
            source: "127.0.0.1".parse().expect("an address"),
            id: "id",
            time: DateTime::from_timestamp_millis(1_795_059_856_123).expect("a time"),
        })
    }

    // AZ1
    #[test]
    fn the_authorizer_is_asked_in_the_form_of_payload_2_0() {
        let event = question_with(&["Bearer a.b.c"]).expect("a question");
        let example: Value =
            serde_json::from_str(include_str!("../../events/authorizer.json")).expect("JSON");
        let names = |event: &Value| {
            event.as_object().expect("an object").keys().cloned().collect::<std::collections::BTreeSet<_>>()
        };
        assert_eq!(names(&event), names(&example));
        assert_eq!((&event["version"], &event["type"]), (&json!("2.0"), &json!("REQUEST")));
        assert_eq!(event["identitySource"], json!(["Bearer a.b.c"]));
        let twice = question_with(&["Bearer a", "Bearer b"]).expect("a question");
        assert_eq!(twice["headers"]["authorization"], "Bearer a,Bearer b");
        for nothing in [&[][..], &[""]] {
            assert_eq!(question_with(nothing), None);
        }
    }

    // AZ2
    #[test]
    fn only_a_clear_yes_lets_a_request_pass() {
        for (answer, status) in [
            (&br#"{"isAuthorized":true,"context":{"user_id":"7"}}"#[..], Some(200)),
            (br#"{"isAuthorized":false}"#, Some(403)),
            (br#"{"isAuthorized":"true"}"#, None),
            (br#"{"principalId":"7","policyDocument":{}}"#, None),
            (b"true", None),
            (b"", None),
        ] {
            let response = respond(&Bytes::from_static(answer));
            assert_eq!(response.ok().map(|response| response.status().as_u16()), status);
        }
    }
}
