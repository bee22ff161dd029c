//! The words of the product, as types that are valid once they exist. Pure: no AWS, no HTTP, no clock.

mod address;
mod audit;
mod email;
mod ids;
mod intent;
mod password;
mod password_hash;
mod password_policy;
mod reset_token;
mod secret;
mod session;
mod timestamp;
mod user;
mod verification_token;

pub use address::ClientAddress;
pub use audit::{Actor, AuditEntry, Outcome, Subject};
pub use email::{Email, EmailHash, InvalidEmail};
pub use ids::{AttemptId, AuditId, DeviceId, IntentId, InvalidId, SessionId, UserId};
pub use intent::{Intent, IntentKind, SignIn};
pub use password::{InvalidPassword, MAX_PASSWORD_BYTES, Password};
pub use password_hash::{BcryptCost, MalformedHash, PasswordHash};
pub use password_policy::{NewPassword, PasswordPolicy};
pub use reset_token::{InvalidResetToken, ResetToken, ResetTokenHash};
pub use secret::Secret;
pub use session::Session;
pub use timestamp::Timestamp;
pub use verification_token::{VerificationToken, VerificationTokenHash};
pub use user::{Role, Status, UnknownRole, UnknownStatus, User};
