//! The Lambda function behind the Outbox stream.

use lambda_runtime::{Error, run, service_fn};
use mailer::MailerApp;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let app = MailerApp::from_env().await?;
    run(service_fn(|event| mailer::handle(&app, event))).await
}
