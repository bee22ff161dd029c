//! RateLimits: how often addresses and e-mails asked. Key: key.
//!
//! An address is counted in fixed windows, each a row of its own: `login#203.0.113.7#5984784`. Mails to an e-mail have
//! one row a purpose, `mail#<hash of the e-mail>` or `verification-mail#<hash>`, with the number in 24 hours, the last one's id and when the next may go.

use std::time::Duration;

use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};

use super::{
    Table, failure,
    item::{Item, Reader, n, s, time},
    or_refused_row, unless_refused,
};
use crate::{
    config::{LimitSettings, ResetSettings},
    domain::{ClientAddress, EmailHash, IntentId, Timestamp, UserId},
    error::{Error, Result},
};

/// The table.
pub struct RateLimits {
    pub(super) table: Table,
    pub(super) limits: LimitSettings,
    pub(super) reset: ResetSettings,
}

/// Why a mail is asked for. Each is counted alone, so that a stranger's registrations can't use up an owner's resets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailPurpose {
    /// To choose a new password.
    Reset,
    /// To prove the address, at a registration or a change of e-mail.
    Verification,
    /// To tell that somebody guesses.
    LockNotice,
    /// To choose a password, sent by an admin or lead.
    SentByManager,
}

const DAY: Duration = Duration::from_secs(86_400);

impl RateLimits {
    /// Counts a login of the address. Errors: `TooManyRequests` beyond the limit of the window.
    pub async fn count_login(&self, address: &ClientAddress, now: Timestamp) -> Result<()> {
        self.count("login", self.limits.logins, address, now).await
    }

    /// Counts a request for a reset of the address. Errors: `TooManyRequests` beyond the limit of the window.
    pub async fn count_forgot(&self, address: &ClientAddress, now: Timestamp) -> Result<()> {
        self.count("forgot", self.limits.forgot_requests, address, now).await
    }

    /// Counts a registration of the address. Errors: `TooManyRequests` beyond the limit of the window.
    pub async fn count_registration(&self, address: &ClientAddress, now: Timestamp) -> Result<()> {
        self.count("register", self.limits.registrations, address, now).await
    }

    /// Counts a mail that a user has us write to an address that need not be his. Errors: `TooManyRequests` beyond as
    /// many a day as go to one address.
    pub async fn count_email_change(&self, user: UserId, now: Timestamp) -> Result<()> {
        self.count_in(DAY, format!("change_email#{user}"), self.reset.mails_per_day, now).await
    }

    /// Takes back that a change of e-mail was counted: nothing came of it.
    pub async fn give_email_change_back(&self, user: UserId, now: Timestamp) -> Result<()> {
        let key = window_key(&format!("change_email#{user}"), window_of(DAY, now));
        let update = self.table.update().key("key", s(key)).update_expression("ADD #count :minus_one");
        let result = update
            .condition_expression("attribute_exists(#count)")
            .expression_attribute_names("#count", "count")
            .expression_attribute_values(":minus_one", n(-1))
            .send()
            .await;
        unless_refused(&self.table, result).map(|_| ())
    }

    async fn count(&self, what: &str, limit: u64, address: &ClientAddress, now: Timestamp) -> Result<()> {
        self.count_in(self.limits.window, format!("{what}#{}", address.limit_key()), limit, now).await
    }

    async fn count_in(&self, window: Duration, who: String, limit: u64, now: Timestamp) -> Result<()> {
        let number = window_of(window, now);
        let ends_at = Timestamp::from_epoch_seconds((number + 1) * window.as_secs() as i64);
        let output = self
            .table
            .update()
            .key("key", s(window_key(&who, number)))
            .update_expression("ADD #count :one SET expires_at = :ends")
            .expression_attribute_names("#count", "count")
            .expression_attribute_values(":one", n(1))
            .expression_attribute_values(":ends", time(ends_at))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await
            .map_err(|error| failure(&self.table, error))?;
        let counted: u64 =
            Reader::new(&self.table.name, &output.attributes.unwrap_or_default()).parsed("count")?;
        if counted > limit { Err(Error::TooManyRequests { retry_after: ends_at.since(now) }) } else { Ok(()) }
    }

    /// Whether one more mail may go to this e-mail now, and if so counts it (promise RS9). One atomic write; a second
    /// one when the last mail's 24 hours are over. A repeated write finds the mail's own id and is allowed.
    pub async fn allow_mail(
        &self,
        purpose: MailPurpose,
        email: &EmailHash,
        id: IntentId,
        now: Timestamp,
    ) -> Result<bool> {
        let key = mail_key(purpose, email);
        for _ in 0..3 {
            let Some(row) = self.count_mail(&key, id, now).await? else { return Ok(true) };
            let row = Reader::new(&self.table.name, &row);
            if row.time("expires_at")? > now {
                return Ok(row.optional("last_id")? == Some(id));
            }
            if self.begin_mail_day(&key, id, now).await? {
                return Ok(true);
            }
        }
        Err(Error::Unavailable(format!("table {}: one row changed under three tries", self.table.name)))
    }

    /// Takes back that a mail was counted: it could not be queued.
    pub async fn give_mail_back(
        &self,
        purpose: MailPurpose,
        email: &EmailHash,
        id: IntentId,
        now: Timestamp,
    ) -> Result<()> {
        let result = self
            .table
            .update()
            .key("key", s(mail_key(purpose, email)))
            .update_expression("SET next_at = :now REMOVE last_id ADD #count :minus_one")
            .condition_expression("last_id = :id")
            .expression_attribute_names("#count", "count")
            .expression_attribute_values(":id", s(id))
            .expression_attribute_values(":now", time(now))
            .expression_attribute_values(":minus_one", n(-1))
            .send()
            .await;
        unless_refused(&self.table, result).map(|_| ())
    }

    /// Counts the mail if the running day allows it. The row as it is, when that was refused.
    async fn count_mail(&self, key: &str, id: IntentId, now: Timestamp) -> Result<Option<Item>> {
        let result = self
            .table
            .update()
            .key("key", s(key))
            .update_expression(
                "ADD #count :one \
                 SET next_at = :next, last_id = :id, expires_at = if_not_exists(expires_at, :ends)",
            )
            .condition_expression(
                "attribute_not_exists(#count) OR (expires_at > :now AND #count < :limit AND next_at <= :now)",
            )
            .expression_attribute_names("#count", "count")
            .expression_attribute_values(":one", n(1))
            .expression_attribute_values(":id", s(id))
            .expression_attribute_values(":next", time(now + self.reset.mail_cooldown))
            .expression_attribute_values(":ends", time(now + DAY))
            .expression_attribute_values(":now", time(now))
            .expression_attribute_values(":limit", n(self.reset.mails_per_day))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        Ok(or_refused_row(&self.table, result)?.err())
    }

    /// Begins a new day with this mail. `false` when another request did so first.
    async fn begin_mail_day(&self, key: &str, id: IntentId, now: Timestamp) -> Result<bool> {
        let result = self
            .table
            .update()
            .key("key", s(key))
            .update_expression("SET #count = :one, next_at = :next, last_id = :id, expires_at = :ends")
            .condition_expression("attribute_not_exists(expires_at) OR expires_at <= :now")
            .expression_attribute_names("#count", "count")
            .expression_attribute_values(":one", n(1))
            .expression_attribute_values(":id", s(id))
            .expression_attribute_values(":next", time(now + self.reset.mail_cooldown))
            .expression_attribute_values(":ends", time(now + DAY))
            .expression_attribute_values(":now", time(now))
            .send()
            .await;
        unless_refused(&self.table, result).map(|done| done.is_some())
    }
}

/// Windows are counted from the epoch.
fn window_of(window: Duration, now: Timestamp) -> i64 {
    now.epoch_seconds().div_euclid(window.as_secs() as i64)
}

fn window_key(who: &str, number: i64) -> String {
    format!("{who}#{number}")
}

fn mail_key(purpose: MailPurpose, email: &EmailHash) -> String {
    match purpose {
        MailPurpose::Reset => format!("mail#{email}"),
        MailPurpose::Verification => format!("verification-mail#{email}"),
        MailPurpose::LockNotice => format!("lock-notice#{email}"),
        MailPurpose::SentByManager => format!("manager-mail#{email}"),
    }
}
