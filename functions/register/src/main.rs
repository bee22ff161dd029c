//! The Lambda function behind `POST /auth/register` and `POST /auth/verify-email`.

use lambda_http::service_fn;
use shared::{app::KeylessApp, domain::Timestamp, http};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let app = KeylessApp::without_key().await?;
    http::run(service_fn(|request| register::answer(&app, request, Timestamp::now()))).await
}
