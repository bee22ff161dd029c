//! Places in the audit trail: where a page ends, and the next one begins.

use std::{fmt, str::FromStr};

use crate::domain::{AuditEntry, AuditId, Timestamp};

/// The place of an entry in the trail: what stands in `at`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AuditCursor(String);

impl AuditCursor {
    /// The place of this entry.
    pub(super) fn of(entry: &AuditEntry) -> Self {
        Self(format!("{}.{}", entry.at, entry.id))
    }

    /// Behind all entries of that second.
    pub fn end_of(time: Timestamp) -> Self {
        Self(format!("{time}~"))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn time(&self) -> Option<Timestamp> {
        self.0.split(['.', '~']).next()?.parse().ok()
    }

    pub(super) fn parts(&self) -> Option<(Timestamp, AuditId)> {
        let (time, id) = self.0.split_once('.')?;
        Some((time.parse().ok()?, id.parse().ok()?))
    }
}

impl fmt::Display for AuditCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for AuditCursor {
    type Err = &'static str;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        let cursor = Self(text.to_owned());
        // One spelling: cursors are compared as text, and a key has at most 1024 bytes.
        let written = match cursor.parts() {
            Some((time, id)) => Some(format!("{time}.{id}")),
            None => cursor.time().map(|time| Self::end_of(time).0),
        };
        let is_ours = written.as_deref() == Some(text);
        if is_ours { Ok(cursor) } else { Err("must be a next_cursor that this route gave") }
    }
}
