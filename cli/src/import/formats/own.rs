//! Our own exports, as JSON lines or CSV, and tables with their columns. Only the e-mail must be there.

use super::{Fields, Row};
use crate::import::row::Own;

/// All that is read.
pub const OWN: [&str; 13] = [
    "id",
    "email",
    "name",
    "role",
    "status",
    "password_hash",
    "created_at",
    "last_login",
    "email_verified",
    "old_username",
    "password_changed_at",
    "password_version",
    "must_reset",
];

pub fn row(fields: &Fields) -> Result<Row, String> {
    let is_verified = fields.flag("email_verified")?;
    Ok(Row {
        id: fields.text("id"),
        email: fields.text("email"),
        name: fields.text("name"),
        role: fields.text("role"),
        status: fields.text("status"),
        created_at: fields.text("created_at"),
        last_login: fields.text("last_login"),
        hash: fields.text("password_hash").map(Ok),
        // An empty cell of a column that is there is no proof.
        is_verified: fields.has("email_verified").then_some(is_verified == Some(true)),
        username: fields.text("old_username"),
        own: Own {
            password_changed_at: fields.text("password_changed_at"),
            password_version: fields.text("password_version"),
            must_reset: fields.text("must_reset"),
        },
    })
}
