//! Who sent a request, and when.

use lambda_http::{
    Request, RequestExt,
    http::header::{AUTHORIZATION, COOKIE, USER_AGENT},
    request::RequestContext,
};
use zeroize::Zeroizing;

use super::cookie;
use crate::domain::{ClientAddress, Timestamp};

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
    pub bearer_token: Option<Zeroizing<String>>,
    /// The token in our cookie.
    pub refresh_cookie: Option<Zeroizing<String>>,
}

/// Beyond this a User-Agent tells nobody anything.
const USER_AGENT_CHARACTERS: usize = 200;

impl Caller {
    pub(super) fn of(request: &Request, now: Timestamp) -> Self {
        let (request_id, source_ip) = match request.request_context_ref() {
            Some(RequestContext::ApiGatewayV2(context)) => {
                (context.request_id.clone(), context.http.source_ip.clone())
            }
            _ => (None, None),
        };
        let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
        let cookies = request.headers().get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        Self {
            now,
            request_id: request_id.unwrap_or_default(),
            address: source_ip.unwrap_or_default().parse().unwrap_or_else(|never| match never {}),
            user_agent: header(USER_AGENT).map(|text| text.chars().take(USER_AGENT_CHARACTERS).collect()),
            bearer_token: header(AUTHORIZATION).and_then(bearer),
            refresh_cookie: cookie::find(cookies),
        }
    }
}

/// RFC 6750, 2.1; the scheme's case does not matter (RFC 9110, 11.1).
fn bearer(header: &str) -> Option<Zeroizing<String>> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("Bearer").then(|| Zeroizing::new(token.trim_start_matches(' ').to_owned()))
}
