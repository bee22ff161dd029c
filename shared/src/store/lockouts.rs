//! Lockouts: password attempts that did not succeed, by e-mail, existing or not, or by trusted device. Key: key, the
//! hash of the e-mail or `device#<id>#<unlocks>`, with how often its user was unlocked: so an unlock, which knows no
//! device, lets each begin anew.
//!
//! Attributes: attempts (a set with one id for each attempt), expires_at (TTL). A set, because adding an id twice
//! counts once: a reservation whose answer was lost can be sent again.

use std::fmt;

use aws_sdk_dynamodb::{
    error::BuildError,
    types::{AttributeValue, Delete, ReturnValue, ReturnValuesOnConditionCheckFailure},
};

use super::{
    Table, failure,
    item::{Item, Reader, binary_set, n, s, time},
    or_refused_row, unless_refused,
};
use crate::{
    config::LockoutSettings,
    domain::{AttemptId, DeviceId, EmailHash, Timestamp},
    error::{Error, Result},
};

/// The table.
pub struct Lockouts {
    pub(super) table: Table,
    pub(super) settings: LockoutSettings,
}

/// What attempts are counted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttemptKey {
    /// Those of everybody who was not seen before: by the e-mail that they name.
    Email(EmailHash),
    /// Those of a device on which its user logged in before (OWASP device cookies), since the user's last unlock.
    Device {
        /// The device.
        id: DeviceId,
        /// How often its user was unlocked.
        unlocks: u64,
    },
}

/// An attempt that may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reservation {
    /// Whether it is the last one of its window: if it fails, too, no further one may be made.
    pub is_last: bool,
}

impl AttemptKey {
    /// The word for it in the log.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Email(_) => "email",
            Self::Device { .. } => "device",
        }
    }
}

impl fmt::Display for AttemptKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Email(hash) => hash.fmt(f),
            Self::Device { id, unlocks } => write!(f, "device#{id}#{unlocks}"),
        }
    }
}

impl Lockouts {
    /// Reserves an attempt BEFORE the password is checked, so that no storm of parallel guesses gets more checks than
    /// the limit (promise LG5). One atomic write; a second one when the window of earlier failures is over.
    /// Errors: `AccountLocked` when all attempts of the window are taken; being refused extends nothing (LG3).
    pub async fn reserve_attempt(
        &self,
        key: &AttemptKey,
        attempt: AttemptId,
        now: Timestamp,
    ) -> Result<Reservation> {
        // Each round can only be refused because another request changed the row in between; locked ends it.
        for _ in 0..3 {
            let row = match self.join_window(key, attempt, now).await? {
                Ok(attempts) => return Ok(Reservation { is_last: attempts >= self.settings.attempts }),
                Err(row) => row,
            };
            if Reader::new(&self.table.name, &row).time("expires_at")? > now {
                return Err(Error::AccountLocked);
            }
            if self.open_window(key, attempt, now).await? {
                return Ok(Reservation { is_last: self.settings.attempts == 1 });
            }
        }
        Err(Error::Unavailable(format!("table {}: one row changed under three tries", self.table.name)))
    }

    /// Adds the attempt to the open window, or to none; how many it has then. The row as it is, when that was refused.
    async fn join_window(
        &self,
        key: &AttemptKey,
        attempt: AttemptId,
        now: Timestamp,
    ) -> Result<std::result::Result<usize, Item>> {
        let result = self
            .table
            .update()
            .key("key", s(key))
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
            .return_values(ReturnValue::UpdatedNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let joined = or_refused_row(&self.table, result)?;
        Ok(joined.map(|output| size(&output.attributes.unwrap_or_default())))
    }

    /// Begins a new window with this attempt. `false` when another request did so first.
    async fn open_window(&self, key: &AttemptKey, attempt: AttemptId, now: Timestamp) -> Result<bool> {
        let result = self
            .table
            .update()
            .key("key", s(key))
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
    pub async fn release_attempt(&self, key: &AttemptKey, attempt: AttemptId) -> Result<()> {
        let result = self
            .table
            .update()
            .key("key", s(key))
            .update_expression("DELETE attempts :attempt")
            .condition_expression("attribute_exists(attempts)")
            .expression_attribute_values(":attempt", binary_set(attempt.as_bytes()))
            .send()
            .await;
        unless_refused(&self.table, result).map(|_| ())
    }

    /// Forgets all failures: the right password came.
    pub async fn clear(&self, key: &AttemptKey) -> Result<()> {
        let sent = self.table.delete().key("key", s(key)).send().await;
        sent.map(|_| ()).map_err(|error| failure(&self.table, error))
    }

    /// The same as part of a transaction.
    pub(super) fn forget(&self, key: &AttemptKey) -> std::result::Result<Delete, BuildError> {
        Delete::builder().table_name(&self.table.name).key("key", s(key)).build()
    }

    /// How many attempts of the open window failed, and until when it lasts; `None` when none is open. For those who look after accounts.
    pub async fn get(&self, email: &EmailHash, now: Timestamp) -> Result<Option<(usize, Timestamp)>> {
        let output = self
            .table
            .get()
            .key("key", s(email))
            .send()
            .await
            .map_err(|error| failure(&self.table, error))?;
        let Some(row) = output.item else { return Ok(None) };
        let expires_at = Reader::new(&self.table.name, &row).time("expires_at")?;
        let attempts = size(&row);
        Ok((expires_at > now && attempts > 0).then_some((attempts, expires_at)))
    }
}

fn size(row: &Item) -> usize {
    row.get("attempts").and_then(|set| set.as_bs().ok()).map_or(0, Vec::len)
}
