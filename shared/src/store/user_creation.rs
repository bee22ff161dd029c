//! The transactions that make an account: by an admin or operator, with a password or an invitation, or by its owner,
//! who proved the address.

use aws_sdk_dynamodb::{error::BuildError, types::Put};

use super::{
    PendingVerification, Store,
    item::{Item, n, s},
    transaction::Commit,
    users,
};
use crate::{
    domain::{AuditEntry, Intent, IntentKind, PasswordHash, User},
    error::Result,
};

/// How the new user gets a password.
pub enum UserCreation {
    /// It is set already.
    WithPassword(PasswordHash),
    /// A mail invites the user to choose one.
    WithInvitation,
}

/// An account that its owner makes.
pub struct Registration<'a> {
    /// The token that was shown.
    pub pending: &'a PendingVerification,
    /// The user to be, with the address that the token proves.
    pub user: &'a User,
    /// The hash of the password that was chosen.
    pub hash: &'a PasswordHash,
    /// What the audit trail says of it.
    pub entry: &'a AuditEntry,
}

impl Store {
    /// Makes an account, and records it. `false`, and nothing made, when the e-mail has one.
    pub async fn create_user(&self, user: &User, creation: UserCreation, entry: &AuditEntry) -> Result<bool> {
        let mut transaction = self.transaction("new user");
        let hash = match creation {
            UserCreation::WithPassword(hash) => Some(hash),
            UserCreation::WithInvitation => {
                let invitation = Intent::new(IntentKind::Invitation(user.email.clone()), entry.at);
                transaction = transaction.put("invitation", self.outbox.put(&invitation));
                None
            }
        };
        let transaction = transaction
            .put("user", self.new_user(user, hash.is_some()))
            .put("credential", self.new_credential(user, hash.as_ref()));
        Ok(matches!(self.audit.record(transaction, entry).commit().await?, Commit::Done))
    }

    /// Makes the account of who proved its address, and uses the proof up. `false`, and nothing made, when the token was
    /// used or is too old, or the address has an account by now: of many at once, one is made (promise RG3).
    pub async fn register(&self, registration: Registration<'_>) -> Result<bool> {
        let Registration { pending, user, hash, entry } = registration;
        let transaction = self
            .transaction("registration")
            .delete("token", self.consume_verification(pending, entry.at))
            .put("user", self.new_user(user, true))
            .put("credential", self.new_credential(user, Some(hash)));
        Ok(matches!(self.audit.record(transaction, entry).commit().await?, Commit::Done))
    }

    fn new_user(&self, user: &User, has_password: bool) -> std::result::Result<Put, BuildError> {
        let user = User { password_version: has_password.into(), ..user.clone() };
        Put::builder()
            .table_name(&self.users.0.name)
            .set_item(Some(users::item(&user)))
            .condition_expression("attribute_not_exists(user_id)")
            .build()
    }

    fn new_credential(
        &self,
        user: &User,
        hash: Option<&PasswordHash>,
    ) -> std::result::Result<Put, BuildError> {
        let mut item = Item::from([
            ("email".to_owned(), s(&user.email)),
            ("user_id".to_owned(), s(user.id)),
            ("password_version".to_owned(), n(u64::from(hash.is_some()))),
        ]);
        item.extend(hash.map(|hash| ("password_hash".to_owned(), s(hash.expose()))));
        Put::builder()
            .table_name(&self.credentials.0.name)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(email)")
            .build()
    }
}
