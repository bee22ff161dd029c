//! The words of the product, as types that are valid once they exist. Pure: no AWS, no HTTP, no clock.

mod account;
mod address;
mod algorithm;
mod audit;
mod device;
mod email;
mod ids;
mod intent;
mod mailed_token;
mod name;
mod password;
mod password_hash;
mod password_policy;
mod secret;
mod session;
mod signing_key;
mod timestamp;
mod user;
mod words;

pub use account::{Account, Newcomer, Origin, UnknownOrigin};
pub use address::ClientAddress;
pub use algorithm::{Algorithm, UnknownAlgorithm};
pub use audit::{Actor, AuditEntry, Outcome, Subject};
pub use device::Device;
pub use email::{Email, EmailHash, InvalidEmail};
pub use ids::{AttemptId, AuditId, DeviceId, IntentId, InvalidId, SessionId, TokenId, UserId};
pub use intent::{Intent, IntentKind, SignIn};
pub use mailed_token::{
    InvalidResetToken, InvalidVerificationToken, ResetToken, ResetTokenHash, VerificationToken,
    VerificationTokenHash,
};
pub use name::{InvalidName, Name};
pub use password::{InvalidPassword, MAX_BCRYPT_PASSWORD_BYTES, MAX_PASSWORD_BYTES, Password};
pub use password_hash::{BcryptCost, HashMethod, MalformedHash, NotHashed, PasswordHash, spend_bcrypt};
pub use password_policy::{NewPassword, PasswordPolicy};
pub use secret::Secret;
pub use session::Session;
pub use signing_key::{InvalidKeyId, KeyId, KeyState, PrivateKey, PublicKey, PublicKeys, SessionSecret};
pub use timestamp::Timestamp;
pub use user::{Role, Status, UnknownRole, UnknownStatus, User};
