//! `latchkey user disable`, `enable`, `set-role` and `rename`.

use std::fmt;

use serde::Serialize;
use shared::{
    domain::{Email, Role, Status, User},
    event::Event,
    store::{Change, UserChange, Witness},
};

use super::{TRIES, admins, create::with_article};
use crate::{desk::Desk, failure::Failure, output::printable};

/// What shall be different.
pub enum Wish {
    /// What the user may do.
    Role(Role),
    /// Whether the user may log in.
    Status(Status),
    /// What to call the user; `None`: nothing.
    Name(Option<String>),
}

/// The user as they are now.
#[derive(Serialize)]
pub struct Changed {
    #[serde(flatten)]
    user: User,
    #[serde(skip)]
    wish: Wish,
    #[serde(skip)]
    was_so: bool,
}

/// Makes it so; again is the same, and no event. Errors: nobody has the e-mail; it would remove the last admin; others
/// change the user all the time.
pub async fn change(desk: &Desk, email: &Email, wish: Wish) -> Result<Changed, Failure> {
    for _ in 0..TRIES {
        let user = desk.user(email).await?;
        let Some(words) = wish.words(&user) else { return Ok(Changed { user, wish, was_so: true }) };
        let witness = match wish.removes_admin() {
            Some(removed) => admins::witness(desk, &user, removed).await?,
            None => Witness(None),
        };
        let entry = desk.entry(Event::success("change_user").user(user.id).change(words));
        match desk.store.change_user(&user, &wish.as_change(), witness, &entry).await? {
            Change::Done(user) => return Ok(Changed { user, wish, was_so: false }),
            // Who was changed meanwhile is read again, and so is who else is an admin.
            Change::Stale | Change::LastAdmin => {}
        }
    }
    Err(admins::busy(email))
}

impl Wish {
    /// What would be different, for the audit trail; `None` if nothing.
    fn words(&self, user: &User) -> Option<String> {
        match self {
            Self::Role(role) => (*role != user.role).then(|| format!("role {} -> {role}", user.role)),
            Self::Status(status) => {
                (*status != user.status).then(|| format!("status {} -> {status}", user.status))
            }
            Self::Name(name) => (*name != user.name).then(|| "name".to_owned()),
        }
    }

    /// What an admin would have been after it, if no admin any more.
    fn removes_admin(&self) -> Option<&'static str> {
        match self {
            Self::Role(Role::Member | Role::Lead) => Some("demoted"),
            Self::Status(Status::Inactive) => Some("disabled"),
            Self::Role(Role::Admin) | Self::Status(Status::Active) | Self::Name(_) => None,
        }
    }

    fn as_change(&self) -> UserChange {
        let mut change = UserChange::default();
        match self {
            Self::Role(role) => change.role = Some(*role),
            Self::Status(status) => change.status = Some(*status),
            Self::Name(name) => change.name = Some(name.clone()),
        }
        change
    }
}

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let User { email, role, name, status, .. } = &self.user;
        let now = if self.was_so { "already" } else { "now" };
        match (&self.wish, status, name) {
            (Wish::Role(_), ..) => write!(f, "{email} is {now} {}.", with_article(*role)),
            (Wish::Name(_), _, Some(name)) => write!(f, "{email} is {now} called {}.", printable(name)),
            (Wish::Name(_), _, None) => write!(f, "{email} {now} has no name."),
            (Wish::Status(_), status, _) if self.was_so => write!(f, "{email} is {status} already."),
            (Wish::Status(_), Status::Active, _) => write!(f, "{email} is active and may log in."),
            (Wish::Status(_), Status::Inactive, _) => {
                write!(f, "{email} is inactive: all sessions have ended, and no login works.")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::domain::Timestamp;

    use super::*;

    #[test]
    fn the_audit_trail_says_what_changes_and_nothing_if_nothing_does() {
        let now = Timestamp::from_epoch_seconds(1_795_435_200);
        let email = "ada@example.com".parse().expect("an e-mail");
        let user = User::new(email, Some("Ada".to_owned()), Role::Member, now);
        for (wish, words) in [
            (Wish::Role(Role::Lead), Some("role member -> lead")),
            (Wish::Role(Role::Member), None),
            (Wish::Status(Status::Inactive), Some("status active -> inactive")),
            (Wish::Status(Status::Active), None),
            (Wish::Name(Some("Ada King".to_owned())), Some("name")),
            (Wish::Name(None), Some("name")),
            (Wish::Name(Some("Ada".to_owned())), None),
        ] {
            assert_eq!(wish.words(&user).as_deref(), words);
        }
    }
}
