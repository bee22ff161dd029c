//! A mail that anybody may ask for: so seldom to one address that nobody can be flooded, and at the same price for all.

use crate::{
    app::App,
    domain::{EmailHash, Intent, IntentId, IntentKind, Timestamp},
    error::Result,
    event::Event,
    store::MailPurpose,
};

/// Queues the mail. Within the cool-down of the address (promise RS9) it queues what is never delivered: the same
/// writes, whoever asks for whatever address. The event says which mail it was, and whether it will go.
pub async fn queue<T>(
    app: &App<T>,
    purpose: MailPurpose,
    email: &EmailHash,
    kind: IntentKind,
    event: Event,
    now: Timestamp,
) -> Result<Event> {
    let id = IntentId::generate();
    let allowed = app.store.rate_limits.allow_mail(purpose, email, id, now).await?;
    let kind = if allowed { kind } else { IntentKind::Suppressed };
    if let Err(error) = app.store.outbox.queue(&Intent { id, kind, created_at: now }).await {
        if allowed {
            // Who tries again after our 503 must get a mail. If this fails, too, the cool-down goes on.
            let _ = app.store.rate_limits.give_mail_back(purpose, email, id, now).await;
        }
        return Err(error);
    }
    let event = event.intent(id);
    Ok(if allowed { event } else { event.because("cooled_down") })
}
