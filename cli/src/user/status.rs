//! `latchkey user disable` and `latchkey user enable`.

use std::fmt;

use serde::Serialize;
use shared::domain::{Email, Status, User};

use super::{Desk, half_gone};
use crate::failure::Failure;

/// The user as they are now.
#[derive(Serialize)]
#[serde(transparent)]
pub struct Changed(User);

/// Ends all sessions and refuses logins; again is the same. Errors: nobody has the e-mail.
pub async fn disable(desk: &Desk, email: &Email) -> Result<Changed, Failure> {
    let id = desk.find(email).await?;
    desk.store.users.disable(id).await?.map(Changed).ok_or_else(|| half_gone(email, id))
}

/// Lets the user log in again; again is the same. Errors: nobody has the e-mail.
pub async fn enable(desk: &Desk, email: &Email) -> Result<Changed, Failure> {
    let id = desk.find(email).await?;
    desk.store.users.enable(id).await?.map(Changed).ok_or_else(|| half_gone(email, id))
}

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let email = &self.0.email;
        match self.0.status {
            Status::Active => write!(f, "{email} is active and may log in."),
            Status::Inactive => {
                write!(f, "{email} is inactive: all sessions have ended, and no login works.")
            }
        }
    }
}
