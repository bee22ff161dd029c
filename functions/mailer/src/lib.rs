//! Fed by the Outbox stream: sends each mail that was queued, once.

mod folder;
mod letter;
mod mails;
mod rule;
mod samples;
mod templates;

use std::convert::Infallible;

use lambda_runtime::LambdaEvent;
pub use mails::Mails;
pub use rule::{Outcome, deliver};
use serde::{Deserialize, Serialize};
use shared::{
    app::StartError,
    aws,
    config::{Config, MailSettings},
    domain::{IntentId, Timestamp},
    event::{self, Event},
    mailer::Mailer,
    store::Store,
};
pub use templates::{InvalidMails, NAMES, Templates};

/// What the mailer has in its hands while it runs.
pub struct MailerApp {
    /// The settings.
    pub config: Config,
    /// The tables.
    pub store: Store,
    /// SES.
    pub mailer: Mailer,
    /// What mails say.
    pub mails: Mails,
}

impl MailerApp {
    /// Reads the environment. Errors: a setting or a mail's template is bad; the function must not start.
    pub async fn from_env() -> Result<Self, StartError> {
        event::init_log();
        let (config, settings) = (Config::from_env()?, MailSettings::from_env()?);
        let aws = aws::load_config().await;
        Ok(Self {
            store: Store::new(&aws, &config),
            mailer: Mailer::new(&aws, &settings.from),
            mails: Mails::new(&config, &settings)?,
            config,
        })
    }
}

/// A batch of the Outbox stream: of each record, the key of the row that was put.
#[derive(Deserialize)]
pub struct StreamBatch {
    #[serde(rename = "Records")]
    records: Vec<Record>,
}

#[derive(Deserialize)]
struct Record {
    dynamodb: Change,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Change {
    keys: Keys,
    sequence_number: String,
}

#[derive(Deserialize)]
struct Keys {
    id: StringAttribute,
}

#[derive(Deserialize)]
struct StringAttribute {
    #[serde(rename = "S")]
    value: String,
}

/// The records to deliver again (`ReportBatchItemFailures`); none when all went well.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchResponse {
    batch_item_failures: Vec<BatchItemFailure>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BatchItemFailure {
    item_identifier: String,
}

/// Delivers every record of a batch. A failed one is reported, so that the stream delivers it again and at last gives
/// it to the dead-letter queue; the others go on, since the claim keeps a repeated one from sending twice.
pub async fn handle(app: &MailerApp, event: LambdaEvent<StreamBatch>) -> Result<BatchResponse, Infallible> {
    let mut batch_item_failures = Vec::new();
    for Record { dynamodb: Change { keys, sequence_number } } in event.payload.records {
        let Ok(id) = keys.id.value.parse::<IntentId>() else {
            Event::failure("mail", "malformed_id").log_without_caller();
            continue;
        };
        if let Err(error) = deliver(app, id, Timestamp::now()).await {
            Event::failure("mail", "not_sent").intent(id).caused_by(&error).log_without_caller();
            batch_item_failures.push(BatchItemFailure { item_identifier: sequence_number });
        }
    }
    Ok(BatchResponse { batch_item_failures })
}
