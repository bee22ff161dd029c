//! Changes of one's own account: `POST /auth/change-password`, `POST /auth/change-email`, `POST /auth/confirm-email`.

mod change_email;
mod change_password;
mod confirm_email;
mod proof;

use change_email::change_email;
use change_password::change_password;
use confirm_email::confirm_email;
use lambda_http::Request;
use shared::{
    app::App,
    domain::Timestamp,
    http::{Answer, routes},
};

/// Answers a request that came at `now`.
pub async fn answer(app: &App, request: Request, now: Timestamp) -> Answer {
    routes! { app, request, now;
        POST "/auth/change-password" => change_password,
        POST "/auth/change-email" => change_email,
        POST "/auth/confirm-email" => confirm_email,
    }
}
