//! `GET /users/me`: who the caller is.

use lambda_http::Request;
use shared::{
    app::VerifierApp,
    domain::Timestamp,
    error::Result,
    guard,
    http::{Answer, Caller, NoFields, Reply, routes},
};

/// Answers a request that came at `now`.
pub async fn answer(app: &VerifierApp, request: Request, now: Timestamp) -> Answer {
    routes! { app, request, now;
        GET "/users/me" => me,
    }
}

/// The rule: whoever passes the guard is told what we know about them.
async fn me(app: &VerifierApp, _: NoFields, caller: Caller) -> Result<Reply> {
    let signed_in = guard::authenticate(app, &caller).await?;
    Ok(Reply::ok(&signed_in.user))
}
