//! `POST /auth/confirm-email`: makes the address that a mailed token proves the user's.

use shared::{
    app::App,
    domain::{Secret, VerificationToken},
    error::{Error, Result},
    event::Event,
    http::{Caller, Decode, Fields, Reply},
    store::EmailChange,
};

/// The request: `{"token": "..."}`. The link may be opened on another device: the token is proof enough.
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
    let refuse = |reason| {
        Event::failure("confirm_email", reason).log(&caller);
        Err(Error::InvalidVerificationToken)
    };
    let Ok(token) = request.token.expose().parse::<VerificationToken>() else {
        return refuse("malformed_token");
    };
    let pending = app.store.email_verifications.get(&token, caller.now).await?;
    // The token of a registration moves no account.
    let Some((pending, user_id)) = pending.and_then(|pending| pending.user_id.map(|id| (pending, id))) else {
        return refuse("unknown_or_expired_token");
    };
    let Some(user) = app.store.users.get(user_id).await? else { return refuse("user_gone") };
    let Some(credential) = app.store.credentials.get(&user.email).await? else {
        return refuse("user_gone");
    };

    let event = Event::success("confirm_email").user(user.id);
    let entry = event.entry(&caller);
    let change = EmailChange { user: &user, credential: &credential, pending: &pending, entry: &entry };
    if !app.store.change_email(change).await? {
        return refuse("used_voided_or_taken");
    }
    event.log(&caller);
    Ok(Reply::message("Your e-mail address was changed. Use the new one to log in."))
}
