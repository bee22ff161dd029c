//! SES, and the only place that names it.

use std::time::Duration;

use aws_config::{SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};
use aws_sdk_ses::{
    Client,
    config::Builder,
    types::{Body, Content, Destination, Message},
};

use crate::{
    aws,
    domain::Email,
    error::{Error, Result},
};

/// Sending is not idempotent: one patient try, so that a slow yes is not taken for a no. The stream tries again.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sends mail.
pub struct Mailer {
    client: Client,
    from: String,
}

/// A mail, ready to send.
pub struct Mail {
    /// The subject, one line.
    pub subject: String,
    /// The body as text.
    pub text: String,
    /// The body as HTML, every value in it escaped.
    pub html: String,
}

impl Mailer {
    /// Sends from one address, which SES must have verified.
    pub fn new(aws: &SdkConfig, from: &str) -> Self {
        let config = Builder::from(aws)
            .retry_config(RetryConfig::disabled())
            // Both: what is not set here stays as short as DynamoDB's.
            .timeout_config(
                TimeoutConfig::builder()
                    .operation_attempt_timeout(PATIENCE)
                    .operation_timeout(PATIENCE)
                    .build(),
            )
            .build();
        Self { client: Client::from_conf(config), from: from.to_owned() }
    }

    /// Sends a mail to one address. Errors: `Unavailable`, whatever the cause; the caller tries again later.
    pub async fn send(&self, to: &Email, mail: Mail) -> Result<()> {
        let content = |data: String| Content::builder().data(data).charset("UTF-8").build();
        let malformed = |error: aws_sdk_ses::error::BuildError| Error::Internal(error.to_string());
        let body = Body::builder()
            .text(content(mail.text).map_err(malformed)?)
            .html(content(mail.html).map_err(malformed)?)
            .build();
        let subject = content(mail.subject).map_err(malformed)?;
        self.client
            .send_email()
            .source(&self.from)
            .destination(Destination::builder().to_addresses(to.as_str()).build())
            .message(Message::builder().subject(subject).body(body).build())
            .send()
            .await
            .map(|_| ())
            .map_err(|error| Error::Unavailable(format!("SES: {}", aws::cause(&error))))
    }
}
