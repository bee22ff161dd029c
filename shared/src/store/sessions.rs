//! Sessions: logins that are alive. Key: user_id + session_id.
//!
//! Attributes: counter, rotated_at, created_at, generation, address, user_agent, expires_at (TTL). No token is
//! stored: the counter says which one is valid.

use std::{cmp::Reverse, time::Duration};

use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};

use super::{
    Table, failure,
    item::{Item, Reader, n, s, time},
    or_refused_row,
};
use crate::{
    caller::Caller,
    config::SessionSettings,
    domain::{Session, SessionId, Timestamp, User, UserId},
    error::Result,
};

/// The table.
pub struct Sessions {
    pub(super) table: Table,
    pub(super) settings: SessionSettings,
}

/// What became of a refresh token when it was shown.
#[derive(Debug, PartialEq, Eq)]
pub enum Rotation {
    /// It was the valid one, and its successor is now. Or its successor was made a moment ago, and is the same again:
    /// several tabs, or a lost answer.
    Rotated(Session),
    /// It had been used before: two hold it, and one of them stole it. The session must end.
    Reused,
    /// Its session is over or was ended.
    Ended,
    /// The user's password was changed with this session after the user was read. Nothing was done.
    UserIsOutdated,
}

/// What a look at a user's sessions found.
pub struct UserSessions {
    /// Those that are alive, the newest first, each with the time at which it ends unless it is used.
    pub alive: Vec<Session>,
    /// Those that are over; they wait to be swept.
    pub over: Vec<SessionId>,
}

impl Sessions {
    /// A session of the user that the caller begins; nothing is stored yet.
    pub fn new_session(&self, user: &User, caller: &Caller) -> Session {
        Session {
            user_id: user.id,
            session_id: SessionId::generate(),
            counter: 0,
            rotated_at: caller.now,
            created_at: caller.now,
            expires_at: caller.now + self.settings.idle,
            generation: user.generation,
            address: caller.address.to_string(),
            user_agent: caller.user_agent.clone(),
        }
    }

    /// Begins a session.
    pub async fn begin(&self, session: &Session) -> Result<()> {
        let put =
            session.user_agent.iter().fold(self.table.put(), |put, name| put.item("user_agent", s(name)));
        put.item("user_id", s(session.user_id))
            .item("session_id", s(session.session_id))
            .item("counter", n(session.counter))
            .item("rotated_at", time(session.rotated_at))
            .item("created_at", time(session.created_at))
            .item("expires_at", time(session.expires_at))
            .item("generation", n(session.generation))
            .item("address", s(&session.address))
            .send()
            .await
            .map(|_| ())
            .map_err(|error| failure(&self.table, error))
    }

    /// Moves the session's counter past `counter`, if it stands there and the session is alive and of the user's
    /// generation (promises RT1, RT10). One conditional write; a refused one answers the row, and that decides: within
    /// the grace of a rotation both its tokens, the new one and the one before, get the new one again (RT2,
    /// docs/decisions/0018). Any other counter is a reuse.
    pub async fn rotate(
        &self,
        user: &User,
        session_id: SessionId,
        counter: u64,
        now: Timestamp,
    ) -> Result<Rotation> {
        let result = self
            .table
            .update()
            .set_key(Some(key(user.id, session_id)))
            .update_expression("SET #counter = :next, rotated_at = :now, expires_at = :expires")
            .condition_expression(
                "#counter = :counter AND generation = :generation \
                 AND expires_at > :now AND created_at > :oldest \
                 AND (rotated_at < :settled OR #counter = :unrotated)",
            )
            .expression_attribute_names("#counter", "counter")
            .expression_attribute_values(":counter", n(counter))
            .expression_attribute_values(":generation", n(user.generation))
            .expression_attribute_values(":next", n(counter + 1))
            .expression_attribute_values(":now", time(now))
            .expression_attribute_values(":expires", time(now + self.settings.idle))
            .expression_attribute_values(":oldest", time(now - self.settings.absolute))
            .expression_attribute_values(":settled", time(self.settled(now)))
            .expression_attribute_values(":unrotated", n(0))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let row = match or_refused_row(&self.table, result)? {
            Ok(output) => return self.session(&output.attributes.unwrap_or_default()).map(Rotation::Rotated),
            Err(row) if row.is_empty() => return Ok(Rotation::Ended),
            Err(row) => self.session(&row)?,
        };
        if self.is_over(&row, now) {
            return Ok(Rotation::Ended);
        }
        if row.generation > user.generation {
            return Ok(Rotation::UserIsOutdated);
        }
        if row.generation < user.generation {
            self.sweep(user.id, session_id).await?;
            return Ok(Rotation::Ended);
        }
        let is_one_of_its_tokens = row.counter == counter || row.counter == counter + 1;
        if is_one_of_its_tokens && row.rotated_at >= self.settled(now) {
            return Ok(Rotation::Rotated(row));
        }
        Ok(Rotation::Reused)
    }

    /// A rotation from before it has no grace any more. Without any grace, each is.
    fn settled(&self, now: Timestamp) -> Timestamp {
        match self.settings.grace {
            Duration::ZERO => now + Duration::from_secs(1),
            grace => now - grace,
        }
    }

    /// The session as it is, expired or not, if its row is there.
    pub async fn get(&self, user_id: UserId, session_id: SessionId) -> Result<Option<Session>> {
        let output = self
            .table
            .get()
            .set_key(Some(key(user_id, session_id)))
            .send()
            .await
            .map_err(|error| failure(&self.table, error))?;
        output.item.map(|row| self.session(&row)).transpose()
    }

    /// The sessions of the user that are alive.
    pub async fn of_user(&self, user: &User, now: Timestamp) -> Result<Vec<Session>> {
        Ok(self.look(user, now).await?.alive)
    }

    /// All rows of the user's sessions.
    pub async fn look(&self, user: &User, now: Timestamp) -> Result<UserSessions> {
        let mut pages = self
            .table
            .client
            .query()
            .table_name(&self.table.name)
            .consistent_read(true)
            .key_condition_expression("user_id = :user")
            .expression_attribute_values(":user", s(user.id))
            .into_paginator()
            .items()
            .send();
        let (mut alive, mut over) = (Vec::new(), Vec::new());
        while let Some(row) = pages.next().await {
            let mut session = self.session(&row.map_err(|error| failure(&self.table, error))?)?;
            if self.is_over(&session, now) || session.generation < user.generation {
                over.push(session.session_id);
            } else if session.generation == user.generation {
                session.expires_at = session.expires_at.min(session.created_at + self.settings.absolute);
                alive.push(session);
            }
        }
        // By a name among those of one second, so that whoever looks sees the same order.
        alive.sort_by_key(|session| (Reverse(session.created_at), session.session_id.to_string()));
        Ok(UserSessions { alive, over })
    }

    /// Whether it was idle for too long, or is too old (promise RT4).
    fn is_over(&self, session: &Session, now: Timestamp) -> bool {
        session.expires_at <= now || session.created_at + self.settings.absolute <= now
    }

    /// Deletes what is left of a session that is dead already: nothing to write down.
    pub async fn sweep(&self, user_id: UserId, session_id: SessionId) -> Result<()> {
        let sent = self.table.delete().set_key(Some(key(user_id, session_id))).send().await;
        sent.map(|_| ()).map_err(|error| failure(&self.table, error))
    }

    fn session(&self, row: &Item) -> Result<Session> {
        let row = Reader::new(&self.table.name, row);
        Ok(Session {
            user_id: row.parsed("user_id")?,
            session_id: row.parsed("session_id")?,
            counter: row.parsed("counter")?,
            rotated_at: row.time("rotated_at")?,
            created_at: row.time("created_at")?,
            expires_at: row.time("expires_at")?,
            generation: row.parsed("generation")?,
            address: row.parsed("address")?,
            user_agent: row.optional("user_agent")?,
        })
    }
}

fn key(user_id: UserId, session_id: SessionId) -> Item {
    Item::from([("user_id".to_owned(), s(user_id)), ("session_id".to_owned(), s(session_id))])
}
