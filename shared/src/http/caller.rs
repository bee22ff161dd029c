//! Reads out of a request who sent it.

use lambda_http::{
    Request, RequestExt,
    http::header::{AUTHORIZATION, COOKIE, USER_AGENT},
    request::RequestContext,
};

use super::cookie::{self, DEVICE_COOKIE, REFRESH_COOKIE};
use crate::{
    caller::{Caller, bearer},
    domain::Timestamp,
};

/// Beyond this a User-Agent tells nobody anything.
const USER_AGENT_CHARACTERS: usize = 200;

/// The sender of a request that came at `now`.
pub(super) fn caller_of(request: &Request, now: Timestamp) -> Caller {
    let (request_id, source_ip) = match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => {
            (context.request_id.clone(), context.http.source_ip.clone())
        }
        _ => (None, None),
    };
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let cookies = || request.headers().get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    Caller {
        now,
        request_id: request_id.unwrap_or_default(),
        address: source_ip.unwrap_or_default().parse().unwrap_or_else(|never| match never {}),
        user_agent: header(USER_AGENT).map(|text| text.chars().take(USER_AGENT_CHARACTERS).collect()),
        bearer_token: header(AUTHORIZATION).and_then(bearer),
        refresh_cookie: cookie::find(REFRESH_COOKIE, cookies()),
        device_cookie: cookie::find(DEVICE_COOKIE, cookies()),
    }
}
