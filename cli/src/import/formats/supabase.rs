//! Supabase Auth: the table `auth.users`, as CSV or JSON lines.

use shared::domain::Timestamp;

use super::{Fields, Row};
use crate::import::moment::moment;

/// Errors: the user was deleted there, or nobody can tell until when it is banned.
pub fn row(fields: &Fields, now: Timestamp) -> Result<Row, String> {
    if fields.text("deleted_at").is_some() {
        return Err("was deleted there".to_owned());
    }
    let is_banned = match fields.text("banned_until").as_deref() {
        None => false,
        // As PostgreSQL writes a time that never comes.
        Some("infinity") => true,
        Some(text) => moment(text).ok_or("banned_until must be a time such as 2026-11-23T13:54:38Z")? > now,
    };
    let about = fields.object("raw_user_meta_data");
    Ok(Row {
        id: fields.text("id"),
        email: fields.text("email"),
        name: about.and_then(|about| about.first(&["full_name", "name", "display_name"])),
        status: is_banned.then(|| "inactive".to_owned()),
        created_at: fields.text("created_at"),
        last_login: fields.text("last_sign_in_at"),
        hash: fields.text("encrypted_password").map(Ok),
        is_verified: Some(fields.first(&["email_confirmed_at", "confirmed_at"]).is_some()),
        ..Row::default()
    })
}
