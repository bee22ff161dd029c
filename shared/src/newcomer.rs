//! Logins of users who came from another system without a password hash. They answer like a wrong password, and take as
//! long; meanwhile a link to choose a password is mailed, or the Cognito user pool is asked that knows the old one.

use tokio::join;

use crate::{
    app::App,
    caller::Caller,
    config::OldPool,
    domain::{Email, IntentKind, Newcomer, Origin, Password, UserId},
    error::Result,
    event::Event,
    hashing, mail_request,
    old_pool::PoolVerdict,
    store::{Credential, FirstPassword, MailPurpose},
};

/// Whether the password is the one that the other system knows; then it is set here. Errors: the pool could not be asked.
pub(crate) async fn judge(
    app: &App,
    email: &Email,
    credential: &Credential,
    newcomer: &Newcomer,
    password: &Password,
    caller: &Caller,
) -> Result<bool> {
    let method = app.config.hash_method;
    let pool = app.config.old_pool.as_ref();
    let pool = pool.filter(|_| newcomer.origin == Origin::Cognito && method.takes(password));
    let ask = async {
        match pool {
            Some(pool) => ask(pool, newcomer, email, password).await,
            None => Ok(PoolVerdict::NotByPassword),
        }
    };
    let judge = async {
        let verdict = ask.await;
        if matches!(verdict, Ok(PoolVerdict::NotByPassword)) {
            mail_a_link(app, email, credential.user_id, caller).await;
        }
        verdict
    };
    // What an unknown e-mail costs (promise LG2), beside all of this.
    let (priced, verdict) = join!(hashing::compare(None, password.clone(), method), judge);
    priced?;
    if verdict? != PoolVerdict::Right {
        return Ok(false);
    }
    let hash = hashing::hash(password.clone(), method).await?;
    let event = Event::success("take_over_password").email(email.hash()).user(credential.user_id);
    let entry = event.entry(caller);
    let first = FirstPassword { email, credential, newcomer, hash: &hash, entry: &entry };
    // If it is refused, a login beside this one did it: who reads the credential again finds out.
    if app.store.set_first_password(first).await? {
        event.log(caller);
    }
    Ok(true)
}

async fn ask(pool: &OldPool, newcomer: &Newcomer, email: &Email, password: &Password) -> Result<PoolVerdict> {
    pool.ask(newcomer.username.as_deref().unwrap_or(email.as_str()), password).await
}

/// As seldom as whoever asks for a reset gets one (promise RS9). What fails is logged: the answer stays the same.
async fn mail_a_link(app: &App, email: &Email, user: UserId, caller: &Caller) {
    let hash = email.hash();
    let event = Event::success("newcomer_link").email(hash.clone()).user(user);
    let mail = IntentKind::PasswordReset(email.clone());
    match mail_request::queue(app, MailPurpose::Reset, &hash, mail, event, caller.now).await {
        Ok(event) => event.log(caller),
        Err(error) => Event::failure("newcomer_link", "unavailable").user(user).caused_by(&error).log(caller),
    }
}
