//! What is done for one queued mail, from the claim to the mark.

use shared::{
    domain::{Intent, IntentId, IntentKind, Timestamp},
    error::{Error, Result},
    event::Event,
    store::Claim,
};
use tokio::join;

use crate::{
    MailerApp,
    letter::{self, Letter},
};

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
    match send(app, &intent, now).await {
        Ok(done) => {
            let outcome = if done.is_ok() { Outcome::Sent } else { Outcome::NotToBeSent };
            remember(app, id, done, now).await;
            Ok(outcome)
        }
        Err(error) => {
            // Unreleased, the claim would only make the next try wait; the first error is the one to tell.
            let _ = app.store.outbox.release(id).await;
            Err(error)
        }
    }
}

/// Why a mail was not sent, though nothing failed.
type Skipped = &'static str;

/// Sends what the intent asks for, if anything; what the log and the audit trail say of it.
async fn send(
    app: &MailerApp,
    intent: &Intent,
    now: Timestamp,
) -> Result<std::result::Result<Event, Skipped>> {
    if !is_wanted(app, &intent.kind) {
        return Ok(Err("switched_off"));
    }
    let Some(Letter { to, mail, name, about }) = letter::write(app, intent, now).await? else {
        return Ok(Err("not_to_be_sent"));
    };
    app.mailer.send(&to, mail).await?;
    let event = Event::success("mail").because(name).intent(intent.id);
    Ok(Ok(match about {
        Some(user) => event.user(user),
        None => event.email(to.hash()),
    }))
}

/// Whether SECURITY_NOTICES names it; links that somebody asked for are no notices.
fn is_wanted(app: &MailerApp, kind: &IntentKind) -> bool {
    let notices = &app.config.notices;
    match kind {
        IntentKind::PasswordReset(_)
        | IntentKind::SentReset(_)
        | IntentKind::Registration(_)
        | IntentKind::EmailChange(..) => true,
        IntentKind::Suppressed => false,
        IntentKind::Invitation(_) => notices.invitation,
        IntentKind::EmailChanged(..) => notices.email_changed,
        IntentKind::PasswordChanged(_) => notices.password_changed,
        IntentKind::LockedOut(_) => notices.locked_out,
        IntentKind::NewDevice(..) => notices.new_device,
    }
}

/// Marks the mail as dealt with and writes a sent one down. Failures are logged only: an error would make the stream
/// deliver it again, and then it would go out twice.
async fn remember(app: &MailerApp, id: IntentId, done: std::result::Result<Event, Skipped>, now: Timestamp) {
    let audit = async {
        match &done {
            Ok(event) => app.store.audit.write(&event.entry_without_caller(now)).await,
            Err(_) => Ok(()),
        }
    };
    let (marked, audited) = join!(app.store.outbox.mark_done(id, now), audit);
    for (what, result) in [("not_marked", marked), ("not_audited", audited)] {
        if let Err(error) = result {
            Event::failure("mail", what).intent(id).caused_by(&error).log_without_caller();
        }
    }
    // By a name of its own: who counts sent mails must not count it.
    let event = done.unwrap_or_else(|why| Event::success("skip_mail").because(why).intent(id));
    event.log_without_caller();
}
