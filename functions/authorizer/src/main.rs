//! The Lambda function that a team's own API Gateways ask who may pass.

use lambda_runtime::{Error, run, service_fn};
use shared::{app::VerifierApp, config::AuthorizerSettings, domain::Timestamp};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    // First: it must not even take a key that could sign into its hands.
    let settings = AuthorizerSettings::from_env()?;
    let app = VerifierApp::without_secret().await?;
    run(service_fn(|event| authorizer::answer(&app, &settings, event, Timestamp::now()))).await
}
