//! A user as admins and leads see him.

use serde::Serialize;
use shared::domain::User;

/// What the user sees himself, and what helps to look after the account.
#[derive(Serialize)]
pub(crate) struct Listed {
    #[serde(flatten)]
    user: User,
    /// Whether the person ever chose a password.
    has_password: bool,
}

impl From<User> for Listed {
    fn from(user: User) -> Self {
        Self { has_password: user.has_password(), user }
    }
}
