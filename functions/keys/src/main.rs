//! The Lambda function behind `GET /.well-known/jwks.json` and `/.well-known/openid-configuration`.

use lambda_http::service_fn;
use shared::{app::VerifierApp, domain::Timestamp, http};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let app = VerifierApp::without_secret().await?;
    http::run(service_fn(|request| keys::answer(&app, request, Timestamp::now()))).await
}
