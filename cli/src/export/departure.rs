//! One user as it is exported: what `latchkey user import` reads.

use std::borrow::Cow;

use serde::Serialize;
use shared::domain::{Account, Origin, Role, Status, Timestamp, User, UserId};

use crate::cells::harmless;

/// All that is kept of a user. The only place where a hash is serialised.
#[derive(Serialize)]
pub struct Departure<'a> {
    id: UserId,
    email: Cow<'a, str>,
    name: Option<Cow<'a, str>>,
    role: Role,
    status: Status,
    created_at: Timestamp,
    last_login: Option<Timestamp>,
    password_hash: Option<&'a str>,
    password_version: u64,
    password_changed_at: Option<Timestamp>,
    must_reset: Option<Origin>,
    old_username: Option<Cow<'a, str>>,
}

impl<'a> Departure<'a> {
    /// With the hash or without.
    pub fn of(account: &'a Account, with_hash: bool) -> Self {
        let Account { user, password_hash, password_changed_at, newcomer } = account;
        // Its generation counts ended sessions, which stay here.
        let User { id, email, name, role, status, created_at, last_login, password_version, generation: _ } =
            user;
        let hash = password_hash.as_ref().filter(|_| with_hash);
        // Who had a password and comes without it is to be mailed a link.
        let loses_it = password_hash.is_some() && !with_hash;
        let origin = newcomer.as_ref().map(|newcomer| newcomer.origin);
        Self {
            id: *id,
            email: email.as_str().into(),
            name: name.as_deref().map(Cow::from),
            role: *role,
            status: *status,
            created_at: *created_at,
            last_login: *last_login,
            password_hash: hash.map(|hash| hash.expose()),
            password_version: *password_version,
            password_changed_at: *password_changed_at,
            must_reset: if loses_it { Some(Origin::Latchkey) } else { origin },
            old_username: newcomer.as_ref().and_then(|newcomer| newcomer.username.as_deref()).map(Cow::from),
        }
    }

    /// As a row of a table, which may be opened in a spreadsheet.
    pub fn in_cells(self) -> Self {
        let Self { email, name, old_username, .. } = self;
        let (name, old_username) = (name.map(harmless), old_username.map(harmless));
        Self { email: harmless(email), name, old_username, ..self }
    }
}
