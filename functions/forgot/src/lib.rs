//! `POST /auth/forgot-password`: asks for a mail with a reset link.

use futures::try_join;
use shared::{
    app::KeylessApp,
    domain::{Email, Intent, IntentId, IntentKind},
    error::{Error, Result},
    event::Event,
    http::{Caller, Decode, Fields, Reply},
};

/// The request: `{"email": "..."}`.
pub struct Forgot {
    email: Email,
}

impl Decode for Forgot {
    fn decode(fields: &mut Fields) -> Option<Self> {
        Some(Self { email: fields.required("email")? })
    }
}

/// The rule. It does the same work for every e-mail: it counts and queues, and the mailer finds out whether there is
/// anybody to write to (promise RS1). Within the cool-down it queues what is never delivered (RS9).
pub async fn forgot(app: &KeylessApp, request: Forgot, caller: Caller) -> Result<Reply> {
    let email = request.email;
    let email_hash = email.hash();
    let counted = try_join!(
        app.store.rate_limits.count_forgot(&caller.address, caller.now),
        app.store.rate_limits.allow_mail(&email_hash, caller.now),
    );
    let allowed = match counted {
        Ok(((), allowed)) => allowed,
        Err(error) => {
            if matches!(error, Error::TooManyRequests { .. }) {
                Event::failure("forgot_password", "address_over_limit").email(email_hash).log(&caller);
            }
            return Err(error);
        }
    };

    let kind = if allowed { IntentKind::PasswordReset(email) } else { IntentKind::Suppressed };
    let intent = Intent { id: IntentId::generate(), kind, created_at: caller.now };
    app.store.outbox.queue(&intent).await?;

    let event = Event::success("forgot_password").email(email_hash).intent(intent.id);
    if allowed {
        event.log(&caller)
    } else {
        event.because("cooled_down").log(&caller)
    }
    Ok(Reply::message("If the email exists, a reset link has been sent"))
}
