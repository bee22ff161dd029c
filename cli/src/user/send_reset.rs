//! `latchkey user send-reset`: a mail with a link to choose a password.

use std::fmt;

use serde::Serialize;
use shared::{
    domain::{Email, Status},
    event::Event,
};

use crate::{desk::Desk, failure::Failure};

/// What is on its way.
#[derive(Serialize)]
pub struct Queued {
    email: Email,
    mail: Mail,
}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
enum Mail {
    PasswordReset,
    Moved,
    Invitation,
}

/// Queues the mail: the invitation again for who never chose a password, unless they were imported without one. Errors: nobody has the e-mail; the user is
/// inactive.
pub async fn send_reset(desk: &Desk, email: &Email) -> Result<Queued, Failure> {
    let user = desk.user(email).await?;
    if user.status == Status::Inactive {
        return Err(Failure::Refused(format!(
            "{email} is inactive, and inactive users get no mail: a new password would not let them in. \
             `latchkey user enable {email}` comes first."
        )));
    }
    let entry = desk.entry(Event::success("send_reset").user(user.id));
    desk.store.send_reset(&user, &entry).await?;
    let mail = match user.has_password() {
        true => Mail::PasswordReset,
        false if desk.store.credentials.is_newcomer(email).await? => Mail::Moved,
        false => Mail::Invitation,
    };
    Ok(Queued { email: user.email, mail })
}

impl fmt::Display for Queued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let email = &self.email;
        match self.mail {
            Mail::PasswordReset | Mail::Moved => {
                write!(f, "A mail with a link to choose a new password is on its way to {email}.")
            }
            Mail::Invitation => write!(f, "The invitation is on its way to {email} again."),
        }
    }
}
