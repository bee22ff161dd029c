//! `latchkey user set-email`: gives an account another address.

use std::fmt;

use serde::Serialize;
use shared::{
    domain::{Email, Status, User},
    event::Event,
    store::EmailSet,
};

use super::{TRIES, admins::busy};
use crate::{
    desk::{Desk, half_gone},
    failure::Failure,
};

/// The user as they are now.
#[derive(Serialize)]
pub struct Moved {
    #[serde(flatten)]
    user: User,
    former_email: Email,
    /// Whether a mail tells the former address.
    told: bool,
    /// Whether nobody is told of such a change.
    #[serde(skip)]
    is_notice_off: bool,
}

/// Moves the account of who has `email`. Errors: nobody has it; the new address has an account; others change the user
/// all the time.
pub async fn set_email(desk: &Desk, email: &Email, new: &Email) -> Result<Moved, Failure> {
    if email == new {
        return Err(Failure::Refused(format!("{email} and {new} are the same; nothing was changed.")));
    }
    for _ in 0..TRIES {
        let user = desk.user(email).await?;
        let Some(credential) = desk.store.credentials.get(email).await? else {
            return Err(half_gone(email, user.id));
        };
        let is_notice_off = !desk.config.notices.email_changed;
        let told = !is_notice_off && user.status == Status::Active;
        let entry = desk.entry(Event::success("set_email").user(user.id).leaves(email.hash()));
        match desk.store.set_email(&user, &credential, new, &entry).await? {
            EmailSet::Done(user) => {
                return Ok(Moved { user, former_email: email.clone(), told, is_notice_off });
            }
            EmailSet::Taken => {
                return Err(Failure::Refused(format!(
                    "{new} has an account already; nothing was changed. `latchkey user show {new}` shows it."
                )));
            }
            EmailSet::Stale => {}
        }
    }
    Err(busy(email))
}

impl fmt::Display for Moved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { user: User { email, status, .. }, former_email, told, is_notice_off } = self;
        write!(f, "{former_email} is {email} now: all sessions have ended, and older links are void.")?;
        if *told {
            write!(f, "\nA mail tells {former_email}.")?;
        } else {
            let why = match (is_notice_off, status) {
                (true, Status::Inactive) => "SECURITY_NOTICES has no email_changed, and the user is inactive",
                (true, Status::Active) => "SECURITY_NOTICES has no email_changed",
                (false, _) => "the user is inactive, and inactive users get no mail",
            };
            write!(f, "\nNo mail tells {former_email}: {why}.")?;
        }
        write!(
            f,
            "\nThe password stays. If somebody else may know it, have the owner choose a new one at once: `latchkey \
             user send-reset {email}`."
        )
    }
}
