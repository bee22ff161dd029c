//! The transactions that make and remove signing keys, and write it down (promise KY6).

use aws_sdk_dynamodb::types::{Delete, Put, builders::DeleteBuilder};

use super::{
    Store,
    item::Item,
    signing_keys::{PRIVATE, PUBLIC, SESSION, key, private_item, public_item, session_item},
    transaction::{Commit, Transaction},
};
use crate::{
    domain::{AuditEntry, PrivateKey, PublicKey, SessionSecret},
    error::Result,
};

/// Both halves of a key that is to be stored.
pub struct KeyPair {
    /// Everybody's to read.
    pub public: PublicKey,
    /// For functions that sign.
    pub private: PrivateKey,
}

/// What becomes different; all of it, or nothing.
#[derive(Default)]
pub struct KeyChange<'a> {
    /// A key that is new. Its number must be free: of many that are made at once one is.
    pub new: Option<&'a KeyPair>,
    /// A key that ends, both halves.
    pub removed: Option<&'a PublicKey>,
    /// What signs refresh and device tokens from now on. Its number must be free, too.
    pub new_session: Option<&'a SessionSecret>,
    /// The number of the secret that did so before.
    pub removed_session: Option<u64>,
}

impl Store {
    /// Makes the change, and records it with these entries. `false`, and nothing done, when another one was quicker.
    pub async fn change_keys(&self, change: KeyChange<'_>, entries: &[AuditEntry]) -> Result<bool> {
        let mut transaction = self.transaction("change of signing keys");
        if let Some(pair) = change.new {
            transaction = self.put_if_free(transaction, public_item(&pair.public));
            transaction = self.put_if_free(transaction, private_item(&pair.private));
        }
        if let Some(removed) = change.removed {
            transaction = self.delete_if_there(transaction, key(PUBLIC, removed.number));
            transaction = transaction.delete("key", self.delete(key(PRIVATE, removed.number)).build());
        }
        if let Some(secret) = change.new_session {
            transaction = self.put_if_free(transaction, session_item(secret));
        }
        if let Some(number) = change.removed_session {
            transaction = self.delete_if_there(transaction, key(SESSION, number));
        }
        for entry in entries {
            transaction = self.audit.record(transaction, entry);
        }
        Ok(matches!(transaction.commit().await?, Commit::Done))
    }

    fn put_if_free(&self, transaction: Transaction, item: Item) -> Transaction {
        let put = Put::builder()
            .table_name(&self.signing_keys.0.name)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(part)")
            .build();
        transaction.put("key", put)
    }

    fn delete_if_there(&self, transaction: Transaction, key: Item) -> Transaction {
        let delete = self.delete(key).condition_expression("attribute_exists(part)");
        transaction.delete("key", delete.build())
    }

    fn delete(&self, key: Item) -> DeleteBuilder {
        Delete::builder().table_name(&self.signing_keys.0.name).set_key(Some(key))
    }
}
