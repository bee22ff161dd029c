//! Who may send our cookies (promise RT7): a browser attaches it to what any page sends.

use lambda_http::{Request, http::header::ORIGIN};

use super::Caller;
use crate::{
    config::BrowserSettings,
    error::{Error, Result},
};

/// A request with a cookie of ours needs an Origin on the list. A missing one is fine from the same origin, typed into the
/// address bar, or from what is no browser. Errors: `ForeignOrigin`.
pub(super) fn check(request: &Request, caller: &Caller, settings: &BrowserSettings) -> Result<()> {
    if caller.refresh_cookie.is_none() && caller.device_cookie.is_none() {
        return Ok(());
    }
    let header = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    let is_allowed = match (header(ORIGIN.as_str()), header("sec-fetch-site")) {
        (Some(origin), _) => settings.allowed_origins.iter().any(|allowed| allowed == origin),
        (None, Some(site)) => site == "same-origin" || site == "none",
        (None, None) => header("sec-fetch-mode").is_none() && header("referer").is_none(),
    };
    if is_allowed { Ok(()) } else { Err(Error::ForeignOrigin) }
}
