//! `POST /auth/forgot-password`: asks for a mail with a reset link.

use lambda_http::Request;
use shared::{
    app::KeylessApp,
    domain::{Email, IntentKind, Timestamp},
    error::{Error, Result},
    event::Event,
    http::{Answer, Caller, Decode, Fields, Reply, routes},
    mail_request,
    store::MailPurpose,
};

/// Answers a request that came at `now`.
pub async fn answer(app: &KeylessApp, request: Request, now: Timestamp) -> Answer {
    routes! { app, request, now;
        POST "/auth/forgot-password" => forgot,
    }
}

/// The request: `{"email": "..."}`.
struct Forgot {
    email: Email,
}

impl Decode for Forgot {
    fn decode(fields: &mut Fields) -> Option<Self> {
        Some(Self { email: fields.required("email")? })
    }
}

/// The rule. It does the same work for every e-mail: it counts and queues, and the mailer finds out whether there is
/// anybody to write to (promise RS1). Within the cool-down it queues what is never delivered (RS9).
async fn forgot(app: &KeylessApp, request: Forgot, caller: Caller) -> Result<Reply> {
    let email = request.email;
    let email_hash = email.hash();
    // First and alone: an address over its limit must not use up the mails of others.
    app.store.rate_limits.count_forgot(&caller.address, caller.now).await.inspect_err(|error| {
        if matches!(error, Error::TooManyRequests { .. }) {
            Event::failure("forgot_password", "address_over_limit").email(email_hash.clone()).log(&caller);
        }
    })?;

    let event = Event::success("forgot_password").email(email_hash.clone());
    let mail = IntentKind::PasswordReset(email);
    let event = mail_request::queue(app, MailPurpose::Reset, &email_hash, mail, event, caller.now).await?;
    event.log(&caller);
    Ok(Reply::message("If the email exists, a reset link has been sent"))
}
