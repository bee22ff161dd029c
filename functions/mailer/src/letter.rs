//! What a queued mail becomes: to whom it goes and what it says, and the token of its link.

use shared::{
    domain::{
        Device, Email, Intent, IntentKind, ResetToken, SignIn, Status, Timestamp, User, UserId,
        VerificationToken,
    },
    error::Result,
    mailer::Mail,
    store::{MailPurpose, PendingVerification},
};

use crate::MailerApp;

/// A mail that may go out.
pub(crate) struct Letter {
    pub to: Email,
    pub mail: Mail,
    /// Which mail it is, in the word of the log: not always the one that was asked for.
    pub name: &'static str,
    /// The user that it is about, if there is one.
    pub about: Option<UserId>,
}

/// Writes the mail; `None` when there is nobody to write to, or nothing to say any more. An unknown or inactive user
/// gets none, and is not changed in any way (promises RS7, RS12).
pub(crate) async fn write(app: &MailerApp, intent: &Intent, now: Timestamp) -> Result<Option<Letter>> {
    match &intent.kind {
        IntentKind::PasswordReset(email) | IntentKind::SentReset(email) | IntentKind::Invitation(email) => {
            choose_password(app, intent, email, now).await
        }
        IntentKind::Registration(email) => registration(app, intent, email, now).await,
        IntentKind::EmailChange(user_id, email) => email_change(app, intent, *user_id, email, now).await,
        IntentKind::EmailChanged(user_id, old_email) => {
            let user = active_user(app, *user_id).await?;
            to_user(user, intent.kind.as_str(), |user| {
                Ok((old_email.clone(), app.mails.email_changed(user, old_email)?))
            })
        }
        IntentKind::PasswordChanged(user_id) => {
            let user = active_user(app, *user_id).await?;
            password_changed(app, user)
        }
        IntentKind::LockedOut(email) => locked_out(app, intent, email, now).await,
        IntentKind::NewDevice(user_id, SignIn { address, user_agent }) => {
            let user = active_user(app, *user_id).await?;
            let device = Device::of(user_agent.as_deref());
            to_user(user, intent.kind.as_str(), |user| {
                let mail = app.mails.new_device(user, &device, address, intent.created_at)?;
                Ok((user.email.clone(), mail))
            })
        }
        IntentKind::Suppressed => Ok(None),
    }
}

/// Whose password is the first one did not change it.
fn password_changed(app: &MailerApp, user: Option<User>) -> Result<Option<Letter>> {
    let is_first = user.as_ref().is_some_and(|user| user.password_version <= 1);
    let name = if is_first { "password_set" } else { "password_changed" };
    to_user(user, name, |user| {
        let mail = if is_first { app.mails.password_set(user)? } else { app.mails.password_changed(user)? };
        Ok((user.email.clone(), mail))
    })
}

/// Makes a token, makes it the only live one, and writes its link. Who chose no password yet is invited, or told that the
/// account has moved, whoever asked.
async fn choose_password(
    app: &MailerApp,
    intent: &Intent,
    email: &Email,
    now: Timestamp,
) -> Result<Option<Letter>> {
    let Some(user) = active_user_of(app, email).await? else { return Ok(None) };
    let (name, lifetime) = match &intent.kind {
        _ if !user.has_password() => {
            let has_moved = app.store.credentials.is_newcomer(email).await?;
            (if has_moved { "moved" } else { "invitation" }, app.config.reset.invitation_lifetime)
        }
        IntentKind::SentReset(_) => ("sent_reset", app.config.reset.token_lifetime),
        _ => ("password_reset", app.config.reset.token_lifetime),
    };
    let token = ResetToken::generate();
    let hash = token.hash();
    app.store.reset_tokens.put(&hash, email, user.id, now + lifetime).await?;
    // From here on older tokens are void. Refused, ours is: the row above names no live token and expires.
    if !app.store.credentials.set_reset_token(email, &hash, intent.created_at).await? {
        return Ok(None);
    }
    to_user(Some(user), name, |user| {
        let mail = app.mails.choose_password(name, user, &token, lifetime)?;
        Ok((user.email.clone(), mail))
    })
}

/// A link for an address that has no account; its owner's mail if it has one (promise RG1), which invites again who
/// chose no password yet.
async fn registration(
    app: &MailerApp,
    intent: &Intent,
    email: &Email,
    now: Timestamp,
) -> Result<Option<Letter>> {
    if let Some(owner) = app.store.credentials.find_user(email).await? {
        let owner = active_user(app, owner).await?;
        return match owner {
            Some(owner) if !owner.has_password() => choose_password(app, intent, email, now).await,
            owner => already_registered(app, owner),
        };
    }
    let (token, lifetime) = (VerificationToken::generate(), app.config.registration.token_lifetime);
    let pending = PendingVerification { token: token.hash(), email: email.clone(), user_id: None };
    app.store.email_verifications.put(&pending, now + lifetime).await?;
    let mail = app.mails.registration(email, &token, lifetime)?;
    Ok(Some(Letter { to: email.clone(), mail, name: "registration", about: None }))
}

/// A link that goes to the new address and makes it the user's; its owner's mail if it has one. Older links are void
/// whether it has one: an old link that still worked would tell (promise EM3). So is one that was asked for before a
/// change of the password.
async fn email_change(
    app: &MailerApp,
    intent: &Intent,
    user_id: UserId,
    new_email: &Email,
    now: Timestamp,
) -> Result<Option<Letter>> {
    let Some(user) = active_user(app, user_id).await? else { return Ok(None) };
    let (token, lifetime) = (VerificationToken::generate(), app.config.registration.token_lifetime);
    let hash = token.hash();
    let pending =
        PendingVerification { token: hash.clone(), email: new_email.clone(), user_id: Some(user_id) };
    app.store.email_verifications.put(&pending, now + lifetime).await?;
    let credentials = &app.store.credentials;
    if !credentials.set_email_change_token(&user.email, user_id, &hash, intent.created_at).await? {
        return Ok(None);
    }
    if let Some(owner) = credentials.find_user(new_email).await? {
        return already_registered(app, active_user(app, owner).await?);
    }
    let mail = app.mails.email_change(&user, new_email, &token, lifetime)?;
    Ok(Some(Letter { to: new_email.clone(), mail, name: "email_change", about: Some(user_id) }))
}

fn already_registered(app: &MailerApp, owner: Option<User>) -> Result<Option<Letter>> {
    to_user(owner, "already_registered", |owner| {
        Ok((owner.email.clone(), app.mails.already_registered(owner)?))
    })
}

/// As seldom as other mails to one address: a stranger can lock it twice an hour.
async fn locked_out(
    app: &MailerApp,
    intent: &Intent,
    email: &Email,
    now: Timestamp,
) -> Result<Option<Letter>> {
    let Some(user) = active_user_of(app, email).await? else { return Ok(None) };
    let limits = &app.store.rate_limits;
    if !limits.allow_mail(MailPurpose::LockNotice, &email.hash(), intent.id, now).await? {
        return Ok(None);
    }
    to_user(Some(user), intent.kind.as_str(), |user| {
        let known_devices = user.last_login.is_some() && !app.config.trusted_device.is_zero();
        Ok((user.email.clone(), app.mails.locked_out(user, app.config.lockout.duration, known_devices)?))
    })
}

fn to_user(
    user: Option<User>,
    name: &'static str,
    write: impl FnOnce(&User) -> Result<(Email, Mail)>,
) -> Result<Option<Letter>> {
    let Some(user) = user else { return Ok(None) };
    let (to, mail) = write(&user)?;
    Ok(Some(Letter { to, mail, name, about: Some(user.id) }))
}

async fn active_user_of(app: &MailerApp, email: &Email) -> Result<Option<User>> {
    match app.store.credentials.find_user(email).await? {
        Some(user_id) => active_user(app, user_id).await,
        None => Ok(None),
    }
}

async fn active_user(app: &MailerApp, user_id: UserId) -> Result<Option<User>> {
    let user = app.store.users.get(user_id).await?;
    Ok(user.filter(|user| user.status == Status::Active))
}
