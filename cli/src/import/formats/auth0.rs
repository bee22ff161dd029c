//! Auth0: the list of hashes that its support gives out (JSON lines with `passwordHash`, always bcrypt), and its schema of
//! bulk imports (`password_hash`, `custom_password_hash`).

use super::{Fields, Row};

pub fn row(fields: &Fields) -> Result<Row, String> {
    // auth0|65f... in profiles, {"$oid": "65f..."} in the list of hashes.
    let oid = fields.object("_id").and_then(|id| id.text("$oid"));
    // Who gave none is called by the e-mail.
    let name = fields.text("name").filter(|name| Some(name) != fields.text("email").as_ref());
    let hash = fields.first(&["passwordHash", "password_hash"]).map(Ok);
    Ok(Row {
        id: fields.text("user_id").or(oid),
        email: fields.text("email"),
        name: name.or_else(|| fields.both_names("given_name", "family_name")),
        status: (fields.flag("blocked")? == Some(true)).then(|| "inactive".to_owned()),
        created_at: time(fields, "created_at"),
        last_login: time(fields, "last_login"),
        hash: hash.or_else(|| fields.object("custom_password_hash").map(|custom| custom_hash(&custom))),
        is_verified: Some(fields.flag("email_verified")? == Some(true)),
        ..Row::default()
    })
}

/// As text, or as MongoDB writes it.
fn time(fields: &Fields, name: &str) -> Option<String> {
    fields.text(name).or_else(|| fields.object(name)?.text("$date"))
}

/// Those of its algorithms that are written as PHC strings or in bcrypt's own form.
fn custom_hash(custom: &Fields) -> Result<String, &'static str> {
    let value = custom.object("hash").and_then(|hash| hash.text("value"));
    match custom.text("algorithm").as_deref() {
        Some("argon2" | "bcrypt" | "pbkdf2") => value.ok_or("has no value"),
        _ => Err("is of an algorithm other than argon2, bcrypt and pbkdf2"),
    }
}
