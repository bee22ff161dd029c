//! The clock, read here alone.

use chrono::{DateTime, Utc};

/// The time of now: here stand the services around the functions, and each of those has a clock of its own.
#[expect(clippy::disallowed_methods, reason = "the one reader of the clock in this crate")]
pub fn now() -> DateTime<Utc> {
    Utc::now()
}
