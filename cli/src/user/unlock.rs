//! `latchkey user unlock`: forgets failed logins. E-mails without an account lock, too, and are unlocked alike.

use std::fmt;

use serde::Serialize;
use shared::{domain::Email, event::Event};

use super::show::{Lockout, lockout};
use crate::{desk::Desk, failure::Failure};

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
    let event = Event::success("unlock");
    let event = match desk.store.credentials.find_user(email).await? {
        Some(id) => event.user(id),
        None => event.email(email.hash()),
    };
    desk.store.unlock(email, &desk.entry(event)).await?;
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
