//! `latchkey user unlock`: forgets failed logins, also those that a device counted alone. E-mails without an account
//! lock, too, and are unlocked alike.

use std::fmt;

use serde::Serialize;
use shared::{
    domain::{Email, Timestamp},
    event::Event,
};

use super::{
    admins::busy,
    show::{Lockout, lockout},
};
use crate::{desk::Desk, failure::Failure};

/// What was forgotten.
#[derive(Serialize)]
pub struct Unlocked {
    email: Email,
    /// As in `user show`, from before.
    lockout: Option<Lockout>,
    /// The same.
    device_locked_until: Option<Timestamp>,
}

/// Forgets the e-mail's failed logins and those of its user's devices, if there are any. Errors: the account is moved
/// or deleted at the same moment.
pub async fn unlock(desk: &Desk, email: &Email) -> Result<Unlocked, Failure> {
    let lockout = lockout(desk, email).await?;
    let event = Event::success("unlock");
    let device_locked_until = desk.store.credentials.device_locked_until(email, desk.now).await?;
    let user = desk.store.credentials.find_user(email).await?;
    let event = match user {
        Some(id) => event.user(id),
        None => event.email(email.hash()),
    };
    if !desk.store.unlock(email, user, &desk.entry(event)).await? {
        return Err(busy(email));
    }
    Ok(Unlocked { email: email.clone(), lockout, device_locked_until })
}

impl fmt::Display for Unlocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let email = &self.email;
        match (&self.lockout, self.device_locked_until) {
            (Some(lockout), _) if lockout.locked => write!(f, "{email} is unlocked; it was {lockout}.")?,
            (Some(lockout), None) => {
                write!(f, "{email} was not locked. Forgotten now: {}.", lockout.failures())?;
            }
            (None, None) => write!(f, "{email} was not locked, and no failed login was remembered.")?,
            (_, Some(_)) => write!(f, "{email} itself was not locked.")?,
        }
        match self.device_locked_until {
            Some(until) => {
                write!(f, "\nA device was locked, until {until}; every device may try again.")
            }
            None => Ok(()),
        }
    }
}
