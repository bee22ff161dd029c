//! The transaction of an operator who gives an account another address: after a theft, or when the owner lost the old one.

use aws_sdk_dynamodb::{error::BuildError, types::Update};

use super::{
    Credential, Store,
    item::{n, s},
    transaction::Commit,
};
use crate::{
    domain::{AuditEntry, Email, Intent, IntentKind, Newcomer, User},
    error::Result,
};

/// What became of it.
#[derive(Debug, PartialEq, Eq)]
pub enum EmailSet {
    /// It was done; the user as it is now.
    Done(User),
    /// The address has an account. Nothing was done.
    Taken,
    /// The account was changed meanwhile. Nothing was done.
    Stale,
}

impl Store {
    /// Moves the account to the address, password and all; ends all sessions, voids all links that were mailed or asked
    /// for, tells the address before, and records it.
    pub async fn set_email(
        &self,
        user: &User,
        credential: &Credential,
        email: &Email,
        entry: &AuditEntry,
    ) -> Result<EmailSet> {
        let moved = User { email: email.clone(), generation: user.generation + 1, ..user.clone() };
        // The other system knows a newcomer by the address before: whoever has the new one there is somebody else.
        let newcomer = credential.newcomer.clone().map(|newcomer| Newcomer {
            username: newcomer.username.or_else(|| Some(user.email.to_string())),
            ..newcomer
        });
        // A link that somebody asked for before, and that is not mailed yet, is void, too.
        let email_change_requested_at = Some(entry.at);
        let credential = Credential { email_change_requested_at, newcomer, ..credential.clone() };
        let notice = Intent::new(IntentKind::EmailChanged(user.id, user.email.clone()), entry.at);
        let transaction = self
            .transaction("e-mail set")
            .delete("present credential", self.leave_email(&credential, user, None))
            .put("new credential", self.take_email(&credential, email))
            .update("user", self.readdress(user, &moved))
            .put("notice", self.outbox.put(&notice));
        Ok(match self.audit.record(transaction, entry).commit().await? {
            Commit::Done => EmailSet::Done(moved),
            Commit::Refused(by) if by.contains(&"new credential") => EmailSet::Taken,
            Commit::Refused(_) => EmailSet::Stale,
        })
    }

    fn readdress(&self, user: &User, moved: &User) -> std::result::Result<Update, BuildError> {
        Update::builder()
            .table_name(&self.users.0.name)
            .key("user_id", s(user.id))
            .update_expression("SET email = :new, generation = :next")
            .condition_expression("email = :present AND generation = :generation")
            .expression_attribute_values(":new", s(&moved.email))
            .expression_attribute_values(":next", n(moved.generation))
            .expression_attribute_values(":present", s(&user.email))
            .expression_attribute_values(":generation", n(user.generation))
            .build()
    }
}
