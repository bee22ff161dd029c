//! The formats: what each source writes about a user, and where.

mod auth0;
mod cognito;
mod devise;
mod django;
mod firebase;
mod keycloak;
mod own;
mod supabase;

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
pub use devise::Pepper;
pub use firebase::HashConfig;
pub use own::OWN;
use shared::domain::{Origin, Timestamp};

use super::{fields::Fields, row::Row};

/// What a source's hashes need beside what stands in its file.
#[derive(Default)]
pub struct Keys {
    /// Firebase's.
    pub hash_config: Option<HashConfig>,
    /// Devise's.
    pub pepper: Option<Pepper>,
}

/// What a record says. Errors: why it is about nobody who could come here, or what in it can't be read.
pub fn row(origin: Origin, fields: &Fields, keys: &Keys, now: Timestamp) -> Result<Row, String> {
    match origin {
        Origin::Latchkey | Origin::Csv => own::row(fields),
        Origin::Auth0 => auth0::row(fields),
        Origin::Cognito => cognito::row(fields),
        Origin::Devise => devise::row(fields, keys.pepper.as_ref()),
        Origin::Django => django::row(fields),
        Origin::Firebase => firebase::row(fields, keys.hash_config.as_ref()),
        Origin::Keycloak => keycloak::row(fields),
        Origin::Supabase => supabase::row(fields, now),
    }
}

/// Members of other systems' users: an object with one of them is none of one's own making, though it has an e-mail. Taken
/// for one, it would lose what they tell, such as whether that was ever proved.
const MARKS: [&str; 17] = [
    "Attributes",
    "Enabled",
    "UserStatus",
    "Username",
    "_id",
    "confirmed_at",
    "credentials",
    "custom_password_hash",
    "date_joined",
    "emailVerified",
    "email_confirmed_at",
    "encrypted_password",
    "fields",
    "identities",
    "is_superuser",
    "localId",
    "user_id",
];

/// Which format this is, if its first record leaves no doubt.
pub fn detect(fields: &Fields, is_csv: bool) -> Option<Origin> {
    let has = |names: &[&str]| names.iter().all(|name| fields.has(name));
    let has_email = fields.0.keys().any(|name| name.eq_ignore_ascii_case("email"));
    let found = [
        (has(&["localId"]), Origin::Firebase),
        (has(&["UserStatus", "Attributes"]) || has(&["cognito:username"]), Origin::Cognito),
        (has(&["encrypted_password", "email_confirmed_at"]), Origin::Supabase),
        (has(&["encrypted_password"]), Origin::Devise),
        (has(&["model", "fields"]) || has(&["is_superuser", "date_joined"]), Origin::Django),
        (has(&["username", "enabled", "emailVerified"]), Origin::Keycloak),
        (has(&["passwordHash", "email_verified"]) || has(&["user_id", "email_verified"]), Origin::Auth0),
        (!is_csv && has(&["email", "password_version"]), Origin::Latchkey),
        (has_email && (is_csv || !MARKS.iter().any(|mark| fields.has(mark))), Origin::Csv),
    ];
    found.into_iter().find(|(fits, _)| *fits).map(|(_, origin)| origin)
}

/// Whether it is one of those of our own, with the names that we give: the operator wrote the file, or an export did.
pub fn is_own(origin: Origin) -> bool {
    matches!(origin, Origin::Latchkey | Origin::Csv)
}

/// As hashes are written.
fn base64(bytes: &[u8]) -> String {
    STANDARD_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests;
