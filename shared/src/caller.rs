//! Who sent a request, and when.

use crate::domain::{ClientAddress, Secret, Timestamp};

/// Who sent a request, and when. It has no Debug: it may carry tokens.
#[derive(Clone)]
pub struct Caller {
    /// When the request came.
    pub now: Timestamp,
    /// API Gateway's id of the request; the client reads it in `apigw-requestid`.
    pub request_id: String,
    /// The address that API Gateway saw; no header can change it (promise LG8).
    pub address: ClientAddress,
    /// What the client calls itself, at most 200 characters.
    pub user_agent: Option<String>,
    /// The token in the Authorization header; one anywhere else does not count (promise AT6).
    pub bearer_token: Option<Secret>,
    /// The token in the refresh cookie.
    pub refresh_cookie: Option<Secret>,
    /// The token in the device cookie.
    pub device_cookie: Option<Secret>,
}

/// How refresh and device tokens travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// In the body: for clients that are no browser page.
    Body,
    /// In an HttpOnly cookie, and in no body at all (promise RT8).
    Cookie,
}

impl std::str::FromStr for Delivery {
    type Err = &'static str;
    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "body" => Ok(Self::Body),
            "cookie" => Ok(Self::Cookie),
            _ => Err("must be one of body, cookie"),
        }
    }
}

impl Caller {
    /// The refresh token that was shown, and how: the one in the body, or else the one in the cookie.
    pub fn refresh_token(&self, in_body: Option<Secret>) -> Option<(Secret, Delivery)> {
        either(in_body, &self.refresh_cookie)
    }

    /// The device token that was shown, and how: the one in the body, or else the one in the cookie.
    pub fn device_token(&self, in_body: Option<Secret>) -> Option<(Secret, Delivery)> {
        either(in_body, &self.device_cookie)
    }
}

/// The token in the value of an Authorization header (RFC 6750, 2.1); the scheme's case does not matter (RFC 9110, 11.1).
pub fn bearer(header: &str) -> Option<Secret> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("Bearer").then(|| token.trim_start_matches(' ').into())
}

fn either(in_body: Option<Secret>, in_cookie: &Option<Secret>) -> Option<(Secret, Delivery)> {
    let in_cookie = || in_cookie.clone().map(|token| (token, Delivery::Cookie));
    in_body.map(|token| (token, Delivery::Body)).or_else(in_cookie)
}
