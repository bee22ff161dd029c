//! `GET /admin/users` and `GET /admin/users/{user_id}`: who has an account.

use serde::Serialize;
use shared::{
    app::VerifierApp,
    domain::{Email, Timestamp, UserId},
    error::Result,
    http::{Caller, Decode, Fields, Reply},
};

use tokio::try_join;

use crate::{limit::Limit, listed::Listed, manager::Manager, named::Named};

/// The request: `?limit=50&cursor=...`, or `?email=...` for the one who has it.
pub(crate) struct List {
    limit: Limit<100>,
    cursor: Option<UserId>,
    email: Option<Email>,
}

impl Decode for List {
    fn decode(fields: &mut Fields) -> Option<Self> {
        Some(Self {
            limit: fields.optional("limit").unwrap_or_default(),
            cursor: fields.optional("cursor"),
            email: fields.optional("email"),
        })
    }
}

/// The answer. A page may have fewer users than were asked for, even none, while there are more: `next_cursor` tells.
#[derive(Serialize)]
struct Users {
    users: Vec<Listed>,
    next_cursor: Option<UserId>,
}

/// The rule: everybody, in no order, each once.
pub(crate) async fn list(
    app: &VerifierApp,
    List { limit, cursor, email }: List,
    caller: Caller,
) -> Result<Reply> {
    Manager::of(app, caller).await?;
    let (users, next_cursor) = match email {
        None => app.store.users.page(cursor, limit.get().into()).await?,
        Some(email) => match app.store.credentials.find_user(&email).await? {
            None => (Vec::new(), None),
            Some(id) => (app.store.users.get(id).await?.into_iter().collect(), None),
        },
    };
    Ok(Reply::ok(&Users { users: users.into_iter().map(Listed::from).collect(), next_cursor }))
}

/// The answer: the user, and why he may be unable to log in.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    user: Listed,
    lockout: Option<Lockout>,
    /// Until when a device is locked that the user's own failures there locked (promise LG12).
    device_locked_until: Option<Timestamp>,
}

/// Failed logins with the user's e-mail that still count.
#[derive(Serialize)]
struct Lockout {
    attempts: usize,
    /// Whether no more are taken.
    locked: bool,
    /// When they are forgotten.
    until: Timestamp,
}

/// The rule.
pub(crate) async fn show(app: &VerifierApp, Named { user_id }: Named, caller: Caller) -> Result<Reply> {
    let manager = Manager::of(app, caller).await?;
    let user = manager.find(user_id).await?;
    let (email, now) = (user.email.hash(), manager.caller.now);
    let (failures, device_locked_until) = try_join!(
        app.store.lockouts.get(&email, now),
        app.store.credentials.device_locked_until(&user.email, now),
    )?;
    let lockout = failures.map(|(attempts, until)| Lockout {
        attempts,
        locked: attempts >= app.config.lockout.attempts,
        until,
    });
    Ok(Reply::ok(&Shown { user: user.into(), lockout, device_locked_until }))
}
