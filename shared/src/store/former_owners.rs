//! Whose an address was: rows of Audit beside the entries, so that a history is found by an address that was given up or
//! whose user was deleted (docs/decisions/0016).
//!
//! Attributes: subject (`former#<hash of the address>`), at (as of the entry that tells of it), user_id, expires_at (TTL).
//! Without a day: the index does not have them.

use super::{
    Audit, AuditCursor, failure,
    item::{Item, Reader, s, time},
    transaction::Transaction,
};
use crate::{
    domain::{AuditEntry, EmailHash, Subject, UserId},
    error::Result,
};

/// More than one address ever has.
const MOST: i32 = 20;

impl Audit {
    /// Adds to the transaction which ends that an address is the user's, whose it was.
    pub(super) fn remember_owner(&self, transaction: Transaction, entry: &AuditEntry) -> Transaction {
        let (Some(former), Subject::UserId(user)) = (&entry.former_email_hash, &entry.subject) else {
            return transaction;
        };
        let item = Item::from([
            ("subject".to_owned(), s(key(former))),
            ("at".to_owned(), s(AuditCursor::of(entry))),
            ("user_id".to_owned(), s(user)),
            ("expires_at".to_owned(), time(entry.at + self.retention)),
        ]);
        transaction.put("former owner", self.put(item))
    }

    /// Who had the address before, the last one first; deleted or not. As long as the trail remembers.
    pub async fn former_owners(&self, email: &EmailHash) -> Result<Vec<UserId>> {
        let name = &self.table.name;
        let output = self
            .table
            .client
            .query()
            .table_name(name)
            .consistent_read(true)
            .key_condition_expression("subject = :key")
            .expression_attribute_values(":key", s(key(email)))
            .scan_index_forward(false)
            .limit(MOST)
            .send()
            .await
            .map_err(|error| failure(&self.table, error))?;
        let mut owners = Vec::new();
        for row in output.items() {
            let owner: UserId = Reader::new(name, row).parsed("user_id")?;
            if !owners.contains(&owner) {
                owners.push(owner);
            }
        }
        Ok(owners)
    }
}

fn key(email: &EmailHash) -> String {
    format!("former#{email}")
}
