//! A request as API Gateway hands it to a function, and the function's answer.

use lambda_http::{Body, Request, Response};
use serde_json::{Map, Value, json};

/// A request. It begins as a plain one from one address; tests add what they are about.
#[derive(Clone)]
pub struct Call {
    pub(crate) method: String,
    pub(crate) path: String,
    headers: Map<String, Value>,
    cookies: Vec<String>,
    body: Option<String>,
    address: String,
    query: String,
    event: Option<String>,
}

impl Call {
    /// A POST of JSON to a path under /api/v1.
    pub fn post(path: &str, body: Value) -> Self {
        Self::raw("POST", path).header("content-type", "application/json").body(&body.to_string())
    }

    /// A GET of a path under /api/v1.
    pub fn get(path: &str) -> Self {
        Self::raw("GET", path)
    }

    /// Any method, no body, no headers.
    pub fn raw(method: &str, path: &str) -> Self {
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            headers: Map::new(),
            cookies: Vec::new(),
            body: None,
            address: "203.0.113.7".to_owned(),
            query: String::new(),
            event: None,
        }
    }

    /// A whole payload-2.0 event, as in a file of `events/`.
    pub fn event(json: &str) -> Self {
        let event: Value = serde_json::from_str(json).expect("JSON");
        let path = event["rawPath"].as_str().expect("a path").trim_start_matches("/api/v1").to_owned();
        let method = event["requestContext"]["http"]["method"].as_str().expect("a method");
        Self { event: Some(json.to_owned()), ..Self::raw(method, &path) }
    }

    /// Adds or replaces a header (lower-case name, as the gateway writes it).
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.to_owned(), json!(value));
        self
    }

    /// Leaves a header out.
    pub fn without_header(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    /// Replaces the body, whatever it is.
    pub fn body(mut self, text: &str) -> Self {
        self.body = Some(text.to_owned());
        self
    }

    /// Adds a cookie, `name=value`.
    pub fn cookie(mut self, cookie: &str) -> Self {
        self.cookies.push(cookie.to_owned());
        self
    }

    /// Sends the bearer token.
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// Comes from another address.
    pub fn from(mut self, address: &str) -> Self {
        self.address = address.to_owned();
        self
    }

    /// Adds a query string.
    pub fn query(mut self, query: &str) -> Self {
        self.query = query.to_owned();
        self
    }

    /// The path as the gateway sees it: under /api/v1, but for documents at the root.
    pub(crate) fn full_path(&self) -> String {
        let base = if self.path.starts_with("/.well-known/") { "" } else { "/api/v1" };
        format!("{base}{}", self.path)
    }

    /// The payload-2.0 event, read as a function reads it.
    pub(crate) fn into_request(self) -> Request {
        if let Some(event) = self.event {
            return lambda_http::request::from_str(&event).expect("a payload-2.0 event");
        }
        let path = self.full_path();
        let mut event = json!({
            "version": "2.0",
            "routeKey": format!("ANY {path}"),
            "rawPath": path,
            "rawQueryString": self.query,
            "headers": self.headers,
            "requestContext": {
                "accountId": "123456789012",
                "apiId": "test",
                "domainName": "test.execute-api.eu-west-1.amazonaws.com",
                "domainPrefix": "test",
                "http": {
                    "method": self.method,
                    "path": path,
                    "protocol": "HTTP/1.1",
                    "sourceIp": self.address,
                    "userAgent": "test",
                },
                "requestId": "test-request",
                "routeKey": format!("ANY {path}"),
                "stage": "$default",
                "time": "23/Nov/2026:12:00:00 +0000",
                "timeEpoch": 1_795_435_200_000_i64,
            },
            "isBase64Encoded": false,
        });
        if let Some(body) = self.body {
            event["body"] = json!(body);
        }
        if !self.cookies.is_empty() {
            event["cookies"] = json!(self.cookies);
        }
        lambda_http::request::from_str(&event.to_string()).expect("a payload-2.0 event")
    }
}

/// What a function answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Headers in the order sent, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as JSON; null when there is none.
    pub body: Value,
}

impl Answer {
    /// The first header of that name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    /// A string member of the body; empty if it isn't there.
    pub fn text(&self, member: &str) -> &str {
        self.body[member].as_str().unwrap_or_default()
    }

    /// Status and `detail`: what most tests compare.
    pub fn refusal(&self) -> (u16, &str) {
        (self.status, self.text("detail"))
    }

    /// The value of the refresh cookie, if the answer sets one.
    pub fn refresh_cookie(&self) -> Option<&str> {
        self.cookie("__Host-refresh_token")?.split(';').next()
    }

    /// What an answer sets a cookie to, with its attributes.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let cookies = self.headers.iter().filter(|(header, _)| header == "set-cookie");
        let mut values = cookies.filter_map(|(_, value)| value.strip_prefix(name)?.strip_prefix('='));
        values.next()
    }

    pub(crate) fn of(response: &Response<Body>) -> Self {
        let headers = response.headers().iter();
        Self {
            status: response.status().as_u16(),
            headers: headers
                .map(|(name, value)| (name.to_string(), value.to_str().expect("text").to_owned()))
                .collect(),
            body: serde_json::from_slice(response.body().as_ref()).unwrap_or(Value::Null),
        }
    }
}
