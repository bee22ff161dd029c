//! `latchkey session end`: ends one session of a user.

use std::fmt;

use serde::Serialize;
use shared::{
    domain::{Email, SessionId},
    event::Event,
};

use crate::{desk::Desk, failure::Failure};

/// The session that ended.
#[derive(Serialize)]
pub struct Ended {
    email: Email,
    session_id: SessionId,
}

/// Ends it. Errors: nobody has the e-mail; the user has no such session.
pub async fn end(desk: &Desk, email: &Email, session_id: SessionId) -> Result<Ended, Failure> {
    let user_id = desk.find(email).await?;
    let entry = desk.entry(Event::success("end_session").user(user_id).session(session_id));
    if !desk.store.end_session(user_id, session_id, &entry).await? {
        return Err(Failure::Refused(format!(
            "{email} has no session {session_id}; nothing was changed. `latchkey session list {email}` shows those \
             that are alive."
        )));
    }
    Ok(Ended { email: email.clone(), session_id })
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "The session {} of {} has ended.", self.session_id, self.email)
    }
}
