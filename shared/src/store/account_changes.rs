//! The transactions of users who change their own password or e-mail: whole or not at all.

use aws_sdk_dynamodb::{
    error::BuildError,
    types::{Delete, Put, Update},
};

use super::{
    AttemptKey, Credential, PendingVerification, Store, credentials,
    item::{Item, n, s, time},
    transaction::Commit,
};
use crate::{
    domain::{AuditEntry, Email, Intent, IntentKind, PasswordHash, SessionId, Status, Timestamp, User},
    error::{Error, Result},
};

/// A new password of a user who proved the current one.
pub struct PasswordChange<'a> {
    /// The user as the guard read it.
    pub user: &'a User,
    /// The session that asks, and goes on.
    pub session_id: SessionId,
    /// The counter of the attempt with which the current password was proved.
    pub attempts: &'a AttemptKey,
    /// The hash of the new password.
    pub new_hash: &'a PasswordHash,
    /// What the audit trail says of it.
    pub entry: &'a AuditEntry,
}

/// A new e-mail of a user who proved it.
pub struct EmailChange<'a> {
    /// The user as it was read: with the present address.
    pub user: &'a User,
    /// What is stored under the present address.
    pub credential: &'a Credential,
    /// The token that was shown.
    pub pending: &'a PendingVerification,
    /// What the audit trail says of it.
    pub entry: &'a AuditEntry,
}

impl Store {
    /// Sets the password, ends all sessions but one, voids mailed tokens, forgets failures and queues the notice
    /// (promise RT11). Errors: `InvalidAccessToken` if that session has ended; `Conflict` if another change came first.
    pub async fn change_password(&self, change: PasswordChange<'_>) -> Result<()> {
        let now = change.entry.at;
        let notice = Intent::new(IntentKind::PasswordChanged(change.user.id), now);
        let transaction = self
            .transaction("password change")
            .update("credential", self.replace_hash(&change))
            .update("user", self.next_generation(&change))
            .update("session", self.keep_session(&change))
            .delete("lockout", self.lockouts.forget(change.attempts))
            .put("notice", self.outbox.put(&notice));
        match self.audit.record(transaction, change.entry).commit().await? {
            Commit::Done => Ok(()),
            Commit::Refused(by) if by == ["session"] => Err(Error::InvalidAccessToken),
            Commit::Refused(_) => Err(changed_meanwhile()),
        }
    }

    fn replace_hash(&self, change: &PasswordChange<'_>) -> std::result::Result<Update, BuildError> {
        Update::builder()
            .table_name(&self.credentials.0.name)
            .key("email", s(&change.user.email))
            .update_expression(
                "SET password_hash = :hash, password_changed_at = :now, password_version = :next \
                 REMOVE reset_token_hash, email_change_token_hash, device_locked_until",
            )
            .condition_expression("user_id = :user AND password_version = :version")
            .expression_attribute_values(":hash", s(change.new_hash.expose()))
            .expression_attribute_values(":now", time(change.entry.at))
            .expression_attribute_values(":user", s(change.user.id))
            .expression_attribute_values(":version", n(change.user.password_version))
            .expression_attribute_values(":next", n(change.user.password_version + 1))
            .build()
    }

    fn next_generation(&self, change: &PasswordChange<'_>) -> std::result::Result<Update, BuildError> {
        Update::builder()
            .table_name(&self.users.0.name)
            .key("user_id", s(change.user.id))
            .update_expression("SET generation = :next_generation, password_version = :next_version")
            .condition_expression(
                "generation = :generation AND password_version = :version AND #status = :active",
            )
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":generation", n(change.user.generation))
            .expression_attribute_values(":next_generation", n(change.user.generation + 1))
            .expression_attribute_values(":version", n(change.user.password_version))
            .expression_attribute_values(":next_version", n(change.user.password_version + 1))
            .expression_attribute_values(":active", s(Status::Active))
            .build()
    }

    fn keep_session(&self, change: &PasswordChange<'_>) -> std::result::Result<Update, BuildError> {
        Update::builder()
            .table_name(&self.sessions.table.name)
            .key("user_id", s(change.user.id))
            .key("session_id", s(change.session_id))
            .update_expression("SET generation = :next")
            .condition_expression("generation = :generation AND expires_at > :now")
            .expression_attribute_values(":generation", n(change.user.generation))
            .expression_attribute_values(":next", n(change.user.generation + 1))
            .expression_attribute_values(":now", time(change.entry.at))
            .build()
    }

    /// Moves the account to the address that was proved, and tells the one before. `false`, and nothing changed, when
    /// the token was used, voided or is too old, the address is taken by now, or the account was changed meanwhile.
    pub async fn change_email(&self, change: EmailChange<'_>) -> Result<bool> {
        let now = change.entry.at;
        let notice = Intent::new(IntentKind::EmailChanged(change.user.id, change.user.email.clone()), now);
        let transaction = self
            .transaction("e-mail change")
            .delete("token", self.consume_verification(change.pending, now))
            .delete(
                "present credential",
                self.leave_email(change.credential, change.user, Some(change.pending)),
            )
            .put("new credential", self.take_email(change.credential, &change.pending.email))
            .update("user", self.rename(&change))
            .put("notice", self.outbox.put(&notice));
        let commit = self.audit.record(transaction, change.entry).commit().await?;
        Ok(matches!(commit, Commit::Done))
    }

    /// Only if the token is there and not too old.
    pub(super) fn consume_verification(
        &self,
        pending: &PendingVerification,
        now: Timestamp,
    ) -> std::result::Result<Delete, BuildError> {
        Delete::builder()
            .table_name(&self.email_verifications.0.name)
            .key("token_hash", s(pending.token.as_str()))
            .condition_expression("attribute_exists(token_hash) AND expires_at > :now")
            .expression_attribute_values(":now", time(now))
            .build()
    }

    /// Only if what moves is still what was read, and the token, if that moves it, still the one that may.
    pub(super) fn leave_email(
        &self,
        credential: &Credential,
        user: &User,
        pending: Option<&PendingVerification>,
    ) -> std::result::Result<Delete, BuildError> {
        let is_as_read = "user_id = :user AND password_version = :version AND NOT (unlocks > :unlocks)";
        let delete = Delete::builder()
            .table_name(&self.credentials.0.name)
            .key("email", s(&user.email))
            .expression_attribute_values(":user", s(user.id))
            .expression_attribute_values(":version", n(credential.password_version))
            .expression_attribute_values(":unlocks", n(credential.unlocks));
        match pending {
            None => delete.condition_expression(is_as_read),
            Some(pending) => delete
                .condition_expression(format!("{is_as_read} AND email_change_token_hash = :token"))
                .expression_attribute_values(":token", s(pending.token.as_str())),
        }
        .build()
    }

    /// Only if nobody has the address. What voids older links moves, too, and what is known of locked devices.
    pub(super) fn take_email(
        &self,
        credential: &Credential,
        email: &Email,
    ) -> std::result::Result<Put, BuildError> {
        let mut item = Item::from([
            ("email".to_owned(), s(email)),
            ("user_id".to_owned(), s(credential.user_id)),
            ("password_version".to_owned(), n(credential.password_version)),
            ("unlocks".to_owned(), n(credential.unlocks)),
        ]);
        let Credential {
            password_hash,
            password_changed_at,
            email_change_requested_at,
            device_locked_until,
            newcomer,
            ..
        } = credential;
        item.extend(password_hash.as_ref().map(|hash| ("password_hash".to_owned(), s(hash.expose()))));
        item.extend(password_changed_at.map(|at| ("password_changed_at".to_owned(), time(at))));
        item.extend(email_change_requested_at.map(|at| ("email_change_requested_at".to_owned(), time(at))));
        item.extend(device_locked_until.map(|at| ("device_locked_until".to_owned(), time(at))));
        item.extend(credentials::marks(newcomer.as_ref()));
        Put::builder()
            .table_name(&self.credentials.0.name)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(email)")
            .build()
    }

    fn rename(&self, change: &EmailChange<'_>) -> std::result::Result<Update, BuildError> {
        Update::builder()
            .table_name(&self.users.0.name)
            .key("user_id", s(change.user.id))
            .update_expression("SET email = :new")
            .condition_expression("email = :present AND #status = :active")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":new", s(&change.pending.email))
            .expression_attribute_values(":present", s(&change.user.email))
            .expression_attribute_values(":active", s(Status::Active))
            .build()
    }
}

pub(super) fn changed_meanwhile() -> Error {
    Error::Conflict("The account was changed at the same moment. Look at it again, then try again.")
}
