//! `POST /auth/change-email`: asks for a mail to a new address, whose link makes it the user's.

use shared::{
    app::App,
    domain::{Email, IntentKind, Password, Secret},
    error::{Error, Result},
    event::Event,
    guard::SignedIn,
    http::{Caller, Decode, Fields, Reply},
    mail_request,
    store::MailPurpose,
};

use crate::proof::prove;

/// The request: `{"new_email": "...", "current_password": "...", "device_token": "..."}`; the device's token may come in
/// its cookie instead. Asked again behind the cool-down, the mail is sent again.
pub(crate) struct ChangeEmail {
    new_email: Email,
    current_password: Password,
    device_token: Option<Secret>,
}

impl Decode for ChangeEmail {
    fn decode(fields: &mut Fields) -> Option<Self> {
        let new_email = fields.required("new_email");
        let current_password = fields.required("current_password");
        let device_token = fields.optional("device_token");
        Some(Self { new_email: new_email?, current_password: current_password?, device_token })
    }
}

/// The rule. Nothing changes yet, and the answer is the same whether the address is taken: if it is, its owner gets a
/// mail that says so (promise EM3). Within the cool-down of that address nothing is delivered, and a user
/// writes to so many addresses a day and no more.
pub(crate) async fn change_email(app: &App, request: ChangeEmail, caller: Caller) -> Result<Reply> {
    let ChangeEmail { new_email, current_password, device_token } = request;
    let keys = app.keys(caller.now).await?;
    let proof = prove(app, &keys, "change_email", &current_password, device_token, &caller).await?;
    proof.checked.forget_failures(app).await?;
    let user = &proof.signed_in.user;
    if new_email == user.email {
        return Err(Error::broken_rules("new_email", ["is your address already"]));
    }

    app.store.rate_limits.count_email_change(user.id, caller.now).await?;
    if let Err(error) = ask(app, &proof.signed_in, new_email, &caller).await {
        // Our outage must not use up the user's tries. If this fails, too, it stays counted for the day.
        let _ = app.store.rate_limits.give_email_change_back(user.id, caller.now).await;
        return Err(error);
    }
    Ok(Reply::message("Check the inbox of the new address: a mail tells how to go on"))
}

async fn ask(app: &App, signed_in: &SignedIn, new_email: Email, caller: &Caller) -> Result<()> {
    let user = &signed_in.user;
    let event = Event::success("change_email").user(user.id).session(signed_in.session_id);
    let (purpose, new_hash) = (MailPurpose::Verification, new_email.hash());
    let mail = IntentKind::EmailChange(user.id, new_email);
    let event = mail_request::queue(app, purpose, &new_hash, mail, event, caller.now).await?;
    app.store.audit.write(&event.entry(caller)).await?;
    event.log(caller);
    Ok(())
}
