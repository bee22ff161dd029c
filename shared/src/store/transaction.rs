//! Writes to several tables that happen whole or not at all.

use std::time::Duration;

use aws_sdk_dynamodb::{
    Client,
    error::BuildError,
    operation::transact_write_items::TransactWriteItemsError,
    types::{CancellationReason, ConditionCheck, Delete, Put, TransactWriteItem, Update},
};

use super::{Store, transaction_failure};
use crate::error::{Error, Result};

/// Tries while other transactions touch the same rows; DynamoDB refuses those at once.
const CONFLICT_TRIES: u32 = 4;

/// A transaction that is being written down. Each write has a word for what it is, so that a refusal can say which
/// condition did not hold.
pub(super) struct Transaction {
    client: Client,
    what: &'static str,
    writes: Vec<(&'static str, TransactWriteItem)>,
    malformed: Option<BuildError>,
}

/// What became of it.
pub(super) enum Commit {
    /// All of it was done.
    Done,
    /// Nothing was: the conditions of these writes did not hold.
    Refused(Vec<&'static str>),
}

impl Store {
    /// A transaction without writes; `what` it does, for the log.
    pub(super) fn transaction(&self, what: &'static str) -> Transaction {
        Transaction { client: self.users.0.client.clone(), what, writes: Vec::new(), malformed: None }
    }
}

impl Transaction {
    pub fn put(self, word: &'static str, put: std::result::Result<Put, BuildError>) -> Self {
        self.with(word, put.map(|put| TransactWriteItem::builder().put(put).build()))
    }

    pub fn update(self, word: &'static str, update: std::result::Result<Update, BuildError>) -> Self {
        self.with(word, update.map(|update| TransactWriteItem::builder().update(update).build()))
    }

    pub fn delete(self, word: &'static str, delete: std::result::Result<Delete, BuildError>) -> Self {
        self.with(word, delete.map(|delete| TransactWriteItem::builder().delete(delete).build()))
    }

    pub fn check(self, word: &'static str, check: std::result::Result<ConditionCheck, BuildError>) -> Self {
        self.with(word, check.map(|check| TransactWriteItem::builder().condition_check(check).build()))
    }

    fn with(mut self, word: &'static str, write: std::result::Result<TransactWriteItem, BuildError>) -> Self {
        match write {
            Ok(write) => self.writes.push((word, write)),
            Err(error) => self.malformed = Some(error),
        }
        self
    }

    /// Does it. Errors: DynamoDB can't be reached, or other transactions held the same rows all the time.
    pub async fn commit(self) -> Result<Commit> {
        if let Some(error) = self.malformed {
            return Err(Error::Internal(format!("{}: {error}", self.what)));
        }
        let (words, writes): (Vec<_>, Vec<_>) = self.writes.into_iter().unzip();
        for attempt in 1..=CONFLICT_TRIES {
            let request = self.client.transact_write_items().set_transact_items(Some(writes.clone())).send();
            let Err(error) = request.await else { return Ok(Commit::Done) };
            let reasons = match error.as_service_error() {
                Some(TransactWriteItemsError::TransactionCanceledException(canceled)) => {
                    canceled.cancellation_reasons()
                }
                _ => return Err(transaction_failure(self.what, error)),
            };
            let refused = having("ConditionalCheckFailed", reasons, &words);
            if !refused.is_empty() {
                return Ok(Commit::Refused(refused));
            }
            if having("TransactionConflict", reasons, &words).is_empty() {
                let codes: Vec<_> = reasons.iter().map(|reason| reason.code().unwrap_or("None")).collect();
                return Err(Error::Unavailable(format!("{}: cancelled for {}", self.what, codes.join(", "))));
            }
            tokio::time::sleep(attempt * Duration::from_millis(50)).await;
        }
        Err(Error::Unavailable(format!("{}: other transactions held the same rows", self.what)))
    }
}

fn having(code: &str, reasons: &[CancellationReason], words: &[&'static str]) -> Vec<&'static str> {
    let both = reasons.iter().zip(words);
    both.filter(|(reason, _)| reason.code() == Some(code)).map(|(_, word)| *word).collect()
}
