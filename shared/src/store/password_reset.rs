//! The transaction of a password reset: everything that it changes, whole or not at all (promises RS3, RS4).

use std::time::Duration;

use aws_sdk_dynamodb::{
    error::BuildError,
    operation::transact_write_items::TransactWriteItemsError,
    types::{Delete, TransactWriteItem, Update},
};

use super::{
    PendingReset, Store, failure,
    item::{n, s, time},
};
use crate::{
    domain::{Intent, IntentId, IntentKind, PasswordHash, Status, Timestamp},
    error::{Error, Result},
};

/// A reset that may be carried out.
pub struct PasswordReset<'a> {
    /// The token that was shown.
    pub pending: &'a PendingReset,
    /// The hash of the password that was chosen.
    pub new_hash: &'a PasswordHash,
    /// When.
    pub now: Timestamp,
}

/// What became of it.
#[derive(Debug, PartialEq, Eq)]
pub enum ResetOutcome {
    /// All of it was done.
    Done,
    /// Nothing was: the token was used or voided, or the user is not active.
    Refused,
}

/// Tries while other transactions touch the same rows; DynamoDB refuses those at once.
const CONFLICT_TRIES: u32 = 4;

impl Store {
    /// Consumes the token, sets the password, clears the lock, ends all sessions and queues the notice.
    pub async fn reset_password(&self, reset: PasswordReset<'_>) -> Result<ResetOutcome> {
        let writes = self.reset_writes(&reset)?;
        for attempt in 1..=CONFLICT_TRIES {
            let request =
                self.users.0.client.transact_write_items().set_transact_items(Some(writes.clone())).send();
            let Err(error) = request.await else { return Ok(ResetOutcome::Done) };
            let reasons = match error.as_service_error() {
                Some(TransactWriteItemsError::TransactionCanceledException(canceled)) => {
                    canceled.cancellation_reasons()
                }
                _ => return Err(failure(&self.users.0, error)),
            };
            if reasons.iter().any(|reason| reason.code() == Some("ConditionalCheckFailed")) {
                return Ok(ResetOutcome::Refused);
            }
            if !reasons.iter().any(|reason| reason.code() == Some("TransactionConflict")) {
                let codes: Vec<_> = reasons.iter().map(|reason| reason.code().unwrap_or("None")).collect();
                return Err(Error::Unavailable(format!(
                    "password reset: cancelled for {}",
                    codes.join(", ")
                )));
            }
            tokio::time::sleep(attempt * Duration::from_millis(50)).await;
        }
        Err(Error::Unavailable("password reset: other transactions held the same rows".to_owned()))
    }

    fn reset_writes(&self, reset: &PasswordReset<'_>) -> Result<Vec<TransactWriteItem>> {
        let notice = self.outbox.put(&Intent {
            id: IntentId::generate(),
            kind: IntentKind::PasswordChanged(reset.pending.user_id),
            created_at: reset.now,
        })?;
        let write = TransactWriteItem::builder;
        Ok(vec![
            write().delete(self.consume_token(reset).map_err(malformed)?).build(),
            write().update(self.set_password(reset).map_err(malformed)?).build(),
            write().delete(self.clear_lock(reset).map_err(malformed)?).build(),
            write().update(self.end_sessions(reset).map_err(malformed)?).build(),
            write().put(notice).build(),
        ])
    }

    fn consume_token(&self, reset: &PasswordReset<'_>) -> std::result::Result<Delete, BuildError> {
        Delete::builder()
            .table_name(&self.reset_tokens.0.name)
            .key("token_hash", s(reset.pending.token.as_str()))
            .condition_expression("attribute_exists(token_hash) AND expires_at > :now")
            .expression_attribute_values(":now", time(reset.now))
            .build()
    }

    /// Only if the token is still the one live token of the account.
    fn set_password(&self, reset: &PasswordReset<'_>) -> std::result::Result<Update, BuildError> {
        Update::builder()
            .table_name(&self.credentials.0.name)
            .key("email", s(&reset.pending.email))
            .update_expression(
                "SET password_hash = :hash, password_changed_at = :now \
                 REMOVE reset_token_hash ADD password_version :one",
            )
            .condition_expression("reset_token_hash = :token AND user_id = :user")
            .expression_attribute_values(":hash", s(reset.new_hash.expose()))
            .expression_attribute_values(":now", time(reset.now))
            .expression_attribute_values(":token", s(reset.pending.token.as_str()))
            .expression_attribute_values(":user", s(reset.pending.user_id))
            .expression_attribute_values(":one", n(1))
            .build()
    }

    fn clear_lock(&self, reset: &PasswordReset<'_>) -> std::result::Result<Delete, BuildError> {
        Delete::builder()
            .table_name(&self.lockouts.table.name)
            .key("email_hash", s(reset.pending.email.hash()))
            .build()
    }

    /// Only if the user is active.
    fn end_sessions(&self, reset: &PasswordReset<'_>) -> std::result::Result<Update, BuildError> {
        Update::builder()
            .table_name(&self.users.0.name)
            .key("user_id", s(reset.pending.user_id))
            .update_expression("ADD generation :one, password_version :one")
            .condition_expression("#status = :active")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":one", n(1))
            .expression_attribute_values(":active", s(Status::Active))
            .build()
    }
}

fn malformed(error: BuildError) -> Error {
    Error::Internal(error.to_string())
}
