//! `POST /auth/register` and `POST /auth/verify-email`: an account for who proves an address. The password is chosen
//! with the proof, not before: nobody can prepare an account for somebody else's address (docs/decisions/0007).

mod verify_email;

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
use verify_email::verify_email;

/// Answers a request that came at `now`.
pub async fn answer(app: &KeylessApp, request: Request, now: Timestamp) -> Answer {
    routes! { app, request, now;
        POST "/auth/register" => register,
        POST "/auth/verify-email" => verify_email,
    }
}

/// The request: `{"email": "..."}`. Asked again, the mail is sent again.
struct Register {
    email: Email,
}

impl Decode for Register {
    fn decode(fields: &mut Fields) -> Option<Self> {
        Some(Self { email: fields.required("email")? })
    }
}

/// The rule. It does the same work for every e-mail: it counts and queues, and the mailer finds out whether the address
/// has an account (promise RG1). Within the cool-down it queues what is never delivered.
async fn register(app: &KeylessApp, Register { email }: Register, caller: Caller) -> Result<Reply> {
    check_open(app, &caller)?;
    let email_hash = email.hash();
    let limits = &app.store.rate_limits;
    limits.count_registration(&caller.address, caller.now).await.inspect_err(|error| {
        if matches!(error, Error::TooManyRequests { .. }) {
            Event::failure("register", "address_over_limit").email(email_hash.clone()).log(&caller);
        }
    })?;

    let event = Event::success("register").email(email_hash.clone());
    let (purpose, mail) = (MailPurpose::Verification, IntentKind::Registration(email));
    mail_request::queue(app, purpose, &email_hash, mail, event, caller.now).await?.log(&caller);
    Ok(Reply::message("Check your inbox: a mail tells how to go on"))
}

/// Accounts by invitation only, unless REGISTRATION is on (promise RG4).
fn check_open(app: &KeylessApp, caller: &Caller) -> Result<()> {
    if app.config.registration.is_open {
        return Ok(());
    }
    Event::failure("register", "closed").log(caller);
    Err(Error::RegistrationClosed)
}
