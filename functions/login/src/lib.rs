//! `POST /auth/login`: exchanges an e-mail and a password for a session.

use shared::{
    app::App,
    domain::{AttemptId, Email, Password, Status, User},
    error::{Error, Result},
    event::Event,
    hashing::{self, Comparison},
    http::{Caller, Decode, Delivery, Fields, Reply},
    store::Credential,
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

/// The rule. What it answers, and how long that takes, is the same for an unknown e-mail and for a wrong password
/// (promises LG1, LG2, LG4).
pub async fn login(app: &App, request: Login, caller: Caller) -> Result<Reply> {
    let Login { email, password, delivery } = request;
    let email_hash = email.hash();
    let log_refusal = |reason| Event::failure("login", reason).email(email_hash.clone()).log(&caller);

    let counted = app.store.rate_limits.count_login(&caller.address, caller.now);
    let ((), credential) = try_join!(counted, app.store.credentials.get(&email)).inspect_err(|error| {
        if matches!(error, Error::TooManyRequests { .. }) {
            log_refusal("address_over_limit");
        }
    })?;

    let attempt = AttemptId::generate();
    let reserved = app.store.lockouts.reserve_attempt(&email_hash, attempt, caller.now).await;
    let judged = match reserved {
        Ok(()) => judge(app, &password, credential.as_ref()).await,
        Err(error) => Err(error),
    };
    let judged = match judged {
        Ok(judged) => judged,
        Err(Error::AccountLocked) => {
            log_refusal("locked");
            return Err(Error::AccountLocked);
        }
        Err(error) => {
            // An attempt whose password was not judged is no failed one (promise OP6). If giving it back fails, too,
            // it stays counted until the window ends.
            let _ = app.store.lockouts.release_attempt(&email_hash, attempt).await;
            return Err(error);
        }
    };
    let (user, outdated_hash) = judged.map_err(|reason| {
        log_refusal(reason);
        Error::IncorrectCredentials
    })?;
    if user.status == Status::Inactive {
        // The password was right: this is no failure to count.
        app.store.lockouts.clear(&email_hash).await?;
        log_refusal("user_inactive");
        return Err(Error::UserInactive);
    }

    let user_agent = caller.user_agent.as_deref();
    let (session, cleared, recorded, renewed) = join!(
        app.store.sessions.begin(&user, &caller.address, user_agent, caller.now),
        app.store.lockouts.clear(&email_hash),
        app.store.users.record_login(user.id, caller.now),
        renew_hash(outdated_hash, app, &email, password),
    );
    if cleared.is_err() {
        // At least this attempt, which was no failure, must not count.
        let _ = app.store.lockouts.release_attempt(&email_hash, attempt).await;
    }
    // Without a session there is no token. What else failed is done at the next login.
    let session = session?;
    for (what, result) in
        [("clear_lockout", cleared.map(|_| ())), ("record_login", recorded), ("rehash", renewed)]
    {
        if let Err(error) = result {
            let cause = error.internal_cause().unwrap_or_default();
            Event::failure(what, "unavailable").user(user.id).detail(cause).log(&caller);
        }
    }
    Event::success("login").email(email_hash).user(user.id).session(session.session_id).log(&caller);
    let tokens = app.tokens.mint(&user, &session, caller.now)?;
    let user = User { last_login: Some(caller.now), ..user };
    Ok(Reply::tokens(tokens, delivery.unwrap_or(Delivery::Body), Some(&user)))
}

/// Whose password it is, and the credential if its hash is to be renewed; or why it is nobody's.
type Judgement = std::result::Result<(User, Option<Credential>), &'static str>;

/// One bcrypt, whoever asks, while the user is read. Errors: it could not be judged.
async fn judge(app: &App, password: &Password, credential: Option<&Credential>) -> Result<Judgement> {
    let stored_hash = credential.and_then(|credential| credential.password_hash.clone());
    let read_user = async {
        match credential {
            Some(credential) => app.store.users.get(credential.user_id).await,
            None => Ok(None),
        }
    };
    let comparison = hashing::compare(stored_hash, password.clone(), app.config.bcrypt_cost);
    let (comparison, user) = join!(comparison, read_user);

    let outdated = match comparison? {
        Comparison::Right { outdated } => outdated,
        Comparison::Wrong => return Ok(Err("wrong_credentials")),
        Comparison::Malformed => return Ok(Err("malformed_stored_hash")),
    };
    let (Some(credential), Some(user)) = (credential, user?) else { return Ok(Err("user_gone")) };
    // A hash that was read before a reset and a user that was read after it: the password is an old one.
    if user.password_version != credential.password_version {
        return Ok(Err("password_changed_meanwhile"));
    }
    Ok(Ok((user, outdated.then(|| credential.clone()))))
}

/// Hashes the password anew while it is at hand, if its hash has another cost than today's (promise PW8).
async fn renew_hash(
    outdated: Option<Credential>,
    app: &App,
    email: &Email,
    password: Password,
) -> Result<()> {
    let Some(credential) = outdated else { return Ok(()) };
    let hash = hashing::hash(password, app.config.bcrypt_cost).await?;
    app.store.credentials.rehash(email, credential.password_version, &hash).await
}
