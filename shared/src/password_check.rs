//! The check of a password: an attempt is reserved first, a password that could not be judged costs none, and a wrong
//! one is remembered.

use tokio::join;

use crate::{
    app::App,
    caller::Caller,
    domain::{AttemptId, Email, Intent, IntentKind, Password, Secret, SessionId, User},
    error::{Error, Result},
    event::Event,
    hashing::{self, Comparison},
    newcomer,
    store::{AttemptKey, Credential},
    token::{DeviceToken, Tokens},
};

/// Somebody shows a password.
pub struct Attempt<'a> {
    /// What for, in the word of the log.
    pub event: &'static str,
    /// The session that asks, if there is one.
    pub session_id: Option<SessionId>,
    /// Whose it is said to be.
    pub email: &'a Email,
    /// What is stored of that e-mail.
    pub credential: Option<Credential>,
    /// What the attempt is counted by.
    pub key: AttemptKey,
}

/// A password that was right.
pub struct Checked {
    /// Whose it is.
    pub user: User,
    /// What is stored of the e-mail.
    pub credential: Credential,
    /// What the attempt was counted by.
    pub key: AttemptKey,
    /// The attempt that was reserved for it.
    pub attempt: AttemptId,
    /// Whether its hash has another cost than today's.
    pub hash_is_outdated: bool,
}

impl Checked {
    /// Forgets this attempt and the failures before it. If that fails, at least this one, which was none, is given back.
    pub async fn forget_failures(&self, app: &App) -> Result<()> {
        let cleared = app.store.lockouts.clear(&self.key).await;
        if cleared.is_err() {
            let _ = self.give_attempt_back(app).await;
        }
        cleared
    }

    /// Takes back that this attempt was counted, and leaves the failures before it.
    pub async fn give_attempt_back(&self, app: &App) -> Result<()> {
        app.store.lockouts.release_attempt(&self.key, self.attempt).await
    }
}

/// Why a password was not found right: the answer, and what only the log may know.
struct Wrong {
    error: Error,
    reason: &'static str,
}

/// What an attempt is counted by: a device on which this user proved this password before counts its own (promise
/// LG12), everybody else the e-mail's.
pub fn attempt_key(
    email: &Email,
    credential: Option<&Credential>,
    device: Option<&DeviceToken>,
) -> AttemptKey {
    match (credential, device) {
        (Some(credential), Some(device))
            if device.user_id == credential.user_id
                && device.password_version == credential.password_version =>
        {
            AttemptKey::Device { id: device.device_id, unlocks: credential.unlocks }
        }
        _ => AttemptKey::Email(email.hash()),
    }
}

/// What the device token says that came with a request, if it is one of ours.
pub fn device_of(tokens: &Tokens, token: Option<&Secret>, caller: &Caller) -> Option<DeviceToken> {
    tokens.verify_device(token?.expose(), caller.now)
}

/// Reserves an attempt (promise LG5), then checks the password. Refused: too many failures, or the password is wrong;
/// the latter is written down, and the failure that locks is told by mail. Failed: it could not be judged; then the
/// attempt is given back, and is no failed one (promise OP6).
pub async fn check_password(
    app: &App,
    attempt: Attempt<'_>,
    password: &Password,
    caller: &Caller,
) -> Result<Checked> {
    let id = AttemptId::generate();
    let Attempt { event, session_id, email, credential, key } = attempt;
    let about = |event: Event| {
        let event = session_id.into_iter().fold(event.email(email.hash()), Event::session);
        credential.iter().fold(event, |event, credential| event.user(credential.user_id))
    };
    let give_back = async |error: Error| {
        // If this fails, too, the attempt stays counted until the window ends; the first error is the one to tell.
        let _ = app.store.lockouts.release_attempt(&key, id).await;
        Err(error)
    };
    let reservation = match app.store.lockouts.reserve_attempt(&key, id, caller.now).await {
        Ok(reservation) => reservation,
        Err(Error::AccountLocked) => {
            about(Event::failure(event, "locked")).log(caller);
            return Err(Error::AccountLocked);
        }
        Err(error) => return give_back(error).await,
    };
    match judge(app, email, password, credential.as_ref(), caller).await {
        Ok(Judged { user, credential, hash_is_outdated }) => {
            Ok(Checked { user, credential, key, attempt: id, hash_is_outdated })
        }
        Err(Wrong { error: error @ (Error::Unavailable(_) | Error::Internal(_)), .. }) => {
            give_back(error).await
        }
        Err(Wrong { error, reason }) => {
            let failed = about(Event::failure(event, reason));
            let locked =
                reservation.is_last.then(|| about(Event::success("lock_account").because(key.as_str())));
            let tell = tell_of_lock(app, &key, email, credential.as_ref(), caller);
            remember(app, failed, locked, tell, caller).await;
            Err(error)
        }
    }
}

/// A password that was found right.
struct Judged {
    user: User,
    credential: Credential,
    hash_is_outdated: bool,
}

/// One hash, whoever asks (promise LG2), while the user is read.
async fn judge(
    app: &App,
    email: &Email,
    password: &Password,
    credential: Option<&Credential>,
    caller: &Caller,
) -> std::result::Result<Judged, Wrong> {
    if let Some(credential) = credential
        && let Some(newcomer) = credential.newcomer.as_ref().filter(|_| credential.password_hash.is_none())
    {
        if !newcomer::judge(app, email, credential, newcomer, password, caller).await? {
            return Err(wrong("came_without_a_password"));
        }
        // By now there is a hash, this login's or that of one beside it.
        let credential = app.store.credentials.get(email).await?;
        return judge_by_hash(app, password, credential.as_ref()).await;
    }
    judge_by_hash(app, password, credential).await
}

async fn judge_by_hash(
    app: &App,
    password: &Password,
    credential: Option<&Credential>,
) -> std::result::Result<Judged, Wrong> {
    let stored_hash = credential.and_then(|credential| credential.password_hash.clone());
    let read_user = async {
        match credential {
            Some(credential) => app.store.users.get(credential.user_id).await,
            None => Ok(None),
        }
    };
    let comparison = hashing::compare(stored_hash, password.clone(), app.config.hash_method);
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
    Ok(Judged { user, credential: credential.clone(), hash_is_outdated })
}

/// Writes a failure down, and the lock if it was the last one allowed; the same for every e-mail (promises LG1, LG4).
/// What can't be written is logged: the answer stays the same.
async fn remember(
    app: &App,
    failed: Event,
    locked: Option<Event>,
    tell: impl Future<Output = Result<()>>,
    caller: &Caller,
) {
    let write_lock = async {
        match &locked {
            Some(locked) => {
                let entry = locked.entry(caller);
                let (entry, told) = join!(app.store.audit.write(&entry), tell);
                entry.and(told)
            }
            None => Ok(()),
        }
    };
    let entry = failed.entry(caller);
    let (failure, lock) = join!(app.store.audit.write(&entry), write_lock);
    if let Err(error) = failure.and(lock) {
        Event::failure("audit", "unavailable").caused_by(&error).log(caller);
    }
    failed.log(caller);
    if let Some(locked) = locked {
        locked.log(caller);
    }
}

/// A locked e-mail is told to its owner. A device that locked itself is no news to who sits at it, and the mail would
/// not be true of it: it is noted for those who look after accounts.
async fn tell_of_lock(
    app: &App,
    key: &AttemptKey,
    email: &Email,
    credential: Option<&Credential>,
    caller: &Caller,
) -> Result<()> {
    match (key, credential) {
        (AttemptKey::Device { .. }, Some(credential)) => {
            let until = caller.now + app.config.lockout.duration;
            app.store.credentials.note_device_lock(email, credential, until).await
        }
        _ => app.store.outbox.queue(&Intent::new(IntentKind::LockedOut(email.clone()), caller.now)).await,
    }
}

fn wrong(reason: &'static str) -> Wrong {
    Wrong { error: Error::IncorrectCredentials, reason }
}

impl From<Error> for Wrong {
    fn from(error: Error) -> Self {
        Self { error, reason: "unavailable" }
    }
}
