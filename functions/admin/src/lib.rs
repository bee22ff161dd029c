//! `/admin/users` and `/admin/audit`: users and the audit trail, for admins and leads.

mod authority;
mod change;
mod delete;
mod help;
mod invite;
mod limit;
mod listed;
mod look;
mod manager;
mod named;
mod trail;

use change::change;
use delete::delete;
use help::{end_sessions, send_reset, unlock};
use invite::invite;
use lambda_http::Request;
use look::{list, show};
use shared::{
    app::VerifierApp,
    domain::Timestamp,
    http::{Answer, routes},
};

/// Answers a request that came at `now`.
pub async fn answer(app: &VerifierApp, request: Request, now: Timestamp) -> Answer {
    routes! { app, request, now;
        GET "/admin/users" => list,
        POST "/admin/users" => invite,
        GET "/admin/users/{user_id}" => show,
        PATCH "/admin/users/{user_id}" => change,
        DELETE "/admin/users/{user_id}" => delete,
        POST "/admin/users/{user_id}/unlock" => unlock,
        POST "/admin/users/{user_id}/end-sessions" => end_sessions,
        POST "/admin/users/{user_id}/send-reset" => send_reset,
        GET "/admin/audit" => trail::read,
    }
}
