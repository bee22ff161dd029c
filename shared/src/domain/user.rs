//! A person who may log in.

use serde::Serialize;

use super::{Email, Timestamp, UserId, words::words};

/// A row of the table Users, and (serialised) what users are told about themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct User {
    /// Never changes.
    pub id: UserId,
    /// Where mail goes; the name to log in with.
    pub email: Email,
    /// What to call the person.
    pub name: Option<String>,
    /// What the person may do.
    pub role: Role,
    /// Whether the person may log in.
    pub status: Status,
    /// When the account was made.
    pub created_at: Timestamp,
    /// The last login, if there was one.
    pub last_login: Option<Timestamp>,
    /// Sessions and access tokens carry the user's generation; those of another one are dead. Raising it by one
    /// ends them all at once, exactly, and without a clock.
    #[serde(skip)]
    pub generation: u64,
    /// Which password the account has, 0 for none yet: the same number as in Credentials, moved in the same transaction.
    #[serde(skip)]
    pub password_version: u64,
}

impl User {
    /// A new, active user, who has not logged in yet.
    pub fn new(email: Email, name: Option<String>, role: Role, now: Timestamp) -> Self {
        Self {
            id: UserId::generate(),
            email,
            name,
            role,
            status: Status::Active,
            created_at: now,
            last_login: None,
            generation: 0,
            password_version: 0,
        }
    }

    /// Whether the person can administer everybody now. Who was invited and chose no password can't.
    pub fn is_active_admin(&self) -> bool {
        self.role == Role::Admin && self.status == Status::Active && self.has_password()
    }

    /// Whether the person ever chose a password; who was invited and didn't has none.
    pub fn has_password(&self) -> bool {
        self.password_version > 0
    }
}

/// A word in place of a role.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be one of member, lead, admin")]
pub struct UnknownRole;

/// A word in place of a status.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be one of active, inactive")]
pub struct UnknownStatus;

impl Role {
    /// Every role, the lowest first.
    pub const ALL: [Self; 3] = [Self::Member, Self::Lead, Self::Admin];
}

words!(
    /// What a person may do.
    Role, UnknownRole {
        /// Uses the team's software.
        Member = "member",
        /// Leads a team.
        Lead = "lead",
        /// Administers users.
        Admin = "admin",
    }
);
words!(
    /// Whether a person may log in.
    Status, UnknownStatus {
        /// May log in.
        Active = "active",
        /// May not; every session and token is dead.
        Inactive = "inactive",
    }
);
