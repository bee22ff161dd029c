//! `latchkey user delete`: asks first.

use std::fmt;

use serde::Serialize;
use shared::{
    domain::{Email, User},
    event::Event,
    store::Change,
};

use super::{TRIES, admins, create::with_article};
use crate::{desk::Desk, failure::Failure, output::confirmed};

/// The user as they were.
#[derive(Serialize)]
#[serde(transparent)]
pub struct Deleted(User);

/// Deletes the user, if `yes` or the operator types the e-mail. Errors: nobody has the e-mail; it is the last admin;
/// there is nobody to ask.
pub async fn delete(desk: &Desk, email: &Email, yes: bool) -> Result<Deleted, Failure> {
    if !yes {
        confirm(&desk.user(email).await?)?;
    }
    for _ in 0..TRIES {
        let user = desk.user(email).await?;
        let witness = admins::witness(desk, &user, "deleted").await?;
        let event = Event::success("delete_user").user(user.id).leaves(user.email.hash());
        let entry = desk.entry(event);
        if let Change::Done(user) = desk.store.delete_user(&user, witness, &entry).await? {
            return Ok(Deleted(user));
        }
    }
    Err(admins::busy(email))
}

fn confirm(user: &User) -> Result<(), Failure> {
    let User { email, role, created_at, .. } = user;
    let role = with_article(*role);
    let warning = format!(
        "This deletes {email}, {role} since {}, for good.\nType the e-mail to go on: ",
        created_at.date()
    );
    let typed = confirmed(&format!("{email} was not deleted"), &warning)?;
    if means(&typed, email) {
        Ok(())
    } else {
        Err(Failure::Refused(format!("that was another e-mail; {email} was not deleted.")))
    }
}

fn means(typed: &str, email: &Email) -> bool {
    typed.trim().parse::<Email>().is_ok_and(|typed| typed == *email)
}

impl fmt::Display for Deleted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let User { id, email, .. } = &self.0;
        write!(
            f,
            "Deleted {email}, who had the id {id}: all sessions have ended, and the e-mail is free. `latchkey audit \
             --user {email}` still shows what happened."
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_users_own_email_confirms() {
        let email = "ada@example.com".parse().expect("an e-mail");
        for (typed, confirms) in [
            ("ada@example.com\n", true),
            (" Ada@Example.com \r\n", true),
            ("bob@example.com\n", false),
            ("y\n", false),
            ("\n", false),
            ("", false),
        ] {
            assert_eq!(means(typed, &email), confirms, "{typed:?}");
        }
    }
}
