//! Answers, and the headers that every one of them carries.

use std::time::Duration;

use lambda_http::{
    Body, Response,
    http::{StatusCode, header},
};
use serde::Serialize;
use serde_json::json;

use super::cookie::{self, CookieChange};
use crate::{caller::Delivery, config::BrowserSettings, domain::User, error::Error, token::TokenPair};

/// What a rule answers.
pub struct Reply {
    status: u16,
    body: Option<String>,
    content_type: &'static str,
    cookie: CookieChange,
    headers: Vec<(header::HeaderName, String)>,
}

/// RFC 6749, 5.1, and the user.
#[derive(Serialize)]
struct TokenResponse<'a> {
    access_token: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
    token_type: &'static str,
    expires_in: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<&'a User>,
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

    /// 200 with a pair of tokens, and at a login with the user. The refresh token goes where the client wants it, and
    /// nowhere else (promise RT8).
    pub fn tokens(pair: TokenPair, delivery: Delivery, user: Option<&User>) -> Self {
        let in_body = delivery == Delivery::Body;
        let reply = Self::ok(&TokenResponse {
            access_token: &pair.access_token,
            refresh_token: in_body.then_some(pair.refresh_token.as_str()),
            token_type: "bearer",
            expires_in: pair.expires_in.as_secs(),
            user,
        });
        if in_body {
            return reply;
        }
        let cookie = CookieChange::Set { token: pair.refresh_token, max_age: pair.refresh_expires_in };
        Self { cookie, ..reply }
    }

    /// 204.
    pub fn no_content() -> Self {
        Self { status: 204, body: None, content_type: "", cookie: CookieChange::Keep, headers: Vec::new() }
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
