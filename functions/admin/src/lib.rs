//! `/admin/users` and `/admin/audit`: users and the audit trail, for admins and leads.

use lambda_http::Request;
use shared::{
    app::App,
    domain::Timestamp,
    error::Result,
    guard,
    http::{Answer, Caller, NoFields, Reply, routes},
};

/// Answers a request that came at `now`.
pub async fn answer(app: &App, request: Request, now: Timestamp) -> Answer {
    routes! { app, request, now;
        GET "/admin/users" => list,
    }
}

async fn list(app: &App, _: NoFields, caller: Caller) -> Result<Reply> {
    guard::require(app, &caller, guard::MANAGERS).await?;
    Ok(Reply::no_content())
}
