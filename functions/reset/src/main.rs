//! The Lambda function behind `POST /auth/reset-password`.

use lambda_http::service_fn;
use shared::{app::KeylessApp, domain::Timestamp, http};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let app = KeylessApp::without_key().await?;
    http::run(service_fn(|request| reset::answer(&app, request, Timestamp::now()))).await
}
