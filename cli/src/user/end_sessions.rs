//! `latchkey user end-sessions`: logs a user out everywhere.

use std::fmt;

use serde::Serialize;
use shared::{domain::Email, event::Event};

use crate::{
    desk::{Desk, half_gone},
    failure::Failure,
};

/// How many ended.
#[derive(Serialize)]
pub struct Ended {
    email: Email,
    sessions: usize,
}

/// Ends all sessions and access tokens of the user. Errors: nobody has the e-mail.
pub async fn end_sessions(desk: &Desk, email: &Email) -> Result<Ended, Failure> {
    let user = desk.user(email).await?;
    let sessions = desk.store.sessions.of_user(&user, desk.now).await?.len();
    let entry = desk.entry(Event::success("end_sessions").user(user.id));
    if desk.store.end_sessions(user.id, &entry).await? {
        Ok(Ended { email: user.email, sessions })
    } else {
        Err(half_gone(email, user.id))
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { email, sessions } = self;
        match sessions {
            0 => write!(f, "{email} had no session; access tokens, if there are any, work no more."),
            1 => write!(f, "{email} is logged out: one session has ended."),
            _ => write!(f, "{email} is logged out: {sessions} sessions have ended."),
        }
    }
}
