//! One login of a user, kept alive by its refresh tokens.

use super::{SessionId, Timestamp, UserId};

/// A row of the table Sessions. It holds a counter and no token: nothing in it can be replayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Whose it is.
    pub user_id: UserId,
    /// Its name.
    pub session_id: SessionId,
    /// How many times its refresh token was rotated. The one valid token carries the same number.
    pub counter: u64,
    /// When that last happened (at first: when it was made).
    pub rotated_at: Timestamp,
    /// When the user logged in.
    pub created_at: Timestamp,
    /// When it ends unless it is refreshed before.
    pub expires_at: Timestamp,
    /// The user's generation at the login. The session is dead once the user's is another.
    pub generation: u64,
    /// Where the user logged in.
    pub address: String,
    /// With which program.
    pub user_agent: Option<String>,
}
