//! The transaction of a password reset: everything that it changes, whole or not at all (promises RS3, RS4).

use aws_sdk_dynamodb::{
    error::BuildError,
    types::{Delete, Update},
};

use super::{
    AttemptKey, PendingReset, Store,
    item::{n, s, time},
    transaction::Commit,
};
use crate::{
    domain::{AuditEntry, Intent, IntentKind, PasswordHash, Status},
    error::Result,
};

/// A reset that may be carried out.
pub struct PasswordReset<'a> {
    /// The token that was shown.
    pub pending: &'a PendingReset,
    /// The hash of the password that was chosen.
    pub new_hash: &'a PasswordHash,
    /// What the audit trail says of it.
    pub entry: &'a AuditEntry,
}

/// What became of it.
#[derive(Debug, PartialEq, Eq)]
pub enum ResetOutcome {
    /// All of it was done.
    Done,
    /// Nothing was: the token was used or voided, or the user is not active.
    Refused,
}

impl Store {
    /// Consumes the token, sets the password, clears the lock, ends all sessions and queues the notice.
    pub async fn reset_password(&self, reset: PasswordReset<'_>) -> Result<ResetOutcome> {
        let notice = Intent::new(IntentKind::PasswordChanged(reset.pending.user_id), reset.entry.at);
        let lock = AttemptKey::Email(reset.pending.email.hash());
        let transaction = self
            .transaction("password reset")
            .delete("token", self.consume_token(&reset))
            .update("credential", self.set_password(&reset))
            .delete("lockout", self.lockouts.forget(&lock))
            .update("user", self.end_all_sessions(&reset))
            .put("notice", self.outbox.put(&notice));
        Ok(match self.audit.record(transaction, reset.entry).commit().await? {
            Commit::Done => ResetOutcome::Done,
            Commit::Refused(_) => ResetOutcome::Refused,
        })
    }

    fn consume_token(&self, reset: &PasswordReset<'_>) -> std::result::Result<Delete, BuildError> {
        Delete::builder()
            .table_name(&self.reset_tokens.0.name)
            .key("token_hash", s(reset.pending.token.as_str()))
            .condition_expression("attribute_exists(token_hash) AND expires_at > :now")
            .expression_attribute_values(":now", time(reset.entry.at))
            .build()
    }

    /// Only if the token is still the one live token of the account.
    fn set_password(&self, reset: &PasswordReset<'_>) -> std::result::Result<Update, BuildError> {
        Update::builder()
            .table_name(&self.credentials.0.name)
            .key("email", s(&reset.pending.email))
            .update_expression(
                "SET password_hash = :hash, password_changed_at = :now \
                 REMOVE reset_token_hash, email_change_token_hash, device_locked_until, must_reset, old_username \
                 ADD password_version :one",
            )
            .condition_expression("reset_token_hash = :token AND user_id = :user")
            .expression_attribute_values(":hash", s(reset.new_hash.expose()))
            .expression_attribute_values(":now", time(reset.entry.at))
            .expression_attribute_values(":token", s(reset.pending.token.as_str()))
            .expression_attribute_values(":user", s(reset.pending.user_id))
            .expression_attribute_values(":one", n(1))
            .build()
    }

    /// Only if the user is active.
    fn end_all_sessions(&self, reset: &PasswordReset<'_>) -> std::result::Result<Update, BuildError> {
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
