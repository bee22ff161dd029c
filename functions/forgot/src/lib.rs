//! `POST /auth/forgot-password`: asks for a mail with a reset link.

use lambda_http::Request;
use shared::{
    app::KeylessApp,
    domain::{Email, Intent, IntentId, IntentKind, Timestamp},
    error::{Error, Result},
    event::Event,
    http::{Answer, Caller, Decode, Fields, Reply, routes},
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

    let id = IntentId::generate();
    let allowed = app.store.rate_limits.allow_mail(MailPurpose::Reset, &email_hash, id, caller.now).await?;
    let kind = if allowed { IntentKind::PasswordReset(email) } else { IntentKind::Suppressed };
    if let Err(error) = app.store.outbox.queue(&Intent { id, kind, created_at: caller.now }).await {
        if allowed {
            // Who tries again after our 503 must get a mail. If this fails, too, the cool-down goes on.
            let _ =
                app.store.rate_limits.give_mail_back(MailPurpose::Reset, &email_hash, id, caller.now).await;
        }
        return Err(error);
    }

    let event = Event::success("forgot_password").email(email_hash).intent(id);
    if allowed { event } else { event.because("cooled_down") }.log(&caller);
    Ok(Reply::message("If the email exists, a reset link has been sent"))
}
