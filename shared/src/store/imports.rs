//! The transactions that make imported accounts, several at a time, each whole or not at all.

use std::{collections::BTreeSet, time::Duration};

use aws_sdk_dynamodb::{
    config::{Builder, retry::RetryConfig},
    error::{ProvideErrorMetadata, SdkError},
    operation::transact_write_items::{TransactWriteItemsError, TransactWriteItemsOutput},
    types::{
        CancellationReason, Put, ReturnConsumedCapacity, ReturnValuesOnConditionCheckFailure,
        TransactWriteItem,
    },
};
use uuid::Uuid;

use super::{
    Store, credentials,
    item::{Item, Reader, n, s, time},
    transaction_failure, users,
};
use crate::{
    domain::{Account, AuditEntry, Email, UserId},
    error::{Error, Result},
};

/// Accounts in one call: a transaction has at most 100 writes, and each account needs three.
pub const MOST_AT_ONCE: usize = 33;
const WRITES: usize = 3;

/// An account that is to be made, and what the audit trail shall say of it.
pub struct Arrival {
    /// As it was elsewhere.
    pub account: Account,
    /// Its import.
    pub entry: AuditEntry,
}

/// What became of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrived {
    /// It is made.
    Made,
    /// The same account was made before: nothing was done, whatever has become of it since.
    ThereAlready,
    /// Nothing was done: the e-mail is that of another account.
    EmailTaken(UserId),
    /// Nothing was done: the account of this id has another e-mail.
    IdTaken(Email),
}

/// What became of all, in their order.
pub struct Arrivals {
    /// One for each.
    pub each: Vec<Arrived>,
    /// Write units that it took; those of refused writes are reckoned, since DynamoDB does not tell them.
    pub units: f64,
}

/// Whether the tables could take them.
pub enum Import {
    /// Each has become something.
    Done(Arrivals),
    /// DynamoDB asks to wait. What was done stays done; the same call again goes on.
    Throttled,
}

/// Tries of a call that failed otherwise than by being throttled.
const TRIES: u32 = 5;

/// The same words that the SDK takes for throttling.
const THROTTLED: [&str; 6] = [
    "ProvisionedThroughputExceeded",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingError",
    "ThrottlingException",
    "TransactionInProgressException",
];

impl Store {
    /// Makes accounts that are not there yet, at most [`MOST_AT_ONCE`], no two of one e-mail or id. Those that are, or
    /// can't be, are found out and left out. Errors: DynamoDB can't be reached, or refuses otherwise.
    pub async fn import(&self, arrivals: &[Arrival]) -> Result<Import> {
        let mut each: Vec<Option<Arrived>> = vec![None; arrivals.len()];
        let mut units = 0.0;
        // Each round makes the rest or finds at least one more that can't be made.
        loop {
            let open: Vec<usize> = (0..each.len()).filter(|at| each[*at].is_none()).collect();
            if open.is_empty() {
                return Ok(Import::Done(Arrivals { each: each.into_iter().flatten().collect(), units }));
            }
            let chosen: Vec<&Arrival> = open.iter().map(|at| &arrivals[*at]).collect();
            match self.make(&chosen).await? {
                Round::Made(used) => {
                    units += used;
                    open.iter().for_each(|at| each[*at] = Some(Arrived::Made));
                }
                Round::Refused(reasons) => {
                    units += (2 * WRITES * open.len()) as f64;
                    for (at, reasons) in open.iter().zip(reasons.chunks(WRITES)) {
                        each[*at] = self.obstacle(&arrivals[*at], reasons)?;
                    }
                    if open.iter().all(|at| each[*at].is_none()) {
                        return Err(Error::Internal(
                            "import: DynamoDB refused a row without saying which".to_owned(),
                        ));
                    }
                }
                Round::Throttled => return Ok(Import::Throttled),
            }
        }
    }

    /// Makes all of these or none.
    async fn make(&self, arrivals: &[&Arrival]) -> Result<Round> {
        let writes: Vec<TransactWriteItem> =
            arrivals.iter().map(|arrival| self.writes(arrival)).collect::<Result<Vec<_>>>()?.concat();
        // Sent again with the same token, what was done is not done twice, nor found to be there already.
        let token = Uuid::new_v4().to_string();
        let mut tries = 1;
        loop {
            let error = match self.send(&writes, &token).await {
                Ok(output) => {
                    let used = output.consumed_capacity().iter().filter_map(|table| table.capacity_units());
                    return Ok(Round::Made(used.sum()));
                }
                Err(error) => error,
            };
            if let Some(TransactWriteItemsError::TransactionCanceledException(canceled)) =
                error.as_service_error()
            {
                let reasons = canceled.cancellation_reasons();
                let codes: BTreeSet<&str> = reasons.iter().filter_map(CancellationReason::code).collect();
                if codes.contains("ConditionalCheckFailed") {
                    return Ok(Round::Refused(reasons.to_vec()));
                }
                if codes.iter().any(|code| THROTTLED.contains(code)) {
                    return Ok(Round::Throttled);
                }
            }
            if error.code().is_some_and(|code| THROTTLED.contains(&code)) {
                return Ok(Round::Throttled);
            }
            let failed = transaction_failure("import", error);
            if tries == TRIES || matches!(failed, Error::Internal(_)) {
                return Err(failed);
            }
            tokio::time::sleep(tries * Duration::from_millis(200)).await;
            tries += 1;
        }
    }

    /// Once: the SDK would go on asking a table that is throttled.
    async fn send(
        &self,
        writes: &[TransactWriteItem],
        token: &str,
    ) -> std::result::Result<TransactWriteItemsOutput, SdkError<TransactWriteItemsError>> {
        let client = &self.users.0.client;
        let request = client.transact_write_items().set_transact_items(Some(writes.to_vec()));
        let request =
            request.client_request_token(token).return_consumed_capacity(ReturnConsumedCapacity::Total);
        let once = Builder::new().retry_config(RetryConfig::disabled());
        request.customize().config_override(once).send().await
    }

    fn writes(&self, Arrival { account, entry }: &Arrival) -> Result<Vec<TransactWriteItem>> {
        let Account { user, password_hash, password_changed_at, newcomer } = account;
        let mut credential = Item::from([
            ("email".to_owned(), s(&user.email)),
            ("user_id".to_owned(), s(user.id)),
            ("password_version".to_owned(), n(user.password_version)),
        ]);
        credential.extend(password_hash.as_ref().map(|hash| ("password_hash".to_owned(), s(hash.expose()))));
        credential.extend(password_changed_at.map(|at| ("password_changed_at".to_owned(), time(at))));
        credential.extend(credentials::marks(newcomer.as_ref()));
        let new = |table: &str, item: Item, key: &str| {
            Put::builder()
                .table_name(table)
                .set_item(Some(item))
                .condition_expression(format!("attribute_not_exists({key})"))
                .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
                .build()
        };
        let puts = [
            new(&self.users.0.name, users::item(user), "user_id"),
            new(&self.credentials.0.name, credential, "email"),
            self.audit.put(self.audit.item(entry)),
        ];
        let writes = puts.into_iter().map(|put| Ok(TransactWriteItem::builder().put(put?).build()));
        let writes: std::result::Result<Vec<_>, aws_sdk_dynamodb::error::BuildError> = writes.collect();
        writes.map_err(|error| Error::Internal(format!("import: {error}")))
    }

    /// Why an account can't be made; `None` if it can, and only others stood in its way.
    fn obstacle(&self, arrival: &Arrival, reasons: &[CancellationReason]) -> Result<Option<Arrived>> {
        let [user, credential, _] = reasons else {
            return Err(Error::Internal("import: DynamoDB gave too few reasons".to_owned()));
        };
        let own = &arrival.account.user;
        if let Some(row) = refused(user) {
            let email: Email = Reader::new(&self.users.0.name, row).parsed("email")?;
            return Ok(Some(if email == own.email {
                Arrived::ThereAlready
            } else {
                Arrived::IdTaken(email)
            }));
        }
        match refused(credential) {
            Some(row) => {
                Ok(Some(Arrived::EmailTaken(Reader::new(&self.credentials.0.name, row).parsed("user_id")?)))
            }
            None => Ok(None),
        }
    }
}

/// What became of one transaction.
enum Round {
    Made(f64),
    Refused(Vec<CancellationReason>),
    Throttled,
}

/// The row that is there, where there was to be none.
fn refused(reason: &CancellationReason) -> Option<&Item> {
    reason.item().filter(|_| reason.code() == Some("ConditionalCheckFailed"))
}
