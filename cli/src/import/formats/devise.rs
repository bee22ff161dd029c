//! Rails with Devise: the table of users, as CSV or JSON lines.

use super::{Fields, Row, base64};

/// What Devise hashes behind each password. It has no Debug: it is a secret.
pub struct Pepper(Vec<u8>);

/// bcrypt reads no more of password and pepper together.
const READ: usize = 72;

impl Pepper {
    /// From the contents of a file; a newline at its end is not part of it. `None` if nothing is there.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim_end_matches(['\r', '\n']);
        let bytes = &text.as_bytes()[..text.len().min(READ)];
        (!bytes.is_empty()).then(|| Self(bytes.to_owned()))
    }
}

/// Errors: the user was deleted there.
pub fn row(fields: &Fields, pepper: Option<&Pepper>) -> Result<Row, String> {
    if fields.first(&["deleted_at", "discarded_at"]).is_some() {
        return Err("was deleted there".to_owned());
    }
    let hash = fields.text("encrypted_password").map(|hash| match pepper {
        Some(Pepper(pepper)) => format!("$bcrypt-pepper${}{hash}", base64(pepper)),
        None => hash,
    });
    let last_login = fields.first(&["current_sign_in_at", "last_sign_in_at"]);
    Ok(Row {
        id: fields.text("id"),
        email: fields.text("email"),
        name: fields.first(&["name", "full_name"]).or_else(|| fields.both_names("first_name", "last_name")),
        created_at: fields.text("created_at"),
        last_login,
        hash: hash.map(Ok),
        // Only with the module Confirmable.
        is_verified: fields.is_set("confirmed_at"),
        ..Row::default()
    })
}
