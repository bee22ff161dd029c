//! Answers, and the headers that every one of them carries.

use std::time::Duration;

use lambda_http::{
    Body, Response,
    http::{StatusCode, header},
};
use serde::Serialize;
use serde_json::json;
use zeroize::Zeroizing;

use super::cookie::{self, CookieChange};
use crate::{config::BrowserSettings, error::Error};

/// What a rule answers.
pub struct Reply {
    status: u16,
    body: Option<String>,
    content_type: &'static str,
    cookie: CookieChange,
    headers: Vec<(header::HeaderName, String)>,
}

impl Reply {
    /// 200 with a JSON body.
    pub fn ok(body: &impl Serialize) -> Self {
        let body = serde_json::to_string(body).expect("our own types serialise");
        Self { status: 200, body: Some(body), content_type: "application/json", ..Self::no_content() }
    }

    /// 200 with a sentence.
    pub fn message(sentence: &str) -> Self {
        Self::ok(&json!({ "message": sentence }))
    }

    /// 204.
    pub fn no_content() -> Self {
        Self { status: 204, body: None, content_type: "", cookie: CookieChange::Keep, headers: Vec::new() }
    }

    /// Sets the refresh cookie.
    pub fn with_refresh_cookie(self, token: Zeroizing<String>, max_age: Duration) -> Self {
        Self { cookie: CookieChange::Set { token, max_age }, ..self }
    }

    /// Deletes the refresh cookie.
    pub fn without_refresh_cookie(self) -> Self {
        Self { cookie: CookieChange::Delete, ..self }
    }

    pub(super) fn allow(mut self, method: &str) -> Self {
        self.headers.push((header::ALLOW, format!("{method}, OPTIONS")));
        self
    }

    /// A refusal as `application/problem+json` (RFC 9457).
    pub(super) fn problem(error: &Error) -> Self {
        let status = error.status();
        let title =
            StatusCode::from_u16(status).ok().and_then(|code| code.canonical_reason()).unwrap_or("Error");
        let mut body =
            json!({ "type": "about:blank", "title": title, "status": status, "detail": error.to_string() });
        if let Error::InvalidFields(errors) = error {
            body["errors"] = json!(errors);
        }
        let reply = Self {
            status,
            body: Some(body.to_string()),
            content_type: "application/problem+json",
            ..Self::no_content()
        };
        match error {
            Error::MethodNotAllowed(method) => reply.allow(method),
            Error::TooManyRequests { retry_after } => reply.retry_after(*retry_after),
            Error::Unavailable(_) => reply.retry_after(Duration::from_secs(1)),
            Error::NotAuthenticated => reply.www_authenticate("Bearer"),
            Error::InvalidAccessToken => reply.www_authenticate("Bearer error=\"invalid_token\""),
            _ => reply,
        }
    }

    fn retry_after(mut self, wait: Duration) -> Self {
        self.headers.push((header::RETRY_AFTER, wait.as_secs().max(1).to_string()));
        self
    }

    fn www_authenticate(mut self, challenge: &str) -> Self {
        self.headers.push((header::WWW_AUTHENTICATE, challenge.to_owned()));
        self
    }

    pub(super) fn encode(self, settings: &BrowserSettings) -> Response<Body> {
        // Promise OP3.
        let mut response = Response::builder()
            .status(self.status)
            .header(header::CACHE_CONTROL, "no-store")
            .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
            .header(header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains")
            .header(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'")
            .header(header::REFERRER_POLICY, "no-referrer");
        if self.body.is_some() {
            response = response.header(header::CONTENT_TYPE, self.content_type);
        }
        for (name, value) in self.headers {
            response = response.header(name, value);
        }
        if let Some(cookie) = cookie::header(&self.cookie, settings.same_site) {
            response = response.header(header::SET_COOKIE, cookie);
        }
        response.body(self.body.map_or(Body::Empty, Body::Text)).expect("our own headers are valid")
    }
}
