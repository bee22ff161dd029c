//! `POST /auth/verify-email`: exchanges a mailed token for an account.

use shared::{
    app::KeylessApp,
    domain::{Name, Password, Role, Secret, User, VerificationToken},
    error::{Error, Result},
    event::Event,
    hashing,
    http::{Caller, Decode, Fields, Reply},
    store::Registration,
};

use crate::check_open;

/// The request: `{"token": "...", "new_password": "...", "name": "..."}`.
pub(crate) struct VerifyEmail {
    token: Secret,
    new_password: Password,
    name: Option<Name>,
}

impl Decode for VerifyEmail {
    fn decode(fields: &mut Fields) -> Option<Self> {
        let token = fields.required("token");
        let new_password = fields.required("new_password");
        let name = fields.optional("name");
        Some(Self { token: token?, new_password: new_password?, name })
    }
}

/// The rule. Only the last step makes anything, and it makes the account whole or not at all: a password that is refused
/// leaves the token as it was, and of many at once one wins (promises RG2, RG3).
pub(crate) async fn verify_email(app: &KeylessApp, request: VerifyEmail, caller: Caller) -> Result<Reply> {
    check_open(app, &caller)?;
    let refuse = |reason| {
        Event::failure("verify_email", reason).log(&caller);
        Err(Error::InvalidVerificationToken)
    };
    let Ok(token) = request.token.expose().parse::<VerificationToken>() else {
        return refuse("malformed_token");
    };
    let pending = app.store.email_verifications.get(&token, caller.now).await?;
    // The token of a change of e-mail makes no account.
    let Some(pending) = pending.filter(|pending| pending.user_id.is_none()) else {
        return refuse("unknown_or_expired_token");
    };

    let config = &app.config;
    let chosen = config
        .choose_password(request.new_password, &pending.email)
        .map_err(|rules| Error::broken_rules("new_password", rules))?;
    let hash = hashing::hash(chosen.as_password().clone(), config.hash_method).await?;

    let name = request.name.map(String::from);
    let user = User::new(pending.email.clone(), name, Role::Member, caller.now);
    let event = Event::success("verify_email").email(pending.email.hash()).user(user.id);
    let entry = event.entry(&caller);
    let registration = Registration { pending: &pending, user: &user, hash: &hash, entry: &entry };
    if !app.store.register(registration).await? {
        return refuse("used_expired_or_taken");
    }
    event.log(&caller);
    Ok(Reply::message("Registration complete. You can log in now."))
}
