//! ResetTokens: the tokens that were mailed, as hashes. Key: token_hash.
//!
//! Attributes: email, user_id, expires_at (TTL). A row alone resets nothing: Credentials names the one live token.

use super::{
    Table, failure,
    item::{Reader, s, time},
};
use crate::{
    domain::{Email, ResetToken, ResetTokenHash, Timestamp, UserId},
    error::Result,
};

/// The table.
pub struct ResetTokens(pub(super) Table);

/// A token that was mailed and is not too old.
pub struct PendingReset {
    /// What finds it.
    pub token: ResetTokenHash,
    /// The account's e-mail.
    pub email: Email,
    /// The account's user.
    pub user_id: UserId,
}

impl ResetTokens {
    /// Remembers a token until it expires.
    pub async fn put(
        &self,
        token: &ResetTokenHash,
        email: &Email,
        user_id: UserId,
        expires_at: Timestamp,
    ) -> Result<()> {
        self.0
            .put()
            .item("token_hash", s(token.as_str()))
            .item("email", s(email))
            .item("user_id", s(user_id))
            .item("expires_at", time(expires_at))
            .send()
            .await
            .map(|_| ())
            .map_err(|error| failure(&self.0, error))
    }

    /// Whose token it is; `None` when it is unknown, used or too old at `now`.
    pub async fn get(&self, token: &ResetToken, now: Timestamp) -> Result<Option<PendingReset>> {
        let name = &self.0.name;
        let token = token.hash();
        let output = self
            .0
            .get()
            .key("token_hash", s(token.as_str()))
            .send()
            .await
            .map_err(|error| failure(&self.0, error))?;
        let Some(row) = output.item else { return Ok(None) };
        let row = Reader::new(name, &row);
        if row.time("expires_at")? <= now {
            return Ok(None);
        }
        Ok(Some(PendingReset { token, email: row.parsed("email")?, user_id: row.parsed("user_id")? }))
    }
}
