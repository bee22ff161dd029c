//! `latchkey user unlock`: forgets failed logins. Accounts are not looked at, since e-mails without one lock too.

use std::fmt;

use serde::Serialize;
use shared::domain::Email;

use super::{
    Desk,
    show::{Lockout, lockout},
};
use crate::failure::Failure;

/// What was forgotten.
#[derive(Serialize)]
pub struct Unlocked {
    email: Email,
    /// As in `user show`, from before.
    lockout: Option<Lockout>,
}

/// Forgets the e-mail's failed logins, if there are any.
pub async fn unlock(desk: &Desk, email: &Email) -> Result<Unlocked, Failure> {
    let lockout = lockout(desk, email).await?;
    desk.store.lockouts.clear(&email.hash()).await?;
    Ok(Unlocked { email: email.clone(), lockout })
}

impl fmt::Display for Unlocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let email = &self.email;
        match &self.lockout {
            Some(lockout) if lockout.locked => write!(f, "{email} is unlocked; it was {lockout}."),
            Some(lockout) => write!(f, "{email} was not locked. Forgotten now: {}.", lockout.failures()),
            None => write!(f, "{email} was not locked, and no failed login was remembered."),
        }
    }
}
