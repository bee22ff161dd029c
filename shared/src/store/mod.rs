//! DynamoDB, and the only place that names it: one file per table, and one per transaction that spans tables. Each
//! method is named by what it is for, and is one atomic call, or says why it is two. Every read that decides authentication is strongly
//! consistent and on a base table.

mod account_changes;
mod administration;
mod audit;
mod audit_cursor;
mod audit_of_many;
mod credentials;
mod email_set;
mod email_verifications;
mod exports;
mod first_password;
mod former_owners;
mod imports;
mod item;
mod key_changes;
mod lockouts;
mod outbox;
mod password_reset;
mod rate_limits;
mod reset_tokens;
mod session_end;
mod sessions;
mod signing_keys;
mod transaction;
mod user_creation;
mod users;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    operation::{
        delete_item::builders::DeleteItemFluentBuilder,
        get_item::builders::GetItemFluentBuilder,
        put_item::builders::PutItemFluentBuilder,
        transact_write_items::TransactWriteItemsError,
        update_item::{UpdateItemError, UpdateItemOutput, builders::UpdateItemFluentBuilder},
    },
};

use self::item::Item;
pub use self::{
    account_changes::{EmailChange, PasswordChange},
    administration::{Change, UserChange, Witness},
    audit::{Audit, AuditPage},
    audit_cursor::AuditCursor,
    credentials::{Credential, Credentials},
    email_set::EmailSet,
    email_verifications::{EmailVerifications, PendingVerification},
    exports::Departures,
    first_password::FirstPassword,
    imports::{Arrival, Arrivals, Arrived, Import, MOST_AT_ONCE},
    key_changes::{KeyChange, KeyPair},
    lockouts::{AttemptKey, Lockouts, Reservation},
    outbox::{Claim, Outbox},
    password_reset::{PasswordReset, ResetOutcome},
    rate_limits::{MailPurpose, RateLimits},
    reset_tokens::{PendingReset, ResetTokens},
    sessions::{Rotation, Sessions, UserSessions},
    signing_keys::SigningKeys,
    user_creation::{Registration, UserCreation},
    users::Users,
};
use crate::{
    aws,
    config::Config,
    error::{Error, Result},
};

/// All tables.
pub struct Store {
    /// E-mails, password hashes and live reset tokens.
    pub credentials: Credentials,
    /// People.
    pub users: Users,
    /// Failed attempts, by e-mail.
    pub lockouts: Lockouts,
    /// Logins that are alive.
    pub sessions: Sessions,
    /// What happened.
    pub audit: Audit,
    /// Tokens that were mailed to prove an address.
    pub email_verifications: EmailVerifications,
    /// Reset tokens that were mailed.
    pub reset_tokens: ResetTokens,
    /// How often addresses and e-mails asked.
    pub rate_limits: RateLimits,
    /// Mail to send.
    pub outbox: Outbox,
    /// Keys that sign tokens.
    pub signing_keys: SigningKeys,
}

impl Store {
    /// Tables named by the config's prefix. Connects at the first call.
    pub fn new(aws: &SdkConfig, config: &Config) -> Self {
        let client = Client::new(aws);
        let table =
            |name: &str| Table { client: client.clone(), name: format!("{}{name}", config.table_prefix) };
        Self {
            credentials: Credentials(table("Credentials")),
            users: Users(table("Users")),
            lockouts: Lockouts { table: table("Lockouts"), settings: config.lockout },
            sessions: Sessions { table: table("Sessions"), settings: config.session.clone() },
            audit: Audit { table: table("Audit"), retention: config.audit_retention },
            email_verifications: EmailVerifications(table("EmailVerifications")),
            reset_tokens: ResetTokens(table("ResetTokens")),
            rate_limits: RateLimits {
                table: table("RateLimits"),
                limits: config.limits,
                reset: config.reset,
            },
            outbox: Outbox(table("Outbox")),
            signing_keys: SigningKeys(table("SigningKeys")),
        }
    }
}

/// A table and the client to reach it.
struct Table {
    client: Client,
    name: String,
}

impl Table {
    /// A strongly consistent read of one item.
    fn get(&self) -> GetItemFluentBuilder {
        self.client.get_item().table_name(&self.name).consistent_read(true)
    }

    fn put(&self) -> PutItemFluentBuilder {
        self.client.put_item().table_name(&self.name)
    }

    fn update(&self) -> UpdateItemFluentBuilder {
        self.client.update_item().table_name(&self.name)
    }

    fn delete(&self) -> DeleteItemFluentBuilder {
        self.client.delete_item().table_name(&self.name)
    }
}

/// Faults that trying again won't mend: the deployment is wrong, or we are.
const OUR_FAULTS: [&str; 5] = [
    "AccessDeniedException",
    "MissingAuthenticationTokenException",
    "ResourceNotFoundException",
    "UnrecognizedClientException",
    "ValidationException",
];

/// Turns a failure of DynamoDB into ours. The SDK has retried what can be retried; the cause goes to the log.
fn failure<E>(table: &Table, error: SdkError<E>) -> Error
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    failed(&format!("table {}", table.name), error)
}

/// The same for a transaction.
fn transaction_failure(what: &str, error: SdkError<TransactWriteItemsError>) -> Error {
    failed(what, error)
}

fn failed<E>(what: &str, error: SdkError<E>) -> Error
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let message = error.message().map(|message| format!(": {message}")).unwrap_or_default();
    let cause = format!("DynamoDB {what}: {}{message}", aws::cause(&error));
    if error.code().is_some_and(|code| OUR_FAULTS.contains(&code)) {
        Error::Internal(cause)
    } else {
        Error::Unavailable(cause)
    }
}

/// `None` when the write's condition did not hold.
fn unless_refused<T, E>(table: &Table, result: std::result::Result<T, SdkError<E>>) -> Result<Option<T>>
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    match result {
        Ok(output) => Ok(Some(output)),
        Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(None),
        Err(error) => Err(failure(table, error)),
    }
}

/// The row as it is when an update's condition did not hold; the request must ask for it with ALL_OLD.
fn or_refused_row(
    table: &Table,
    result: std::result::Result<UpdateItemOutput, SdkError<UpdateItemError>>,
) -> Result<std::result::Result<UpdateItemOutput, Item>> {
    match result {
        Ok(output) => Ok(Ok(output)),
        Err(error) => match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(refused)) => {
                Ok(Err(refused.item().cloned().unwrap_or_default()))
            }
            _ => Err(failure(table, error)),
        },
    }
}
