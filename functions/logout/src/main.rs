//! The Lambda function behind `POST /auth/logout`.

use lambda_http::service_fn;
use shared::{app::App, http};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let app = App::from_env().await?;
    http::run(service_fn(|request| http::handle(&app, logout::logout, request))).await
}
