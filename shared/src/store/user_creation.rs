//! The transaction that makes an account: user and credential, with the invitation if there is one.

use aws_sdk_dynamodb::{
    operation::transact_write_items::TransactWriteItemsError,
    types::{Put, TransactWriteItem},
};

use super::{
    Store, failure,
    item::{Item, n, s},
    users,
};
use crate::{
    domain::{Intent, IntentId, IntentKind, PasswordHash, User},
    error::{Error, Result},
};

/// How the new user gets a password.
pub enum UserCreation {
    /// It is set already.
    WithPassword(PasswordHash),
    /// A mail invites the user to choose one.
    WithInvitation,
}

impl Store {
    /// Makes an account. `false`, and nothing made, when the e-mail has one.
    pub async fn create_user(&self, user: &User, creation: UserCreation) -> Result<bool> {
        let mut credential = Item::from([
            ("email".to_owned(), s(&user.email)),
            ("user_id".to_owned(), s(user.id)),
            ("password_version".to_owned(), n(user.password_version)),
        ]);
        let mut writes = vec![put(&self.users.0.name, users::item(user), "attribute_not_exists(user_id)")?];
        match creation {
            UserCreation::WithPassword(hash) => {
                credential.insert("password_hash".to_owned(), s(hash.expose()));
            }
            UserCreation::WithInvitation => {
                let invitation = self.outbox.put(&Intent {
                    id: IntentId::generate(),
                    kind: IntentKind::Invitation(user.email.clone()),
                    created_at: user.created_at,
                })?;
                writes.push(TransactWriteItem::builder().put(invitation).build());
            }
        }
        writes.push(put(&self.credentials.0.name, credential, "attribute_not_exists(email)")?);
        let result = self.users.0.client.transact_write_items().set_transact_items(Some(writes)).send().await;
        let Err(error) = result else { return Ok(true) };
        match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(canceled))
                if canceled
                    .cancellation_reasons()
                    .iter()
                    .any(|reason| reason.code() == Some("ConditionalCheckFailed")) =>
            {
                Ok(false)
            }
            _ => Err(failure(&self.users.0, error)),
        }
    }
}

fn put(table: &str, item: Item, condition: &str) -> Result<TransactWriteItem> {
    let put = Put::builder()
        .table_name(table)
        .set_item(Some(item))
        .condition_expression(condition)
        .build()
        .map_err(|error| Error::Internal(error.to_string()))?;
    Ok(TransactWriteItem::builder().put(put).build())
}
