//! The last events of one user, for `latchkey user show`.

use std::fmt;

use serde::{Serialize, Serializer};
use shared::domain::{AuditEntry, Subject, User};

use super::{
    CLOCK_SKEW,
    people::People,
    told::Table,
    trail::{Range, Trail},
};
use crate::{desk::Desk, failure::Failure};

/// The last events, the oldest first: for programs as they are, for people as a table.
pub struct Recent {
    entries: Vec<AuditEntry>,
    lines: Vec<String>,
    /// How to see older ones, if there are any.
    older: Option<String>,
}

/// The last `count` events about the user, or by the user, that the trail remembers.
pub async fn recent(desk: &Desk, user: &User, count: usize) -> Result<Recent, Failure> {
    let subjects = [Subject::UserId(user.id), Subject::EmailHash(user.email.hash())];
    let range = Range { since: desk.now - desk.config.audit_retention, until: desk.now + CLOCK_SKEW };
    let mut trail = Trail::new(&desk.store.audit, &subjects, range);
    let mut entries = Vec::new();
    while entries.len() < count {
        let Some(entry) = trail.next().await? else { break };
        entries.push(entry);
    }
    let older = trail.next().await?.map(|_| {
        let days = desk.config.audit_retention.as_secs() / 86_400;
        format!("Older ones: latchkey audit --user {} --since {days}d", user.email)
    });
    entries.reverse();
    let mut people = People::new(&desk.store);
    people.ask_for(user.email.clone(), &[]);
    people.meet(&entries).await?;
    let lines = if entries.is_empty() {
        vec!["(none)".to_owned()]
    } else {
        Table::default().lines(&entries, &people)
    };
    Ok(Recent { entries, lines, older })
}

impl Serialize for Recent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.entries.serialize(serializer)
    }
}

impl fmt::Display for Recent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines.join("\n"))?;
        self.older.iter().try_for_each(|older| write!(f, "\n{older}"))
    }
}
