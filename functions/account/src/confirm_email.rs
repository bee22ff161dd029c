//! `POST /auth/confirm-email`: makes the address that a mailed token proves the user's.

use shared::{
    app::App,
    domain::{Secret, VerificationToken},
    error::{Error, Result},
    event::Event,
    guard::{self, SignedIn},
    http::{Caller, Decode, Fields, Reply},
    store::EmailChange,
};

/// The request: `{"token": "..."}`, from the signed-in user who asked for it. Whoever only reads the mailbox confirms
/// nothing: a stranger who had an account moved to somebody's address would know its password (docs/decisions/0007).
pub(crate) struct ConfirmEmail {
    token: Secret,
}

impl Decode for ConfirmEmail {
    fn decode(fields: &mut Fields) -> Option<Self> {
        Some(Self { token: fields.required("token")? })
    }
}

/// The rule. One transaction moves the account, hash and all, and queues the mail to the old address; of many who want
/// one address, or of two changes at once, one wins (promises EM1, EM2). Sessions go on.
pub(crate) async fn confirm_email(app: &App, request: ConfirmEmail, caller: Caller) -> Result<Reply> {
    let SignedIn { user, session_id } = guard::authenticate(app, &caller).await?;
    let refuse = |reason| {
        Event::failure("confirm_email", reason).user(user.id).session(session_id).log(&caller);
        Err(Error::InvalidVerificationToken)
    };
    let Ok(token) = request.token.expose().parse::<VerificationToken>() else {
        return refuse("malformed_token");
    };
    let pending = app.store.email_verifications.get(&token, caller.now).await?;
    // Neither the token of a registration nor another user's moves this account.
    let Some(pending) = pending.filter(|pending| pending.user_id == Some(user.id)) else {
        return refuse("unknown_or_expired_token");
    };
    let Some(credential) = app.store.credentials.get(&user.email).await? else {
        return refuse("user_gone");
    };

    let event = Event::success("confirm_email").user(user.id).session(session_id);
    let event = event.leaves(user.email.hash());
    let entry = event.entry(&caller);
    let change = EmailChange { user: &user, credential: &credential, pending: &pending, entry: &entry };
    if !app.store.change_email(change).await? {
        return refuse("used_voided_or_taken");
    }
    event.log(&caller);
    Ok(Reply::message("Your e-mail address was changed. Use the new one to log in."))
}
