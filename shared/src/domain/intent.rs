//! A mail that is to be sent, queued with the change that it tells about.

use super::{Email, IntentId, Timestamp, UserId};

/// A row of the table Outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// Its name; also what keeps two deliveries of it from sending two mails.
    pub id: IntentId,
    /// Which mail, to whom.
    pub kind: IntentKind,
    /// When it was queued.
    pub created_at: Timestamp,
}

/// Which mail, to whom. No kind holds a secret: tokens are made when the mail is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IntentKind {
    /// Somebody asked for a reset of this address's password. Whether an account has it is not known yet.
    PasswordReset(Email),
    /// The same, within the cool-down: it is written so that asking costs the same, never delivered, and names nobody.
    Suppressed,
    /// The user's password was changed.
    PasswordChanged(UserId),
    /// An operator made this account; its owner chooses the password.
    Invitation(Email),
}

impl IntentKind {
    /// The word for it in the table; the stream's filter in template.yaml knows `suppressed`.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::PasswordReset(_) => "password_reset",
            Self::Suppressed => "suppressed",
            Self::PasswordChanged(_) => "password_changed",
            Self::Invitation(_) => "invitation",
        }
    }
}
