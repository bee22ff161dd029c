//! The Lambda function behind `POST /auth/change-password`, `/auth/change-email` and `/auth/confirm-email`.

use lambda_http::service_fn;
use shared::{app::App, domain::Timestamp, http};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let app = App::from_env().await?;
    http::run(service_fn(|request| account::answer(&app, request, Timestamp::now()))).await
}
