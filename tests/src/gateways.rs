//! Gateways of somebody's own APIs: what they ask the authorizer, and what their clients see of its answer.

use authorizer::Raised;
use lambda_runtime::{Context, LambdaEvent};
use serde_json::{Value, json};
use shared::{config::AuthorizerSettings, domain::Role};

use crate::world::World;

/// The forms in which a gateway asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A REST API with a TOKEN authorizer.
    Token,
    /// A REST API with a REQUEST authorizer.
    Request,
    /// An HTTP API with payload 1.0.
    Http1,
    /// An HTTP API with payload 2.0 and simple responses.
    Http2,
}

/// What the authorizer answered or raised.
pub type Told = Result<Value, Raised>;

const ARN: &str = "arn:aws:execute-api:eu-west-1:123456789012:abcdef123/prod/GET/orders";

impl Form {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Token, Self::Request, Self::Http1, Self::Http2];

    /// The event for a request with this Authorization header, as AWS documents it.
    pub fn event(self, authorization: &str) -> Value {
        let headers = json!({ "Accept": "*/*", "Authorization": authorization, "User-Agent": "curl/8.5.0" });
        let identity = json!({ "apiKey": null, "sourceIp": "203.0.113.7", "userAgent": "curl/8.5.0" });
        let context = json!({
            "accountId": "123456789012", "apiId": "abcdef123", "httpMethod": "GET", "identity": identity,
            "path": "/prod/orders", "requestId": "test-request", "resourcePath": "/orders", "stage": "prod",
        });
        let request = json!({
            "type": "REQUEST", "methodArn": ARN, "resource": "/orders", "path": "/orders", "httpMethod": "GET",
            "headers": headers, "queryStringParameters": {}, "pathParameters": {}, "stageVariables": {},
            "requestContext": context,
        });
        match self {
            Self::Token => json!({ "type": "TOKEN", "authorizationToken": authorization, "methodArn": ARN }),
            Self::Request => {
                let lists = json!({ "Accept": ["*/*"], "Authorization": [authorization] });
                with(request, &[("multiValueHeaders", lists)])
            }
            Self::Http1 => with(
                request,
                &[
                    ("version", json!("1.0")),
                    ("identitySource", json!(authorization)),
                    ("authorizationToken", json!(authorization)),
                ],
            ),
            Self::Http2 => {
                let example = include_str!("../../events/authorizer.json");
                let mut event: Value = serde_json::from_str(example).expect("JSON");
                event["headers"]["authorization"] = json!(authorization);
                with(event, &[("identitySource", json!([authorization]))])
            }
        }
    }

    /// The status that the client gets, 200 for the route's own, and what the route is told of the caller.
    pub fn outcome(self, told: &Told) -> (u16, Value) {
        let answer = match told {
            Ok(answer) => answer,
            Err(Raised::Unauthorized) if matches!(self, Self::Token | Self::Request) => {
                return (401, Value::Null);
            }
            Err(_) => return (500, Value::Null),
        };
        let statement = &answer["policyDocument"]["Statement"][0];
        let is_allowed = match (self, &answer["isAuthorized"], statement["Effect"].as_str()) {
            (Self::Http2, Value::Bool(is_authorized), _) => *is_authorized,
            (Self::Token | Self::Request | Self::Http1, _, Some(effect)) => {
                assert_eq!(statement["Resource"], ARN.replace("GET/orders", "*"));
                assert!(answer["principalId"].is_string(), "{answer}");
                effect == "Allow"
            }
            _ => return (500, Value::Null),
        };
        (if is_allowed { 200 } else { 403 }, answer["context"].clone())
    }
}

impl World {
    /// Asks the authorizer what a gateway asks it.
    pub async fn authorize(&self, event: Value) -> Told {
        self.authorize_for(&[], event).await
    }

    /// As [`World::authorize`], where only users of these roles may pass.
    pub async fn authorize_for(&self, roles: &[Role], event: Value) -> Told {
        let words: Vec<_> = roles.iter().map(|role| role.as_str()).collect();
        let settings = AuthorizerSettings::from_pairs(&[("AUTHORIZER_ROLES", &words.join(","))]);
        let event = LambdaEvent::new(event, Context::default());
        let app = self.functions.verifier("authorizer");
        authorizer::answer(app, &settings.expect("roles"), event, self.now).await
    }

    /// What a client with this Authorization header gets of a protected route, and what the route is told.
    pub async fn protected(&self, form: Form, authorization: &str) -> (u16, Value) {
        form.outcome(&self.authorize(form.event(authorization)).await)
    }
}

fn with(mut event: Value, members: &[(&str, Value)]) -> Value {
    for (name, value) in members {
        event[*name] = value.clone();
    }
    event
}
