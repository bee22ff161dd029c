//! `latchkey session list`: the sessions of a user that are alive.

use serde::Serialize;
use shared::domain::{Device, Email, Session, SessionId, Timestamp};

use crate::{
    desk::Desk,
    failure::Failure,
    output::{Output, aligned, printable},
};

/// A session, as operators see it.
#[derive(Serialize)]
struct Alive {
    id: SessionId,
    device: String,
    user_agent: Option<String>,
    address: String,
    /// The login.
    since: Timestamp,
    /// The last refresh, at first the login.
    last_used: Timestamp,
    /// When it ends if it is not refreshed before.
    until: Timestamp,
}

/// Prints them, the newest first. Errors: nobody has the e-mail.
pub async fn list(desk: &Desk, email: &Email, output: &mut Output) -> Result<(), Failure> {
    let user = desk.user(email).await?;
    let sessions = desk.store.sessions.of_user(&user, desk.now).await?;
    let alive: Vec<_> = sessions.into_iter().map(as_seen).collect();
    if output.json {
        return output.array(alive.iter());
    }
    if alive.is_empty() {
        return output.line(format_args!("{email} is logged in nowhere."));
    }
    let mut rows = vec![["ID", "DEVICE", "ADDRESS", "SINCE", "LAST USED", "UNTIL"].map(str::to_owned)];
    rows.extend(alive.iter().map(Alive::row));
    output.line(aligned(&rows))
}

fn as_seen(session: Session) -> Alive {
    Alive {
        id: session.session_id,
        device: Device::of(session.user_agent.as_deref()).to_string(),
        user_agent: session.user_agent,
        address: session.address,
        since: session.created_at,
        last_used: session.rotated_at,
        until: session.expires_at,
    }
}

impl Alive {
    fn row(&self) -> [String; 6] {
        [
            self.id.to_string(),
            self.device.clone(),
            printable(&self.address),
            self.since.to_string(),
            self.last_used.to_string(),
            self.until.to_string(),
        ]
    }
}
