//! `POST /auth/login`: exchanges an e-mail and a password for a session.

mod password_check;

use password_check::{Checked, check_password};
use shared::{
    app::App,
    domain::{Email, EmailHash, Password, Session, Status, User},
    error::{Error, Result},
    event::Event,
    hashing,
    http::{Caller, Decode, Delivery, Fields, Reply},
};
use tokio::{join, try_join};

/// The request: `{"email": "...", "password": "...", "delivery": "cookie"}`.
pub struct Login {
    email: Email,
    password: Password,
    delivery: Option<Delivery>,
}

impl Decode for Login {
    fn decode(fields: &mut Fields) -> Option<Self> {
        let email = fields.required("email");
        let password = fields.required("password");
        let delivery = fields.optional("delivery");
        Some(Self { email: email?, password: password?, delivery })
    }
}

/// Why a login ends without a session: the answer, and what the log may know beyond it.
struct Refusal {
    error: Error,
    reason: Option<&'static str>,
}

/// The rule. What it answers, and how long that takes, is the same for an unknown e-mail and for a wrong password
/// (promises LG1, LG2, LG4).
pub async fn login(app: &App, request: Login, caller: Caller) -> Result<Reply> {
    let email = request.email.hash();
    exchange(app, request, &caller).await.map_err(|refusal| {
        if let Some(reason) = refusal.reason {
            Event::failure("login", reason).email(email).log(&caller);
        }
        refusal.error
    })
}

async fn exchange(app: &App, request: Login, caller: &Caller) -> std::result::Result<Reply, Refusal> {
    let Login { email, password, delivery } = request;
    let email_hash = email.hash();

    let ((), credential) = try_join!(
        app.store.rate_limits.count_login(&caller.address, caller.now),
        app.store.credentials.get(&email),
    )?;
    let checked = check_password(app, &email_hash, &password, credential, caller.now).await?;
    if checked.user.status == Status::Inactive {
        // The password was right: this is no failure to count.
        app.store.lockouts.clear(&email_hash).await?;
        return Err(Error::UserInactive.into());
    }
    let session = begin_session(app, &checked, &email, &email_hash, password, caller).await?;

    let user = User { last_login: Some(caller.now), ..checked.user };
    Event::success("login").email(email_hash).user(user.id).session(session.session_id).log(caller);
    let tokens = app.tokens.mint(&user, &session, caller.now)?;
    Ok(Reply::tokens(tokens, delivery.unwrap_or(Delivery::Body), Some(&user)))
}

/// Begins the session, and together with it forgets earlier failures, records the login and renews an outdated hash.
/// Only the session decides: without it there is no token. What else fails is logged, and done at the next login.
async fn begin_session(
    app: &App,
    checked: &Checked,
    email: &Email,
    email_hash: &EmailHash,
    password: Password,
    caller: &Caller,
) -> Result<Session> {
    let user = &checked.user;
    let (session, cleared, recorded, renewed) = join!(
        app.store.sessions.begin(user, &caller.address, caller.user_agent.as_deref(), caller.now),
        app.store.lockouts.clear(email_hash),
        app.store.users.record_login(user.id, caller.now),
        renew_hash(app, checked, email, password),
    );
    if cleared.is_err() {
        // At least this attempt, which was no failure, must not count.
        let _ = app.store.lockouts.release_attempt(email_hash, checked.attempt).await;
    }
    let beside =
        [("clear_lockout", cleared.map(|_| ())), ("record_login", recorded), ("renew_hash", renewed)];
    for (what, result) in beside {
        if let Err(error) = result {
            Event::failure(what, "unavailable").user(user.id).caused_by(&error).log(caller);
        }
    }
    session
}

/// Hashes the password anew while it is at hand, if its hash has another cost than today's (promise PW8).
async fn renew_hash(app: &App, checked: &Checked, email: &Email, password: Password) -> Result<()> {
    if !checked.hash_is_outdated {
        return Ok(());
    }
    let hash = hashing::hash(password, app.config.bcrypt_cost).await?;
    app.store.credentials.rehash(email, checked.user.password_version, &hash).await
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let reason = match error {
            Error::TooManyRequests { .. } => Some("address_over_limit"),
            Error::AccountLocked => Some("locked"),
            Error::UserInactive => Some("user_inactive"),
            // Logged at the edge, with its cause.
            _ => None,
        };
        Self { error, reason }
    }
}
