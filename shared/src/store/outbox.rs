//! Outbox: mail to send. Its stream feeds the mailer. Key: id.
//!
//! Attributes: kind, email, user_id, address and user_agent (as the kind needs them), created_at, expires_at (TTL); then claimed_until while a mailer works on it,
//! and done_at once it is done. E-mail and address go when the mail is done: people type passwords into that field, and
//! what belongs to no account is not kept readable.

use std::time::Duration;

use aws_sdk_dynamodb::{
    error::BuildError,
    types::{AttributeValue, Put, ReturnValue, ReturnValuesOnConditionCheckFailure},
};

use super::{
    Table,
    item::{Item, Reader, s, time},
    or_refused_row, unless_refused,
};
use crate::{
    domain::{Intent, IntentId, IntentKind, SignIn, Timestamp},
    error::{Error, Result},
};

/// The table.
pub struct Outbox(pub(super) Table);

/// What a mailer got that asked for an intent.
#[derive(Debug, PartialEq, Eq)]
pub enum Claim {
    /// The right to send it, alone, for a while.
    Granted(Intent),
    /// It was sent, or is gone.
    Done,
    /// Another mailer holds it; ask again later.
    Held,
}

/// Longer than one mail may take (aws.rs: four calls of 2 s and one of 10 s), so that a claim ends before its mail is
/// dealt with only if its holder died.
const CLAIM: Duration = Duration::from_secs(20);

/// How long a row is kept, sent or not.
const KEPT: Duration = Duration::from_secs(7 * 86_400);

impl Outbox {
    /// Queues a mail that tells of no change.
    pub async fn queue(&self, intent: &Intent) -> Result<()> {
        let result = self
            .0
            .put()
            .set_item(Some(item(intent)))
            // A repeated write must not bring back what the mailer has dealt with meanwhile.
            .condition_expression("attribute_not_exists(id)")
            .send()
            .await;
        unless_refused(&self.0, result).map(|_| ())
    }

    /// Queues a mail as part of the transaction that makes the change it tells of.
    pub(super) fn put(&self, intent: &Intent) -> std::result::Result<Put, BuildError> {
        Put::builder().table_name(&self.0.name).set_item(Some(item(intent))).build()
    }

    /// Asks for the right to send a mail (promise RS13).
    pub async fn claim(&self, id: IntentId, now: Timestamp) -> Result<Claim> {
        let result = self
            .0
            .update()
            .key("id", s(id))
            .update_expression("SET claimed_until = :until")
            .condition_expression(
                "attribute_exists(id) AND attribute_not_exists(done_at) \
                 AND (attribute_not_exists(claimed_until) OR claimed_until <= :now)",
            )
            .expression_attribute_values(":until", time(now + CLAIM))
            .expression_attribute_values(":now", time(now))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match or_refused_row(&self.0, result)? {
            Ok(output) => self.intent(&output.attributes.unwrap_or_default()).map(Claim::Granted),
            Err(row) if row.is_empty() || row.contains_key("done_at") => Ok(Claim::Done),
            Err(_) => Ok(Claim::Held),
        }
    }

    /// Marks a mail as dealt with, sent or not to be sent, and forgets to whom.
    pub async fn mark_done(&self, id: IntentId, now: Timestamp) -> Result<()> {
        let result = self
            .0
            .update()
            .key("id", s(id))
            .update_expression("SET done_at = :now REMOVE claimed_until, email, address, user_agent")
            .condition_expression("attribute_exists(id)")
            .expression_attribute_values(":now", time(now))
            .send()
            .await;
        unless_refused(&self.0, result).map(|_| ())
    }

    /// Gives a claim back, so that the next try need not wait for its end.
    pub async fn release(&self, id: IntentId) -> Result<()> {
        let result = self
            .0
            .update()
            .key("id", s(id))
            .update_expression("REMOVE claimed_until")
            .condition_expression("attribute_exists(id)")
            .send()
            .await;
        unless_refused(&self.0, result).map(|_| ())
    }

    fn intent(&self, row: &Item) -> Result<Intent> {
        let row = Reader::new(&self.0.name, row);
        let kind: String = row.parsed("kind")?;
        Ok(Intent {
            id: row.parsed("id")?,
            created_at: row.time("created_at")?,
            kind: match kind.as_str() {
                "password_reset" => IntentKind::PasswordReset(row.parsed("email")?),
                "sent_reset" => IntentKind::SentReset(row.parsed("email")?),
                "registration" => IntentKind::Registration(row.parsed("email")?),
                "suppressed" => IntentKind::Suppressed,
                "invitation" => IntentKind::Invitation(row.parsed("email")?),
                "email_change" => IntentKind::EmailChange(row.parsed("user_id")?, row.parsed("email")?),
                "email_changed" => IntentKind::EmailChanged(row.parsed("user_id")?, row.parsed("email")?),
                "password_changed" => IntentKind::PasswordChanged(row.parsed("user_id")?),
                "locked_out" => IntentKind::LockedOut(row.parsed("email")?),
                "new_device" => {
                    let sign_in =
                        SignIn { address: row.parsed("address")?, user_agent: row.optional("user_agent")? };
                    IntentKind::NewDevice(row.parsed("user_id")?, sign_in)
                }
                unknown => return Err(Error::Internal(format!("an intent of unknown kind {unknown:?}"))),
            },
        })
    }
}

fn item(intent: &Intent) -> Item {
    let mut item = Item::from([
        ("id".to_owned(), s(intent.id)),
        ("kind".to_owned(), s(intent.kind.as_str())),
        ("created_at".to_owned(), time(intent.created_at)),
        ("expires_at".to_owned(), time(intent.created_at + KEPT)),
    ]);
    let mut set = |name: &str, value: AttributeValue| _ = item.insert(name.to_owned(), value);
    match &intent.kind {
        IntentKind::PasswordReset(email)
        | IntentKind::SentReset(email)
        | IntentKind::Registration(email)
        | IntentKind::Invitation(email)
        | IntentKind::LockedOut(email) => set("email", s(email)),
        IntentKind::EmailChange(user_id, email) | IntentKind::EmailChanged(user_id, email) => {
            set("user_id", s(user_id));
            set("email", s(email));
        }
        IntentKind::PasswordChanged(user_id) => set("user_id", s(user_id)),
        IntentKind::NewDevice(user_id, sign_in) => {
            set("user_id", s(user_id));
            set("address", s(&sign_in.address));
            if let Some(user_agent) = &sign_in.user_agent {
                set("user_agent", s(user_agent));
            }
        }
        IntentKind::Suppressed => {}
    }
    item
}
