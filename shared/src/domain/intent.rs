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
    /// An admin, lead or operator sends the owner of this account a link to choose a password.
    SentReset(Email),
    /// Somebody wants an account with this address. Whether one has it is not known yet.
    Registration(Email),
    /// One of the above within the cool-down: it is written so that asking costs the same, never delivered, and names
    /// nobody.
    Suppressed,
    /// An admin or operator made this account; its owner chooses the password.
    Invitation(Email),
    /// The user wants this address instead of the present one.
    EmailChange(UserId, Email),
    /// The user's address was this one, and is another now.
    EmailChanged(UserId, Email),
    /// The user's password was changed.
    PasswordChanged(UserId),
    /// This address was locked after too many failures. Whether an account has it is not known yet.
    LockedOut(Email),
    /// The user logged in on a device not seen before.
    NewDevice(UserId, SignIn),
}

/// Where a login came from, as the mail about it tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// The address, as the gateway saw it.
    pub address: String,
    /// What the device calls itself.
    pub user_agent: Option<String>,
}

impl Intent {
    /// A new one, queued at `now`.
    pub fn new(kind: IntentKind, now: Timestamp) -> Self {
        Self { id: IntentId::generate(), kind, created_at: now }
    }
}

impl IntentKind {
    /// The word for it in the table; the stream's filter in template.yaml knows `suppressed`.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::PasswordReset(_) => "password_reset",
            Self::SentReset(_) => "sent_reset",
            Self::Registration(_) => "registration",
            Self::Suppressed => "suppressed",
            Self::Invitation(_) => "invitation",
            Self::EmailChange(..) => "email_change",
            Self::EmailChanged(..) => "email_changed",
            Self::PasswordChanged(_) => "password_changed",
            Self::LockedOut(_) => "locked_out",
            Self::NewDevice(..) => "new_device",
        }
    }
}
