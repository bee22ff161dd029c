//! An account as it moves in or out.

use super::{PasswordHash, Timestamp, User, words::words};

/// All that is kept of a user, but what is open for minutes or days: links and sessions. It has no Debug and no
/// Serialize: there is a hash in it.
#[derive(Clone)]
pub struct Account {
    /// The person.
    pub user: User,
    /// Absent while there is no password.
    pub password_hash: Option<PasswordHash>,
    /// When the password was last changed, if it ever was.
    pub password_changed_at: Option<Timestamp>,
    /// Set for who came without a hash and has not chosen a password since.
    pub newcomer: Option<Newcomer>,
}

/// What is known of a user who came from another system without a password hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newcomer {
    /// Which one.
    pub origin: Origin,
    /// What the user was called there, if that is not the e-mail.
    pub username: Option<String>,
}

/// A word in place of an origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be one of latchkey, csv, auth0, cognito, devise, django, firebase, keycloak, supabase")]
pub struct UnknownOrigin;

words!(
    /// Where an imported account comes from, and so the format of the file.
    Origin, UnknownOrigin {
        /// An export of ours, as JSON lines.
        Latchkey = "latchkey",
        /// A table with the columns of ours.
        Csv = "csv",
        /// Auth0.
        Auth0 = "auth0",
        /// Amazon Cognito, which gives no hashes away.
        Cognito = "cognito",
        /// Rails with Devise.
        Devise = "devise",
        /// Django.
        Django = "django",
        /// Firebase Authentication.
        Firebase = "firebase",
        /// Keycloak.
        Keycloak = "keycloak",
        /// Supabase Auth.
        Supabase = "supabase",
    }
);

impl Origin {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Latchkey,
        Self::Csv,
        Self::Auth0,
        Self::Cognito,
        Self::Devise,
        Self::Django,
        Self::Firebase,
        Self::Keycloak,
        Self::Supabase,
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_origin_has_its_word() {
        for origin in Origin::ALL {
            assert_eq!(origin.as_str().parse(), Ok(origin));
            assert!(UnknownOrigin.to_string().contains(origin.as_str()));
        }
    }
}
