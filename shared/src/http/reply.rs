//! Answers, and the headers that every one of them carries.

use std::time::Duration;

use lambda_http::{
    Body, Response,
    http::{StatusCode, header},
};
use serde::Serialize;
use serde_json::json;

use super::cookie::{CookieChange, DEVICE_COOKIE, REFRESH_COOKIE};
use crate::{
    caller::Delivery,
    config::BrowserSettings,
    domain::User,
    error::Error,
    token::{Minted, TokenPair},
};

/// What a rule answers.
pub struct Reply {
    status: u16,
    body: Option<String>,
    content_type: &'static str,
    cookies: Vec<CookieChange>,
    /// How long anybody may keep it; nobody may by default.
    cached_for: Option<Duration>,
    headers: Vec<(header::HeaderName, String)>,
}

/// RFC 6749, 5.1, and what belongs to it here.
#[derive(Serialize)]
struct TokenResponse<'a> {
    access_token: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_token: Option<&'a str>,
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

    /// 201 with a JSON body.
    pub fn created(body: &impl Serialize) -> Self {
        Self { status: 201, ..Self::ok(body) }
    }

    /// 200 with a pair of tokens, and at a login with the user and the device's token. Refresh and device token go
    /// where the client wants them, and nowhere else (promise RT8).
    pub fn tokens(pair: TokenPair, device: Option<Minted>, delivery: Delivery, user: Option<&User>) -> Self {
        Self::grant(&pair.access, Some(pair.refresh), device, delivery, user)
    }

    /// 200 with a new access token, and a new token for the device if it had one.
    pub fn access_token(access: &Minted, device: Option<Minted>, delivery: Delivery) -> Self {
        Self::grant(access, None, device, delivery, None)
    }

    fn grant(
        access: &Minted,
        refresh: Option<Minted>,
        device: Option<Minted>,
        delivery: Delivery,
        user: Option<&User>,
    ) -> Self {
        let in_body = |token: &Option<Minted>| {
            token.as_ref().filter(|_| delivery == Delivery::Body).map(|token| token.text.clone())
        };
        let mut reply = Self::ok(&TokenResponse {
            access_token: &access.text,
            refresh_token: in_body(&refresh).as_ref().map(|token| token.as_str()),
            device_token: in_body(&device).as_ref().map(|token| token.as_str()),
            token_type: "bearer",
            expires_in: access.lifetime.as_secs(),
            user,
        });
        if delivery == Delivery::Cookie {
            let tokens = [(REFRESH_COOKIE, refresh), (DEVICE_COOKIE, device)];
            let set = tokens.into_iter().filter_map(|(name, token)| Some(CookieChange::set(name, token?)));
            reply.cookies.extend(set);
        }
        reply
    }

    /// 204.
    pub fn no_content() -> Self {
        let (cookies, headers) = (Vec::new(), Vec::new());
        Self { status: 204, body: None, content_type: "", cookies, cached_for: None, headers }
    }

    /// A public document, that caches may keep for so long.
    pub fn cached_for(self, duration: Duration) -> Self {
        Self { cached_for: Some(duration), ..self }
    }

    /// Deletes the refresh cookie.
    pub fn without_refresh_cookie(mut self) -> Self {
        self.cookies.push(CookieChange::delete(REFRESH_COOKIE));
        self
    }

    pub(super) fn allow(mut self, methods: &str) -> Self {
        self.headers.push((header::ALLOW, format!("{methods}, OPTIONS")));
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
            Error::MethodNotAllowed(methods) => reply.allow(methods),
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
        let cached = self.cached_for.map(|time| format!("public, max-age={}", time.as_secs()));
        // Promise OP3.
        let mut response = Response::builder()
            .status(self.status)
            .header(header::CACHE_CONTROL, cached.as_deref().unwrap_or("no-store"))
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
        for cookie in &self.cookies {
            response = response.header(header::SET_COOKIE, cookie.header(settings.same_site));
        }
        response.body(self.body.map_or(Body::Empty, Body::Text)).expect("our own headers are valid")
    }
}
