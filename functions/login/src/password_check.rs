//! The check of a password: an attempt is reserved first, and a password that could not be judged costs none.

use shared::{
    app::App,
    domain::{AttemptId, EmailHash, Password, Timestamp, User},
    error::Error,
    hashing::{self, Comparison},
    store::Credential,
};
use tokio::join;

use crate::Refusal;

/// A password that was right.
pub(crate) struct Checked {
    /// Whose it is.
    pub user: User,
    /// The attempt that was reserved for it.
    pub attempt: AttemptId,
    /// Whether its hash has another cost than today's.
    pub hash_is_outdated: bool,
}

/// Reserves an attempt (promise LG5), then checks the password. Refused: the e-mail is locked, or the password is wrong.
/// Failed: it could not be judged; then the attempt is given back, and is no failed one (promise OP6).
pub(crate) async fn check_password(
    app: &App,
    email: &EmailHash,
    password: &Password,
    credential: Option<Credential>,
    now: Timestamp,
) -> Result<Checked, Refusal> {
    let attempt = AttemptId::generate();
    let judged = match app.store.lockouts.reserve_attempt(email, attempt, now).await {
        Ok(()) => judge(app, attempt, password, credential).await,
        Err(error) => Err(error.into()),
    };
    if let Err(Refusal { error: Error::Unavailable(_) | Error::Internal(_), .. }) = &judged {
        // If this fails, too, the attempt stays counted until the window ends; the first error is the one to tell.
        let _ = app.store.lockouts.release_attempt(email, attempt).await;
    }
    judged
}

/// One bcrypt, whoever asks (promise LG2), while the user is read.
async fn judge(
    app: &App,
    attempt: AttemptId,
    password: &Password,
    credential: Option<Credential>,
) -> Result<Checked, Refusal> {
    let stored_hash = credential.as_ref().and_then(|credential| credential.password_hash.clone());
    let read_user = async {
        match &credential {
            Some(credential) => app.store.users.get(credential.user_id).await,
            None => Ok(None),
        }
    };
    let comparison = hashing::compare(stored_hash, password.clone(), app.config.bcrypt_cost);
    let (comparison, user) = join!(comparison, read_user);

    let hash_is_outdated = match comparison? {
        Comparison::Right { outdated } => outdated,
        Comparison::Wrong => return Err(wrong("wrong_credentials")),
        Comparison::Malformed => return Err(wrong("malformed_stored_hash")),
    };
    let (Some(credential), Some(user)) = (credential, user?) else { return Err(wrong("user_gone")) };
    // A hash that was read before a reset and a user that was read after it: the password is an old one.
    if user.password_version != credential.password_version {
        return Err(wrong("password_changed_meanwhile"));
    }
    Ok(Checked { user, attempt, hash_is_outdated })
}

fn wrong(reason: &'static str) -> Refusal {
    Refusal { error: Error::IncorrectCredentials, reason: Some(reason) }
}
