//! The Lambda function behind `/admin/users` and `/admin/audit`.

use lambda_http::service_fn;
use shared::{app::App, domain::Timestamp, http};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let app = App::from_env().await?;
    http::run(service_fn(|request| admin::answer(&app, request, Timestamp::now()))).await
}
