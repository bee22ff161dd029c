//! The audit trail: who did what to whom, from where, and what came of it.

use std::{convert::Infallible, fmt, str::FromStr};

use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::{AuditId, EmailHash, KeyId, SessionId, Timestamp, UserId};

/// A row of the table Audit. It says the same as the log's line of that event, and holds no secret and no e-mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditEntry {
    /// Its name; entries of one second sort by it.
    pub id: AuditId,
    /// When it happened.
    pub at: Timestamp,
    /// What was done, in the word of the log: `login`, `change_password`, `change_user`.
    pub event: String,
    /// What came of it.
    pub outcome: Outcome,
    /// Why it failed, or what made it special.
    pub reason: Option<String>,
    /// Whom it was about.
    #[serde(flatten)]
    pub subject: Subject,
    /// Who did it, where that need not be the user it was about.
    pub actor: Option<Actor>,
    /// What is different now: `role member -> lead`.
    pub change: Option<String>,
    /// An address that was the user's until this: the trail is found by it, too.
    pub former_email_hash: Option<EmailHash>,
    /// The session that it was about, or that it came from.
    pub session_id: Option<SessionId>,
    /// Where it came from; an operator's command has no address.
    pub address: Option<String>,
    /// With which program.
    pub user_agent: Option<String>,
    /// The request, as the log names it.
    pub request_id: Option<String>,
}

/// What came of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It was done.
    Success,
    /// It was refused.
    Failure,
}

/// Whom or what an entry is about: a user, an e-mail that nobody's account was found by, or a signing key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A user.
    UserId(UserId),
    /// An e-mail: people type passwords into that field, so it is not kept readable.
    EmailHash(EmailHash),
    /// A key that signs tokens.
    KeyId(KeyId),
}

/// Who did something to somebody.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// A user with a role that may.
    UserId(UserId),
    /// A person with the `latchkey` command and the right to the tables, by the name that he gave himself.
    Operator(String),
}

/// Every entry has the same fields: what it is not about is null.
impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (user_id, email_hash, key_id) = match self {
            Self::UserId(id) => (Some(id), None, None),
            Self::EmailHash(hash) => (None, Some(hash), None),
            Self::KeyId(id) => (None, None, Some(id)),
        };
        let mut fields = serializer.serialize_struct("Subject", 3)?;
        fields.serialize_field("user_id", &user_id)?;
        fields.serialize_field("email_hash", &email_hash)?;
        fields.serialize_field("key_id", &key_id)?;
        fields.end()
    }
}

impl Outcome {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
        }
    }
}

impl FromStr for Outcome {
    type Err = &'static str;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "success" => Ok(Self::Success),
            "failure" => Ok(Self::Failure),
            _ => Err("must be one of success, failure"),
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UserId(id) => id.fmt(f),
            Self::Operator(name) => write!(f, "operator {name}"),
        }
    }
}

/// As its Display writes it.
impl FromStr for Actor {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let operator = || Self::Operator(text.strip_prefix("operator ").unwrap_or(text).to_owned());
        Ok(text.parse().map_or_else(|_| operator(), Self::UserId))
    }
}
