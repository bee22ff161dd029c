//! Lockouts: password attempts that did not succeed, by e-mail, existing or not. Key: email_hash.
//!
//! Attributes: attempts (a set with one id for each attempt), expires_at (TTL). A set, because adding an id twice
//! counts once: a reservation whose answer was lost can be sent again.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};

use super::{
    Table, failure,
    item::{Item, Reader, binary_set, n, s, time},
    or_refused_row, unless_refused,
};
use crate::{
    config::LockoutSettings,
    domain::{AttemptId, EmailHash, Timestamp},
    error::{Error, Result},
};

/// The table.
pub struct Lockouts {
    pub(super) table: Table,
    pub(super) settings: LockoutSettings,
}

impl Lockouts {
    /// Reserves an attempt BEFORE the password is checked, so that no storm of parallel guesses gets more checks than
    /// the limit (promise LG5). One atomic write; a second one when the window of earlier failures is over.
    /// Errors: `AccountLocked` when all attempts of the window are taken; being refused extends nothing (LG3).
    pub async fn reserve_attempt(&self, email: &EmailHash, attempt: AttemptId, now: Timestamp) -> Result<()> {
        // Each round can only be refused because another request changed the row in between; locked ends it.
        for _ in 0..3 {
            let Some(row) = self.join_window(email, attempt, now).await? else { return Ok(()) };
            if Reader::new(&self.table.name, &row).time("expires_at")? > now {
                return Err(Error::AccountLocked);
            }
            if self.open_window(email, attempt, now).await? {
                return Ok(());
            }
        }
        Err(Error::Unavailable(format!("table {}: one row changed under three tries", self.table.name)))
    }

    /// Adds the attempt to the open window, or to none. The row as it is, when that was refused.
    async fn join_window(
        &self,
        email: &EmailHash,
        attempt: AttemptId,
        now: Timestamp,
    ) -> Result<Option<Item>> {
        let result = self
            .table
            .update()
            .key("email_hash", s(email))
            .update_expression("ADD attempts :attempt SET expires_at = :expires")
            .condition_expression(
                "attribute_not_exists(attempts) OR contains(attempts, :id) \
                 OR (expires_at > :now AND size(attempts) < :limit)",
            )
            .expression_attribute_values(":attempt", binary_set(attempt.as_bytes()))
            .expression_attribute_values(":id", AttributeValue::B(attempt.as_bytes().into()))
            .expression_attribute_values(":expires", time(now + self.settings.duration))
            .expression_attribute_values(":now", time(now))
            .expression_attribute_values(":limit", n(self.settings.attempts))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        Ok(or_refused_row(&self.table, result)?.err())
    }

    /// Begins a new window with this attempt. `false` when another request did so first.
    async fn open_window(&self, email: &EmailHash, attempt: AttemptId, now: Timestamp) -> Result<bool> {
        let result = self
            .table
            .update()
            .key("email_hash", s(email))
            .update_expression("SET attempts = :attempt, expires_at = :expires")
            .condition_expression("attribute_not_exists(expires_at) OR expires_at <= :now")
            .expression_attribute_values(":attempt", binary_set(attempt.as_bytes()))
            .expression_attribute_values(":expires", time(now + self.settings.duration))
            .expression_attribute_values(":now", time(now))
            .send()
            .await;
        unless_refused(&self.table, result).map(|done| done.is_some())
    }

    /// Gives a reserved attempt back: its password could not be judged (promise OP6).
    pub async fn release_attempt(&self, email: &EmailHash, attempt: AttemptId) -> Result<()> {
        let result = self
            .table
            .update()
            .key("email_hash", s(email))
            .update_expression("DELETE attempts :attempt")
            .condition_expression("attribute_exists(email_hash)")
            .expression_attribute_values(":attempt", binary_set(attempt.as_bytes()))
            .send()
            .await;
        unless_refused(&self.table, result).map(|_| ())
    }

    /// Forgets all failures: the right password came, or an operator says so. Whether there were any.
    pub async fn clear(&self, email: &EmailHash) -> Result<bool> {
        let output = self
            .table
            .delete()
            .key("email_hash", s(email))
            .return_values(ReturnValue::AllOld)
            .send()
            .await
            .map_err(|error| failure(&self.table, error))?;
        Ok(output.attributes.is_some())
    }

    /// How many attempts of the open window failed, and until when it lasts; `None` when none is open. For operators.
    pub async fn get(&self, email: &EmailHash, now: Timestamp) -> Result<Option<(usize, Timestamp)>> {
        let output = self
            .table
            .get()
            .key("email_hash", s(email))
            .send()
            .await
            .map_err(|error| failure(&self.table, error))?;
        let Some(row) = output.item else { return Ok(None) };
        let expires_at = Reader::new(&self.table.name, &row).time("expires_at")?;
        let attempts = row.get("attempts").and_then(|set| set.as_bs().ok()).map_or(0, Vec::len);
        Ok((expires_at > now && attempts > 0).then_some((attempts, expires_at)))
    }
}
