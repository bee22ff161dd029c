//! EmailVerifications: tokens that were mailed to prove an address, as hashes. Key: token_hash.
//!
//! Attributes: email (the address that it proves), user_id (who wants it; absent at a registration), expires_at (TTL).
//! A row alone moves no account to an address: Credentials names the one token that may.

use super::{
    Table, failure,
    item::{Item, Reader, s, time},
};
use crate::{
    domain::{Email, Timestamp, UserId, VerificationToken, VerificationTokenHash},
    error::Result,
};

/// The table.
pub struct EmailVerifications(pub(super) Table);

/// A token that was mailed and is not too old.
pub struct PendingVerification {
    /// What finds it.
    pub token: VerificationTokenHash,
    /// The address that it proves.
    pub email: Email,
    /// Whose address it shall be; `None` at a registration.
    pub user_id: Option<UserId>,
}

impl EmailVerifications {
    /// Remembers a token until it expires.
    pub async fn put(&self, pending: &PendingVerification, expires_at: Timestamp) -> Result<()> {
        let mut item = Item::from([
            ("token_hash".to_owned(), s(pending.token.as_str())),
            ("email".to_owned(), s(&pending.email)),
            ("expires_at".to_owned(), time(expires_at)),
        ]);
        item.extend(pending.user_id.map(|id| ("user_id".to_owned(), s(id))));
        let sent = self.0.put().set_item(Some(item)).send().await;
        sent.map(|_| ()).map_err(|error| failure(&self.0, error))
    }

    /// What the token proves; `None` when it is unknown, used or too old at `now`.
    pub async fn get(
        &self,
        token: &VerificationToken,
        now: Timestamp,
    ) -> Result<Option<PendingVerification>> {
        let token = token.hash();
        let request = self.0.get().key("token_hash", s(token.as_str()));
        let output = request.send().await.map_err(|error| failure(&self.0, error))?;
        let Some(row) = output.item else { return Ok(None) };
        let row = Reader::new(&self.0.name, &row);
        if row.time("expires_at")? <= now {
            return Ok(None);
        }
        Ok(Some(PendingVerification {
            token,
            email: row.parsed("email")?,
            user_id: row.optional("user_id")?,
        }))
    }
}
