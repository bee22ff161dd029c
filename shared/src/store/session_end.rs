//! The transaction that ends one session and writes it down (promise AU2).

use aws_sdk_dynamodb::types::Delete;

use super::{Store, item::s, transaction::Commit};
use crate::{
    domain::{AuditEntry, SessionId, UserId},
    error::Result,
};

impl Store {
    /// Ends a session at once, and records it. `false`, and nothing recorded, when it was not there: of many requests
    /// that end it one did.
    pub async fn end_session(&self, user: UserId, session: SessionId, entry: &AuditEntry) -> Result<bool> {
        let delete = Delete::builder()
            .table_name(&self.sessions.table.name)
            .key("user_id", s(user))
            .key("session_id", s(session))
            .condition_expression("attribute_exists(session_id)")
            .build();
        let transaction = self.transaction("end of a session").delete("session", delete);
        let commit = self.audit.record(transaction, entry).commit().await?;
        Ok(matches!(commit, Commit::Done))
    }
}
