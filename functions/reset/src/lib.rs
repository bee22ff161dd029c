//! `POST /auth/reset-password`: exchanges a mailed token for a new password.

use lambda_http::Request;
use shared::{
    app::KeylessApp,
    domain::{Password, ResetToken, Secret, Timestamp},
    error::{Error, Result},
    event::Event,
    hashing::{self, Comparison},
    http::{Answer, Caller, Decode, Fields, Reply, routes},
    store::{PasswordReset, ResetOutcome},
};

/// Answers a request that came at `now`.
pub async fn answer(app: &KeylessApp, request: Request, now: Timestamp) -> Answer {
    routes! { app, request, now;
        POST "/auth/reset-password" => reset,
    }
}

/// The request: `{"token": "...", "new_password": "..."}`.
struct Reset {
    token: Secret,
    new_password: Password,
}

impl Decode for Reset {
    fn decode(fields: &mut Fields) -> Option<Self> {
        let token = fields.required("token");
        let new_password = fields.required("new_password");
        Some(Self { token: token?, new_password: new_password? })
    }
}

/// The rule. Only the last step changes anything, and it does all or nothing: a password that is refused leaves the
/// token as it was (promises RS4, RS6, PW7).
async fn reset(app: &KeylessApp, request: Reset, caller: Caller) -> Result<Reply> {
    let refuse = |reason| {
        Event::failure("reset_password", reason).log(&caller);
        Err(Error::InvalidResetToken)
    };
    let Ok(token) = request.token.expose().parse::<ResetToken>() else { return refuse("malformed_token") };
    let Some(pending) = app.store.reset_tokens.get(&token, caller.now).await? else {
        return refuse("unknown_or_expired_token");
    };
    let credential = app.store.credentials.get(&pending.email).await?;
    let Some(credential) = credential.filter(|credential| {
        credential.user_id == pending.user_id
            && credential.reset_token_hash.as_deref() == Some(pending.token.as_str())
    }) else {
        return refuse("voided_token");
    };

    let config = &app.config;
    let chosen = config
        .choose_password(request.new_password, &pending.email)
        .map_err(|rules| Error::broken_rules("new_password", rules))?;
    let password = chosen.as_password();
    if let Some(current) = credential.password_hash {
        let comparison = hashing::compare(Some(current), password.clone(), config.hash_method).await?;
        if matches!(comparison, Comparison::Right { .. }) {
            return Err(Error::broken_rules("new_password", ["must differ from the current password"]));
        }
    }
    let new_hash = hashing::hash(password.clone(), config.hash_method).await?;

    let event = Event::success("reset_password").email(pending.email.hash()).user(pending.user_id);
    let reset = PasswordReset { pending: &pending, new_hash: &new_hash, entry: &event.entry(&caller) };
    match app.store.reset_password(reset).await? {
        ResetOutcome::Refused => refuse("used_voided_or_inactive"),
        ResetOutcome::Done => {
            event.log(&caller);
            Ok(Reply::message("Password reset successful"))
        }
    }
}
