//! What a gateway asks, in each of its four forms: a REST API's TOKEN and REQUEST, an HTTP API's payloads 1.0 and 2.0.

use lambda_runtime::LambdaEvent;
use serde_json::Value;
use shared::{
    caller::{self, Caller},
    domain::{Secret, Timestamp},
    error::{Error, Result},
};

use crate::gateway::{Gateway, Stage};

/// The bearer token, or a word for the log: why there is none.
pub(crate) type Token = std::result::Result<Secret, &'static str>;

/// What a gateway asks.
pub(crate) struct Question {
    /// Who asks.
    pub gateway: Gateway,
    /// With which token somebody wants to pass.
    pub token: Token,
}

impl Question {
    /// Reads an event. Errors: it has none of the four forms, or the gateway is set up in a way in which one caller could
    /// pass as another.
    pub fn read(event: &Value) -> Result<Self> {
        let gateway = gateway(event)?;
        let token = match event["type"].as_str() {
            Some("TOKEN") => token_in(&[&event["authorizationToken"]]),
            _ => token_in(&authorization(event)),
        };
        match &token {
            Ok(token) if !is_remembered_by(event, token) => Err(fault(
                "its identity source is not the Authorization header: a remembered answer would be another caller's",
            )),
            _ => Ok(Self { gateway, token }),
        }
    }
}

/// Who sent the request that a gateway asks about, as far as it tells.
pub(crate) fn caller(event: &LambdaEvent<Value>, now: Timestamp) -> Caller {
    let context = &event.payload["requestContext"];
    let address = [&context["http"]["sourceIp"], &context["identity"]["sourceIp"]];
    let address = address.into_iter().find_map(Value::as_str).unwrap_or_default();
    Caller {
        now,
        request_id: context["requestId"].as_str().unwrap_or(&event.context.request_id).to_owned(),
        address: address.parse().unwrap_or_else(|never| match never {}),
        user_agent: None,
        bearer_token: None,
        refresh_cookie: None,
        device_cookie: None,
    }
}

fn gateway(event: &Value) -> Result<Gateway> {
    let stage = || {
        let arn = ["methodArn", "routeArn"].into_iter().find_map(|name| event[name].as_str());
        arn.and_then(Stage::of).ok_or_else(|| fault("it names no method of an API"))
    };
    match (&event["version"], event["type"].as_str()) {
        (Value::String(version), Some("REQUEST")) if version == "2.0" => Ok(Gateway::HttpSimple),
        (Value::String(version), Some("REQUEST")) if version == "1.0" => Ok(Gateway::HttpPolicy(stage()?)),
        (Value::Null, Some("REQUEST" | "TOKEN")) => Ok(Gateway::Rest(stage()?)),
        _ => Err(fault("it has no form that API Gateway gives to a Lambda authorizer's")),
    }
}

/// All values of the Authorization header. A REST API writes names as the client did, and all values beside the last one.
fn authorization(event: &Value) -> Vec<&Value> {
    let named = |headers: &'static str| {
        let headers = event[headers].as_object().into_iter().flatten();
        headers.filter(|(name, _)| name.eq_ignore_ascii_case("authorization")).map(|(_, value)| value)
    };
    let lists = named("multiValueHeaders").flat_map(|values| match values {
        Value::Array(values) => values.iter().collect(),
        other => vec![other],
    });
    let mut values: Vec<_> = lists.collect();
    let missing: Vec<_> = named("headers").filter(|value| !values.contains(value)).collect();
    values.extend(missing);
    values
}

fn token_in(values: &[&Value]) -> Token {
    match values {
        [] | [Value::Null] => Err("no_token"),
        [Value::String(header)] => caller::bearer(header).ok_or("no_bearer_token"),
        [_] => Err("no_bearer_token"),
        _ => Err("several_tokens"),
    }
}

/// Whether the answer that a gateway remembers is one for this token: it finds answers by its identity sources. An HTTP API
/// shows them, if it has any; a REST API doesn't.
fn is_remembered_by(event: &Value, token: &Secret) -> bool {
    let has_token = |source: &Value| source.as_str().is_some_and(|text| text.contains(token.expose()));
    match &event["identitySource"] {
        Value::Null => true,
        Value::Array(sources) => sources.is_empty() || sources.iter().any(has_token),
        source => has_token(source),
    }
}

fn fault(what: &str) -> Error {
    Error::Internal(format!("the authorizer's event can't be answered: {what}"))
}

#[cfg(test)]
mod tests;
