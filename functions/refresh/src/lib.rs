//! `POST /auth/refresh`: exchanges a refresh token for the next pair.

use lambda_http::Request;
use shared::{
    app::App,
    domain::{Secret, Status, Timestamp},
    error::{Error, Result},
    event::Event,
    http::{Answer, Caller, Decode, Fields, Reply, routes},
    store::Rotation,
};

/// Answers a request that came at `now`.
pub async fn answer(app: &App, request: Request, now: Timestamp) -> Answer {
    routes! { app, request, now;
        POST "/auth/refresh" => refresh,
    }
}

/// The request: `{"refresh_token": "..."}`, or nothing where the cookie carries it.
struct Refresh {
    refresh_token: Option<Secret>,
}

impl Decode for Refresh {
    fn decode(fields: &mut Fields) -> Option<Self> {
        Some(Self { refresh_token: fields.optional("refresh_token") })
    }
}

/// The rule. A refused token never clears the cookie: a parallel request may just have set its successor
/// (promise RT3).
async fn refresh(app: &App, request: Refresh, caller: Caller) -> Result<Reply> {
    let Some((shown, delivery)) = caller.refresh_token(request.refresh_token) else {
        Event::failure("refresh", "no_token").log(&caller);
        return Err(Error::InvalidRefreshToken);
    };
    let token = app.verify_refresh(shown.expose(), caller.now).await.inspect_err(|error| {
        if matches!(error, Error::InvalidRefreshToken) {
            Event::failure("refresh", "invalid_token").log(&caller);
        }
    })?;
    // Before anything changes, as the user below.
    let keys = app.keys(caller.now).await?;
    let refuse = |reason| {
        Event::failure("refresh", reason).user(token.user_id).session(token.session_id).log(&caller);
        Err(Error::InvalidRefreshToken)
    };

    for _ in 0..3 {
        // First: a rotation whose user could then not be read would make the client's only token an old one.
        let user = app.store.users.get(token.user_id).await?;
        let Some(user) = user.filter(|user| user.status == Status::Active) else {
            app.store.sessions.sweep(token.user_id, token.session_id).await?;
            return refuse("user_inactive_or_gone");
        };
        let rotation = app.store.sessions.rotate(&user, token.session_id, token.counter, caller.now).await?;
        let session = match rotation {
            Rotation::Rotated(session) => session,
            Rotation::Reused => {
                let event = Event::failure("refresh_reuse", "token_used_before");
                let event = event.user(token.user_id).session(token.session_id);
                app.store.end_session(token.user_id, token.session_id, &event.entry(&caller)).await?;
                event.log(&caller);
                return Err(Error::InvalidRefreshToken);
            }
            Rotation::Ended => return refuse("session_ended"),
            // The session goes on with a new password: the user is to be read again.
            Rotation::UserIsOutdated => continue,
        };
        Event::success("refresh").user(user.id).session(session.session_id).log(&caller);
        let tokens = keys.mint(&user, &session, caller.now)?;
        return Ok(Reply::tokens(tokens, None, delivery, None));
    }
    Err(Error::Unavailable("a user's password changed under three tries of a refresh".to_owned()))
}
