//! The Lambda function behind `POST /auth/reset-password`.

use lambda_http::service_fn;
use shared::{app::KeylessApp, http};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let app = KeylessApp::without_key().await?;
    http::run(service_fn(|request| http::handle(&app, reset::reset, request))).await
}
