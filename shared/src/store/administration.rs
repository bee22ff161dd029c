//! The transactions of admins, leads and operators, each with its entry in the audit trail (promise AD4).

use aws_sdk_dynamodb::{
    error::BuildError,
    types::{ConditionCheck, Delete, Update},
};

use super::{
    AttemptKey, Store,
    item::{n, s},
    transaction::{Commit, Transaction},
};
use crate::{
    domain::{AuditEntry, Email, Intent, IntentKind, Role, Status, User, UserId},
    error::Result,
};

/// What shall be different about a user; `None`: what is there stays.
#[derive(Clone, Default)]
pub struct UserChange {
    /// What the person may do.
    pub role: Option<Role>,
    /// Whether the person may log in. Inactive ends all sessions.
    pub status: Option<Status>,
    /// What to call the person; `Some(None)`: nothing.
    pub name: Option<Option<String>>,
}

/// Another active admin, in whose presence an admin may be removed: if he is removed at the same moment, neither is.
/// So there is always one (docs/decisions/0008).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Witness(pub Option<UserId>);

/// What became of a change.
#[derive(Debug, PartialEq, Eq)]
pub enum Change {
    /// It was done; the user as it is now (for a deletion, as it was).
    Done(User),
    /// The user was changed or deleted meanwhile, by somebody else. Nothing was done.
    Stale,
    /// He is an admin, and the witness is none, or not any more. Nothing was done.
    LastAdmin,
}

impl Store {
    /// Changes a user who is still as `user` says, and records it.
    pub async fn change_user(
        &self,
        user: &User,
        change: &UserChange,
        witness: Witness,
        entry: &AuditEntry,
    ) -> Result<Change> {
        let mut new = user.clone();
        new.role = change.role.unwrap_or(user.role);
        new.status = change.status.unwrap_or(user.status);
        new.name = change.name.clone().unwrap_or_else(|| user.name.clone());
        if new.status == Status::Inactive {
            new.generation += 1;
        }
        let transaction = self.transaction("change of a user").update("user", self.write_change(user, &new));
        let stays_admin = new.role == Role::Admin && new.status == Status::Active;
        let removed = if stays_admin { None } else { Some(user) };
        self.commit_change(transaction, removed, witness, entry, new).await
    }

    /// Deletes a user who is still as `user` says, and records it. All sessions and tokens of a user who is gone are
    /// dead, and the e-mail may be registered again.
    pub async fn delete_user(&self, user: &User, witness: Witness, entry: &AuditEntry) -> Result<Change> {
        let transaction = self
            .transaction("deletion of a user")
            .delete("user", self.delete_row(user))
            .delete("user", self.delete_credential(user))
            .delete("lockout", self.lockouts.forget(&AttemptKey::Email(user.email.hash())));
        self.commit_change(transaction, Some(user), witness, entry, user.clone()).await
    }

    async fn commit_change(
        &self,
        mut transaction: Transaction,
        removed: Option<&User>,
        Witness(witness): Witness,
        entry: &AuditEntry,
        new: User,
    ) -> Result<Change> {
        if removed.is_some_and(User::is_active_admin) {
            match witness.filter(|witness| *witness != new.id) {
                Some(witness) => transaction = transaction.check("witness", self.is_active_admin(witness)),
                None => return Ok(Change::LastAdmin),
            }
        }
        Ok(match self.audit.record(transaction, entry).commit().await? {
            Commit::Done => Change::Done(new),
            Commit::Refused(by) if by.contains(&"user") => Change::Stale,
            Commit::Refused(_) => Change::LastAdmin,
        })
    }

    fn write_change(&self, user: &User, new: &User) -> std::result::Result<Update, BuildError> {
        let expression = match &new.name {
            Some(_) => "SET #role = :role, #status = :status, #name = :name ADD generation :ended",
            None => "SET #role = :role, #status = :status REMOVE #name ADD generation :ended",
        };
        // All that is written must be as it was read: else one of two changes at once undoes the other.
        let is_as_read = match &user.name {
            Some(_) => "#name = :old_name",
            None => "attribute_not_exists(#name)",
        };
        let still_none = is_still_no_admin(user);
        let condition = format!("#role = :old_role AND #status = :old_status AND {is_as_read}{still_none}");
        let names = [(":name", &new.name), (":old_name", &user.name)];
        let names = names.into_iter().filter_map(|(word, name)| Some((word, s(name.as_ref()?))));
        let values = names.chain((!still_none.is_empty()).then(|| (":none", n(0))));
        values
            .fold(Update::builder(), |update, (word, value)| update.expression_attribute_values(word, value))
            .table_name(&self.users.0.name)
            .key("user_id", s(user.id))
            .update_expression(expression)
            .condition_expression(condition)
            .expression_attribute_names("#role", "role")
            .expression_attribute_names("#status", "status")
            .expression_attribute_names("#name", "name")
            .expression_attribute_values(":old_role", s(user.role))
            .expression_attribute_values(":old_status", s(user.status))
            .expression_attribute_values(":role", s(new.role))
            .expression_attribute_values(":status", s(new.status))
            .expression_attribute_values(":ended", n(new.generation - user.generation))
            .build()
    }

    fn delete_row(&self, user: &User) -> std::result::Result<Delete, BuildError> {
        let still_none = is_still_no_admin(user);
        let none = (!still_none.is_empty()).then(|| n(0));
        none.into_iter()
            .fold(Delete::builder(), |delete, none| delete.expression_attribute_values(":none", none))
            .table_name(&self.users.0.name)
            .key("user_id", s(user.id))
            .condition_expression(format!(
                "#role = :role AND #status = :status AND email = :email{still_none}"
            ))
            .expression_attribute_names("#role", "role")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":role", s(user.role))
            .expression_attribute_values(":status", s(user.status))
            .expression_attribute_values(":email", s(&user.email))
            .build()
    }

    fn delete_credential(&self, user: &User) -> std::result::Result<Delete, BuildError> {
        Delete::builder()
            .table_name(&self.credentials.0.name)
            .key("email", s(&user.email))
            .condition_expression("user_id = :user")
            .expression_attribute_values(":user", s(user.id))
            .build()
    }

    fn is_active_admin(&self, witness: UserId) -> std::result::Result<ConditionCheck, BuildError> {
        ConditionCheck::builder()
            .table_name(&self.users.0.name)
            .key("user_id", s(witness))
            .condition_expression("#role = :admin AND #status = :active AND password_version > :none")
            .expression_attribute_values(":none", n(0))
            .expression_attribute_names("#role", "role")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":admin", s(Role::Admin))
            .expression_attribute_values(":active", s(Status::Active))
            .build()
    }

    /// Ends all sessions of a user, and records it (promise RT10). `false` if there is no such user.
    pub async fn end_sessions(&self, id: UserId, entry: &AuditEntry) -> Result<bool> {
        let update = Update::builder()
            .table_name(&self.users.0.name)
            .key("user_id", s(id))
            .update_expression("ADD generation :one")
            .condition_expression("attribute_exists(user_id)")
            .expression_attribute_values(":one", n(1))
            .build();
        self.done(self.transaction("end of sessions").update("user", update), entry).await
    }

    /// Ends all sessions of one generation of the user, all that are alive, and records it (promises RT9, RT10). Done
    /// before, or a generation that ended otherwise: nothing, and `false`.
    pub async fn end_generation(&self, id: UserId, generation: u64, entry: &AuditEntry) -> Result<bool> {
        let update = Update::builder()
            .table_name(&self.users.0.name)
            .key("user_id", s(id))
            .update_expression("SET generation = :next")
            .condition_expression("generation = :ended")
            .expression_attribute_values(":ended", n(generation))
            .expression_attribute_values(":next", n(generation + 1))
            .build();
        self.done(self.transaction("logout everywhere").update("user", update), entry).await
    }

    /// Forgets the failures of an e-mail, existing or not, and those of its user's devices, and records it. `false`,
    /// and nothing done, when `user` has another e-mail by now, or none.
    pub async fn unlock(&self, email: &Email, user: Option<UserId>, entry: &AuditEntry) -> Result<bool> {
        let forget = self.lockouts.forget(&AttemptKey::Email(email.hash()));
        let mut transaction = self.transaction("unlock").delete("lockout", forget);
        if let Some(user) = user {
            transaction = transaction.update("credential", self.unlock_devices(email, user));
        }
        self.done(transaction, entry).await
    }

    /// What the devices count is counted by this number, too: no device need be known.
    fn unlock_devices(&self, email: &Email, user: UserId) -> std::result::Result<Update, BuildError> {
        Update::builder()
            .table_name(&self.credentials.0.name)
            .key("email", s(email))
            .update_expression("REMOVE device_locked_until ADD unlocks :one")
            .condition_expression("user_id = :user")
            .expression_attribute_values(":one", n(1))
            .expression_attribute_values(":user", s(user))
            .build()
    }

    /// Queues a mail with a link to choose a password, and records it. It is no notice: it goes out whatever
    /// SECURITY_NOTICES says.
    pub async fn send_reset(&self, user: &User, entry: &AuditEntry) -> Result<()> {
        let mail = self.outbox.put(&Intent::new(IntentKind::SentReset(user.email.clone()), entry.at));
        self.done(self.transaction("reset mail").put("mail", mail), entry).await.map(|_| ())
    }

    async fn done(&self, transaction: Transaction, entry: &AuditEntry) -> Result<bool> {
        let commit = self.audit.record(transaction, entry).commit().await?;
        Ok(matches!(commit, Commit::Done))
    }
}

/// Part of a condition. An admin who chose no password counts for none, and is removed without a witness: so long as that
/// is so.
fn is_still_no_admin(user: &User) -> &'static str {
    if user.role == Role::Admin && !user.has_password() { " AND password_version = :none" } else { "" }
}
