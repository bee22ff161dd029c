//! API Gateway's payload format 2.0: an HTTP request as an event.

use std::{collections::BTreeMap, net::IpAddr};

use axum::{
    body::Bytes,
    http::{HeaderMap, Method, Uri, header},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::template::intrinsics::ACCOUNT;

/// One request, as the gateway received it.
pub struct Request<'a> {
    /// The route that it took, such as `ANY /api/v1/auth/login`.
    pub route_key: &'a str,
    /// Values of the route's `{parameters}`.
    pub path_parameters: &'a BTreeMap<String, String>,
    /// GET, POST ...
    pub method: &'a Method,
    /// Path and query as they stand in the request line.
    pub uri: &'a Uri,
    /// Headers as they were sent.
    pub headers: &'a HeaderMap,
    /// The whole body.
    pub body: &'a Bytes,
    /// The peer of the connection: no header changes it.
    pub source: IpAddr,
    /// The gateway's id of this request.
    pub id: &'a str,
    /// When it came.
    pub time: DateTime<Utc>,
}

/// The event that a function gets for `request`.
pub fn encode(request: &Request<'_>) -> Value {
    let headers = headers(request);
    let host = headers.get("host").and_then(Value::as_str).unwrap_or("localhost").to_owned();
    let user_agent = headers.get("user-agent").cloned().unwrap_or(json!(""));
    let path = request.uri.path();
    let query = request.uri.query().unwrap_or_default();
    let mut event = json!({
        "version": "2.0",
        "routeKey": request.route_key,
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers,
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": "local",
            "domainName": host,
            "domainPrefix": host.split('.').next(),
            "http": {
                "method": request.method.as_str(),
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": request.source.to_string(),
                "userAgent": user_agent,
            },
            "requestId": request.id,
            "routeKey": request.route_key,
            "stage": "$default",
            "time": request.time.format("%d/%b/%Y:%H:%M:%S +0000").to_string(),
            "timeEpoch": request.time.timestamp_millis(),
        },
        "isBase64Encoded": false,
    });
    let cookies = cookies(request.headers);
    if !cookies.is_empty() {
        event["cookies"] = json!(cookies);
    }
    if !query.is_empty() {
        event["queryStringParameters"] = query_parameters(query);
    }
    if !request.path_parameters.is_empty() {
        event["pathParameters"] = json!(request.path_parameters);
    }
    if !request.body.is_empty() {
        match std::str::from_utf8(request.body) {
            Ok(text) if is_text(request.headers) => event["body"] = json!(text),
            _ => {
                event["body"] = json!(STANDARD.encode(request.body));
                event["isBase64Encoded"] = json!(true);
            }
        }
    }
    event
}

/// Lower-case names, several values joined by commas, cookies apart, and what the gateway adds of its own.
fn headers(request: &Request<'_>) -> Map<String, Value> {
    let mut joined: BTreeMap<String, String> = BTreeMap::new();
    let mut add = |name: &str, value: &str| {
        let entry = joined.entry(name.to_owned()).or_default();
        if !entry.is_empty() {
            entry.push(',');
        }
        entry.push_str(value);
    };
    for (name, value) in request.headers {
        if !matches!(name.as_str(), "cookie" | "connection" | "transfer-encoding" | "x-amzn-trace-id") {
            add(name.as_str(), &String::from_utf8_lossy(value.as_bytes()));
        }
    }
    add("x-forwarded-for", &request.source.to_string());
    add("x-amzn-trace-id", &format!("Root=1-{:08x}-{:0>24}", request.time.timestamp(), request.id));
    joined.into_iter().map(|(name, value)| (name, Value::String(value))).collect()
}

fn cookies(headers: &HeaderMap) -> Vec<String> {
    let sent = headers.get_all(header::COOKIE).into_iter();
    let lines = sent.map(|line| String::from_utf8_lossy(line.as_bytes()).into_owned());
    let pairs = lines.flat_map(|line| {
        line.split(';').map(|pair| pair.trim().to_owned()).filter(|pair| !pair.is_empty()).collect::<Vec<_>>()
    });
    pairs.collect()
}

fn query_parameters(query: &str) -> Value {
    let mut parameters: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        parameters
            .entry(name.into_owned())
            .and_modify(|values| *values = format!("{values},{value}"))
            .or_insert_with(|| value.into_owned());
    }
    json!(parameters)
}

/// API Gateway hands on as text what these types announce; all else becomes base64.
fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind.starts_with("text/")
        || kind.ends_with("+json")
        || kind.ends_with("+xml")
        || matches!(kind.as_str(), "application/json" | "application/javascript" | "application/xml")
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn event(method: &str, uri: &str, headers: &[(&str, &str)], body: &[u8]) -> Value {
        let mut sent = HeaderMap::new();
        for (name, value) in headers {
            let name: HeaderName = name.parse().expect("a name");
            sent.append(name, HeaderValue::from_bytes(value.as_bytes()).expect("a value"));
        }
        encode(&Request {
            route_key: "ANY /a",
            path_parameters: &BTreeMap::new(),
            method: &method.parse().expect("a method"),
            uri: &uri.parse().expect("a URI"),
            headers: &sent,
            body: &Bytes::copy_from_slice(body),
            source: "127.0.0.2".parse().expect("an address"),
            id: "id",
            time: DateTime::from_timestamp_millis(1_795_059_856_123).expect("a time"),
        })
    }

    #[test]
    fn requests_become_events() {
        let json = ("content-type", "application/json; charset=utf-8");
        let cases = [
            (event("POST", "/a", &[json], b"{}"), "/body", json!("{}")),
            (event("POST", "/a", &[json], b"{}"), "/isBase64Encoded", json!(false)),
            (event("POST", "/a", &[json], b"\xff"), "/body", json!("/w==")),
            (event("POST", "/a", &[json], b"\xff"), "/isBase64Encoded", json!(true)),
            (event("POST", "/a", &[], b"x=y"), "/isBase64Encoded", json!(true)),
            (event("GET", "/a", &[], b""), "/rawQueryString", json!("")),
            (event("GET", "/a?x=1&y=a%20b&x=2", &[], b""), "/rawQueryString", json!("x=1&y=a%20b&x=2")),
            (
                event("GET", "/a?x=1&y=a%20b&x=2", &[], b""),
                "/queryStringParameters",
                json!({"x": "1,2", "y": "a b"}),
            ),
            (event("GET", "/a", &[("X-A", "1"), ("x-a", "2")], b""), "/headers/x-a", json!("1,2")),
            (
                event("GET", "/a", &[("x-forwarded-for", "9.9.9.9")], b""),
                "/requestContext/http/sourceIp",
                json!("127.0.0.2"),
            ),
            (
                event("GET", "/a", &[("x-forwarded-for", "9.9.9.9")], b""),
                "/headers/x-forwarded-for",
                json!("9.9.9.9,127.0.0.2"),
            ),
            (
                event("GET", "/a", &[("cookie", "a=1; b=2"), ("cookie", "c=3")], b""),
                "/cookies",
                json!(["a=1", "b=2", "c=3"]),
            ),
            (event("GET", "/a", &[], b""), "/requestContext/time", json!("19/Nov/2026:03:44:16 +0000")),
            (event("GET", "/a", &[], b""), "/requestContext/timeEpoch", json!(1_795_059_856_123_i64)),
        ];
        for (event, pointer, expected) in cases {
            assert_eq!(event.pointer(pointer), Some(&expected), "{pointer}");
        }
        for (absent, event) in [
            ("/body", event("GET", "/a", &[], b"")),
            ("/cookies", event("GET", "/a", &[("cookie", " ")], b"")),
            ("/headers/cookie", event("GET", "/a", &[("cookie", "a=1")], b"")),
            ("/queryStringParameters", event("GET", "/a", &[], b"")),
        ] {
            assert_eq!(event.pointer(absent), None, "{absent}");
        }
    }
}
