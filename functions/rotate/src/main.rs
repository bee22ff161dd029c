//! The Lambda function behind the daily schedule.

use lambda_runtime::{Error, run, service_fn};
use shared::app::KeylessApp;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let app = KeylessApp::without_key().await?;
    run(service_fn(|event| rotate::handle(&app, event))).await
}
