//! `latchkey user show`: everything about one user that is no secret.

use std::fmt;

use serde::Serialize;
use shared::domain::{Email, Timestamp, User};

use crate::{
    audit::{Recent, recent},
    desk::Desk,
    failure::Failure,
    output::{aligned, printable},
};

/// Events that are shown.
const RECENT: usize = 5;

/// A user, as the API shows it, and what only an operator may know.
#[derive(Serialize)]
pub struct Account {
    #[serde(flatten)]
    user: User,
    /// What stands in the logs in place of the e-mail.
    email_hash: String,
    password: PasswordState,
    lockout: Option<Lockout>,
    /// Until when a device is locked that counts its own failures; null if none is.
    device_locked_until: Option<Timestamp>,
    /// How many are alive.
    sessions: usize,
    recent_events: Recent,
}

/// Whether there is a password.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordState {
    /// There is one.
    Set,
    /// Its owner has been asked to choose one.
    Invited,
    /// They came from another system without one: the first login has a link mailed.
    MustReset,
}

/// The logins that failed of late.
#[derive(Serialize)]
pub struct Lockout {
    /// How many.
    pub attempts: usize,
    /// Whether they are enough to refuse all further ones.
    pub locked: bool,
    /// When they are forgotten.
    pub until: Timestamp,
}

/// Looks the user up. Errors: nobody has the e-mail.
pub async fn show(desk: &Desk, email: &Email) -> Result<Account, Failure> {
    let user = desk.user(email).await?;
    Ok(Account {
        email_hash: email.hash().to_string(),
        password: password_state(desk, &user).await?,
        lockout: lockout(desk, email).await?,
        device_locked_until: desk.store.credentials.device_locked_until(email, desk.now).await?,
        sessions: desk.store.sessions.of_user(&user, desk.now).await?.len(),
        recent_events: recent(desk, &user, RECENT).await?,
        user,
    })
}

async fn password_state(desk: &Desk, user: &User) -> Result<PasswordState, Failure> {
    if user.has_password() {
        return Ok(PasswordState::Set);
    }
    let credential = desk.store.credentials.get(&user.email).await?;
    let is_newcomer = credential.is_some_and(|credential| credential.newcomer.is_some());
    Ok(if is_newcomer { PasswordState::MustReset } else { PasswordState::Invited })
}

/// The failed logins of an e-mail, with or without an account.
pub async fn lockout(desk: &Desk, email: &Email) -> Result<Option<Lockout>, Failure> {
    let failures = desk.store.lockouts.get(&email.hash(), desk.now).await?;
    let most = desk.config.lockout.attempts;
    Ok(failures.map(|(attempts, until)| Lockout { attempts, locked: attempts >= most, until }))
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let user = &self.user;
        let name = user.name.as_deref().map_or("(none)".to_owned(), printable);
        let last_login = user.last_login.map_or("never".to_owned(), |time| time.to_string());
        let lockout = self.lockout.as_ref().map_or("none".to_owned(), Lockout::to_string);
        let device = self.device_locked_until.map_or("none locked".to_owned(), |until| {
            format!("one is locked until {until}, by its own failed logins")
        });
        f.write_str(&aligned(&[
            ["id", &user.id.to_string()],
            ["email", user.email.as_str()],
            ["name", &name],
            ["role", user.role.as_str()],
            ["status", user.status.as_str()],
            ["created_at", &user.created_at.to_string()],
            ["last_login", &last_login],
            ["password", self.password.in_words()],
            ["lockout", &lockout],
            ["devices", &device],
            ["sessions", &self.sessions.to_string()],
            ["email_hash", &self.email_hash],
        ]))?;
        write!(f, "\n\nThe last events\n{}", self.recent_events)
    }
}

impl PasswordState {
    fn in_words(self) -> &'static str {
        match self {
            Self::Set => "set",
            Self::Invited => "invited, not chosen yet",
            Self::MustReset => "imported without one; the first login has a link mailed",
        }
    }
}

impl Lockout {
    /// How many logins failed.
    pub fn failures(&self) -> String {
        let logins = if self.attempts == 1 { "login" } else { "logins" };
        format!("{} failed {logins}", self.attempts)
    }
}

impl fmt::Display for Lockout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (failures, until) = (self.failures(), self.until);
        if self.locked {
            write!(f, "locked until {until}, after {failures}")
        } else {
            write!(f, "{failures}, forgotten at {until}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lockout_says_whether_it_locks_and_until_when() {
        let until = Timestamp::from_epoch_seconds(1_795_435_200);
        for (attempts, locked, words) in [
            (5, true, "locked until 2026-11-23T12:00:00Z, after 5 failed logins"),
            (1, false, "1 failed login, forgotten at 2026-11-23T12:00:00Z"),
        ] {
            assert_eq!(Lockout { attempts, locked, until }.to_string(), words);
        }
    }
}
