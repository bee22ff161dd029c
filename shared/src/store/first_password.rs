//! The transaction that takes a password over from the system that its user came from.

use aws_sdk_dynamodb::{error::BuildError, types::Update};

use super::{
    Credential, Store,
    item::{n, s, time},
    transaction::Commit,
};
use crate::{
    domain::{AuditEntry, Email, Newcomer, PasswordHash},
    error::Result,
};

/// A password that the other system says is right.
pub struct FirstPassword<'a> {
    /// Whose it is.
    pub email: &'a Email,
    /// What is stored of the e-mail: no hash.
    pub credential: &'a Credential,
    /// Where the user came from.
    pub newcomer: &'a Newcomer,
    /// The hash of the password.
    pub hash: &'a PasswordHash,
    /// What the audit trail says of it.
    pub entry: &'a AuditEntry,
}

impl Store {
    /// Sets it, and removes the mark: nobody is asked again. `false`, and nothing changed, when there is a password by
    /// now, or the account is gone.
    pub async fn set_first_password(&self, first: FirstPassword<'_>) -> Result<bool> {
        let transaction = self
            .transaction("first password")
            .update("credential", self.first_hash(&first))
            .update("user", self.first_version(&first));
        Ok(matches!(self.audit.record(transaction, first.entry).commit().await?, Commit::Done))
    }

    fn first_hash(&self, first: &FirstPassword<'_>) -> std::result::Result<Update, BuildError> {
        let version = first.credential.password_version;
        Update::builder()
            .table_name(&self.credentials.0.name)
            .key("email", s(first.email))
            .update_expression(
                "SET password_hash = :hash, password_changed_at = :now, password_version = :next \
                 REMOVE must_reset, old_username, reset_token_hash, email_change_token_hash",
            )
            .condition_expression(
                "user_id = :user AND password_version = :version AND must_reset = :origin \
                 AND attribute_not_exists(password_hash)",
            )
            .expression_attribute_values(":hash", s(first.hash.expose()))
            .expression_attribute_values(":now", time(first.entry.at))
            .expression_attribute_values(":user", s(first.credential.user_id))
            .expression_attribute_values(":origin", s(first.newcomer.origin))
            .expression_attribute_values(":version", n(version))
            .expression_attribute_values(":next", n(version + 1))
            .build()
    }

    fn first_version(&self, first: &FirstPassword<'_>) -> std::result::Result<Update, BuildError> {
        let version = first.credential.password_version;
        Update::builder()
            .table_name(&self.users.0.name)
            .key("user_id", s(first.credential.user_id))
            .update_expression("SET password_version = :next")
            .condition_expression("password_version = :version")
            .expression_attribute_values(":version", n(version))
            .expression_attribute_values(":next", n(version + 1))
            .build()
    }
}
