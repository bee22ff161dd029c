//! `POST /auth/login`: exchanges an e-mail and a password for a session.

use futures::{future::OptionFuture, join, try_join};
use serde_json::json;
use shared::{
    app::App,
    domain::{AttemptId, Email, Password, Session, Status, User},
    error::{Error, Result},
    event::Event,
    hashing::{self, Comparison},
    http::{Caller, Decode, Fields, Reply},
    store::Credential,
};

/// The request: `{"email": "...", "password": "...", "delivery": "cookie"}`.
pub struct Login {
    email: Email,
    password: Password,
    delivery: Option<Delivery>,
}

/// How the refresh token travels; in the body where the client does not say.
pub enum Delivery {
    /// In the body: for clients that are no browser page.
    Body,
    /// In an HttpOnly cookie, and in no body at all (promise RT8).
    Cookie,
}

impl Decode for Login {
    fn decode(fields: &mut Fields) -> Option<Self> {
        let email = fields.required("email");
        let password = fields.required("password");
        let delivery = fields.optional("delivery");
        Some(Self { email: email?, password: password?, delivery })
    }
}

impl std::str::FromStr for Delivery {
    type Err = &'static str;
    fn from_str(word: &str) -> std::result::Result<Self, Self::Err> {
        match word {
            "body" => Ok(Self::Body),
            "cookie" => Ok(Self::Cookie),
            _ => Err("must be one of body, cookie"),
        }
    }
}

/// The rule. What it answers, and how long that takes, is the same for an unknown e-mail and for a wrong password
/// (promises LG1, LG2, LG4).
pub async fn login(app: &App, request: Login, caller: Caller) -> Result<Reply> {
    let Login { email, password, delivery } = request;
    let email_hash = email.hash();
    let refuse = |reason, error| {
        Event::failure("login", reason).email(email_hash.clone()).log(&caller);
        Err(error)
    };

    let first = try_join!(
        app.store.rate_limits.count_login(&caller.address, caller.now),
        app.store.credentials.get(&email),
    );
    let credential = match first {
        Ok(((), credential)) => credential,
        Err(error @ Error::TooManyRequests { .. }) => return refuse("address_over_limit", error),
        Err(error) => return Err(error),
    };

    let attempt = AttemptId::generate();
    match app.store.lockouts.reserve_attempt(&email_hash, attempt, caller.now).await {
        Err(error @ Error::AccountLocked) => return refuse("locked", error),
        reserved => reserved?,
    }

    let stored_hash = credential.as_ref().and_then(|credential| credential.password_hash.clone());
    let user: OptionFuture<_> = credential.as_ref().map(|c| app.store.users.get(c.user_id)).into();
    let (comparison, user) =
        join!(hashing::compare(stored_hash, password.clone(), app.config.bcrypt_cost), user);

    let outdated = match comparison {
        Ok(Comparison::Right { outdated }) => outdated,
        Ok(Comparison::Wrong) => return refuse("wrong_credentials", Error::IncorrectCredentials),
        Ok(Comparison::Malformed) => return refuse("malformed_stored_hash", Error::IncorrectCredentials),
        Err(error) => return unjudged(app, &email, attempt, error).await,
    };
    let (Some(credential), Some(user)) = (credential, user) else {
        return refuse("wrong_credentials", Error::IncorrectCredentials);
    };
    let user = match user {
        Ok(user) => user,
        Err(error) => return unjudged(app, &email, attempt, error).await,
    };
    // A hash that was read before a reset and a user that was read after it: the password is an old one.
    let Some(user) = user.filter(|user| user.password_version == credential.password_version) else {
        return refuse("password_changed_meanwhile", Error::IncorrectCredentials);
    };
    if user.status == Status::Inactive {
        app.store.lockouts.clear(&email_hash).await?;
        return refuse("user_inactive", Error::UserInactive);
    }

    let (_, session, (), ()) = try_join!(
        app.store.lockouts.clear(&email_hash),
        app.store.sessions.begin(
            user.id,
            user.generation,
            &caller.address,
            caller.user_agent.as_deref(),
            caller.now
        ),
        app.store.users.record_login(user.id, caller.now),
        rehash_if(outdated, app, &email, &credential, password),
    )?;
    Event::success("login").email(email_hash).user(user.id).session(session.session_id).log(&caller);
    signed_in(app, user, &session, delivery.unwrap_or(Delivery::Body), &caller)
}

/// An attempt whose password could not be judged is not a failed one: it is given back (promise OP6).
async fn unjudged(app: &App, email: &Email, attempt: AttemptId, error: Error) -> Result<Reply> {
    // If that fails too, the attempt stays counted until the window ends; the first error is the one to tell.
    let _ = app.store.lockouts.release_attempt(&email.hash(), attempt).await;
    Err(error)
}

/// A hash of a lower cost than today's is replaced while the password is at hand (promise PW8).
async fn rehash_if(
    outdated: bool,
    app: &App,
    email: &Email,
    credential: &Credential,
    password: Password,
) -> Result<()> {
    if !outdated {
        return Ok(());
    }
    let hash = hashing::hash(password, app.config.bcrypt_cost).await?;
    app.store.credentials.rehash(email, credential.password_version, &hash).await
}

fn signed_in(app: &App, user: User, session: &Session, delivery: Delivery, caller: &Caller) -> Result<Reply> {
    let tokens = app.tokens.mint(&user, session, caller.now)?;
    let user = User { last_login: Some(caller.now), ..user };
    let mut body = json!({
        "access_token": *tokens.access_token,
        "token_type": "bearer",
        "expires_in": tokens.expires_in.as_secs(),
        "user": user,
    });
    match delivery {
        Delivery::Body => {
            body["refresh_token"] = json!(*tokens.refresh_token);
            Ok(Reply::ok(&body))
        }
        Delivery::Cookie => {
            Ok(Reply::ok(&body).with_refresh_cookie(tokens.refresh_token, tokens.refresh_expires_in))
        }
    }
}
