//! `POST /admin/users/{user_id}/unlock`, `/end-sessions` and `/send-reset`: help for who can't get in, or must get out.

use shared::{
    app::VerifierApp,
    domain::{IntentId, Status, User},
    error::{Error, Result},
    event::Event,
    http::{Caller, Reply},
    store::MailPurpose,
};

use crate::{
    authority::Act,
    manager::{Manager, changed_meanwhile},
    named::Named,
};

/// Forgets the failures that locked the user's e-mail or a device of the user's (promise LG12).
pub(crate) async fn unlock(app: &VerifierApp, named: Named, caller: Caller) -> Result<Reply> {
    let (manager, user, event) = begin("unlock", app, named, caller).await?;
    if !app.store.unlock(&user.email, Some(user.id), &event.entry(&manager.caller)).await? {
        return Err(changed_meanwhile());
    }
    event.log(&manager.caller);
    Ok(Reply::no_content())
}

/// Ends all sessions of the user, and all access tokens (promise RT10).
pub(crate) async fn end_sessions(app: &VerifierApp, named: Named, caller: Caller) -> Result<Reply> {
    let (manager, user, event) = begin("end_sessions", app, named, caller).await?;
    if !app.store.end_sessions(user.id, &event.entry(&manager.caller)).await? {
        return Err(Error::NotFound("user"));
    }
    event.log(&manager.caller);
    Ok(Reply::no_content())
}

/// Mails the user a link to choose a password: who chose none yet is invited again. The password that
/// is there goes on working (promise RS12). As seldom as other mails to one address (RS9).
pub(crate) async fn send_reset(app: &VerifierApp, named: Named, caller: Caller) -> Result<Reply> {
    let (manager, user, event) = begin("send_reset", app, named, caller).await?;
    if user.status == Status::Inactive {
        return Err(Error::Conflict(
            "This user is inactive, and no link would work. Make the user active first.",
        ));
    }
    let (limits, email, now) = (&app.store.rate_limits, user.email.hash(), manager.caller.now);
    let (purpose, id) = (MailPurpose::SentByManager, IntentId::generate());
    if !limits.allow_mail(purpose, &email, id, now).await? {
        return Err(Error::Conflict(
            "Such a mail was sent a moment ago, or too many today. Wait before the next.",
        ));
    }
    if let Err(error) = app.store.send_reset(&user, &event.entry(&manager.caller)).await {
        // Who tries again after our 503 must not be told to wait. If this fails, too, the wait goes on.
        let _ = limits.give_mail_back(purpose, &email, id, now).await;
        return Err(error);
    }
    event.log(&manager.caller);
    Ok(Reply::no_content())
}

/// The manager, the user, and what will be said of it; all three acts are open to the same managers.
async fn begin<'a>(
    name: &'static str,
    app: &'a VerifierApp,
    Named { user_id }: Named,
    caller: Caller,
) -> Result<(Manager<'a>, User, Event)> {
    let manager = Manager::of(app, caller).await?;
    let user = manager.find(user_id).await?;
    manager.may(name, Act::Help(&user)).await?;
    let event = manager.done(name, &user);
    Ok((manager, user, event))
}
