//! What is done for one queued mail, from the claim to the mark.

use std::time::Duration;

use shared::{
    domain::{Email, Intent, IntentId, IntentKind, ResetToken, Status, Timestamp, User, UserId},
    error::{Error, Result},
    event::Event,
    mailer::Mail,
    store::Claim,
};

use crate::MailerApp;

/// What became of a queued mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is on its way.
    Sent,
    /// There is nobody to write to, or nothing to say any more.
    NotToBeSent,
    /// An earlier delivery did it.
    DoneBefore,
}

/// Sends one mail (promise RS13). It is claimed first, so that two deliveries of one intent send one mail; marked last,
/// so that none is lost: a second copy goes out only if SES's yes never reached us, or we died right behind it.
/// Errors: it was not sent; deliver it again.
pub async fn deliver(app: &MailerApp, id: IntentId, now: Timestamp) -> Result<Outcome> {
    let intent = match app.store.outbox.claim(id, now).await? {
        Claim::Granted(intent) => intent,
        Claim::Done => return Ok(Outcome::DoneBefore),
        Claim::Held => {
            return Err(Error::Unavailable("another delivery of this mail is under way".to_owned()));
        }
    };
    let sent = match &intent.kind {
        IntentKind::PasswordReset(email) => {
            send_link(app, &intent, email, app.config.reset.token_lifetime, now).await
        }
        IntentKind::Invitation(email) => {
            send_link(app, &intent, email, app.config.reset.invitation_lifetime, now).await
        }
        IntentKind::PasswordChanged(user_id) => send_notice(app, *user_id).await,
        IntentKind::Suppressed => Ok(Outcome::NotToBeSent),
    };
    match sent {
        Ok(outcome) => {
            // An error would make the stream deliver it again, and then it would go out twice.
            if let Err(error) = app.store.outbox.mark_done(id, now).await {
                Event::failure("mail", "not_marked").intent(id).caused_by(&error).log_without_caller();
            }
            let event = Event::success("mail").intent(id);
            if outcome == Outcome::Sent { event } else { event.because("not_to_be_sent") }
                .log_without_caller();
            Ok(outcome)
        }
        Err(error) => {
            // Unreleased, the claim would only make the next try wait; the first error is the one to tell.
            let _ = app.store.outbox.release(id).await;
            Err(error)
        }
    }
}

/// Makes a token, makes it the only live one, and mails its link. An unknown or inactive user gets none and is not
/// changed in any way (promises RS7, RS12).
async fn send_link(
    app: &MailerApp,
    intent: &Intent,
    email: &Email,
    lifetime: Duration,
    now: Timestamp,
) -> Result<Outcome> {
    let Some(user_id) = app.store.credentials.find_user(email).await? else {
        return Ok(Outcome::NotToBeSent);
    };
    let Some(user) = active_user(app, user_id).await? else { return Ok(Outcome::NotToBeSent) };

    let token = ResetToken::generate();
    let hash = token.hash();
    app.store.reset_tokens.put(&hash, email, user_id, now + lifetime).await?;
    // From here on older tokens are void. Refused, ours is: the row above names no live token and expires.
    if !app.store.credentials.set_reset_token(email, &hash, intent.created_at).await? {
        return Ok(Outcome::NotToBeSent);
    }

    let mail: Mail = match intent.kind {
        IntentKind::Invitation(_) => app.mails.invitation(&user, &token, lifetime)?,
        _ => app.mails.password_reset(&user, &token, lifetime)?,
    };
    app.mailer.send(&user.email, mail).await.map(|()| Outcome::Sent)
}

async fn send_notice(app: &MailerApp, user_id: UserId) -> Result<Outcome> {
    let Some(user) = active_user(app, user_id).await? else { return Ok(Outcome::NotToBeSent) };
    let mail = app.mails.password_changed(&user)?;
    app.mailer.send(&user.email, mail).await.map(|()| Outcome::Sent)
}

async fn active_user(app: &MailerApp, user_id: UserId) -> Result<Option<User>> {
    let user = app.store.users.get(user_id).await?;
    Ok(user.filter(|user| user.status == Status::Active))
}
