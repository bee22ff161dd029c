//! `POST /auth/refresh`: exchanges a refresh token for the next pair.

use futures::try_join;
use serde_json::json;
use shared::{
    app::App,
    domain::Status,
    error::{Error, Result},
    event::Event,
    http::{Caller, Decode, Fields, Reply},
    store::Rotation,
};

/// The request: `{"refresh_token": "..."}`, or nothing where the cookie carries it.
pub struct Refresh {
    refresh_token: Option<String>,
}

impl Decode for Refresh {
    fn decode(fields: &mut Fields) -> Option<Self> {
        Some(Self { refresh_token: fields.optional("refresh_token") })
    }
}

/// The rule. A refused token never clears the cookie: a parallel request may just have set its successor
/// (promise RT3).
pub async fn refresh(app: &App, request: Refresh, mut caller: Caller) -> Result<Reply> {
    let from_cookie = request.refresh_token.is_none();
    let shown = request.refresh_token.map(Into::into).or_else(|| caller.refresh_cookie.take());
    let Some(shown) = shown else {
        Event::failure("refresh", "no_token").log(&caller);
        return Err(Error::InvalidRefreshToken);
    };
    let token = app.tokens.verify_refresh(&shown, caller.now).inspect_err(|_| {
        Event::failure("refresh", "invalid_token").log(&caller);
    })?;
    let refuse = |name, reason| {
        Event::failure(name, reason).user(token.user_id).session(token.session_id).log(&caller);
        Err(Error::InvalidRefreshToken)
    };

    let (rotation, user) = try_join!(
        app.store.sessions.rotate(token.user_id, token.session_id, token.counter, caller.now),
        app.store.users.get(token.user_id),
    )?;
    let session = match rotation {
        Rotation::Rotated(session) => session,
        Rotation::Reused => return refuse("refresh_reuse", "token_used_before"),
        Rotation::Ended => return refuse("refresh", "session_ended"),
    };
    let alive = user.filter(|user| user.status == Status::Active && user.generation == session.generation);
    let Some(user) = alive else {
        app.store.sessions.end(token.user_id, token.session_id).await?;
        return refuse("refresh", "all_sessions_ended");
    };

    Event::success("refresh").user(user.id).session(session.session_id).log(&caller);
    let tokens = app.tokens.mint(&user, &session, caller.now)?;
    let mut body = json!({
        "access_token": *tokens.access_token,
        "token_type": "bearer",
        "expires_in": tokens.expires_in.as_secs(),
    });
    if from_cookie {
        return Ok(Reply::ok(&body).with_refresh_cookie(tokens.refresh_token, tokens.refresh_expires_in));
    }
    body["refresh_token"] = json!(*tokens.refresh_token);
    Ok(Reply::ok(&body))
}
