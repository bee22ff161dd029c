//! `POST /auth/logout`: ends the session of a refresh token, or all sessions of its user.

use lambda_http::Request;
use shared::{
    app::SessionApp,
    domain::{Secret, Session, Timestamp},
    error::{Error, Result},
    event::Event,
    http::{Answer, Caller, Decode, Delivery, Fields, Reply, routes},
    token::RefreshToken,
};

/// Answers a request that came at `now`.
pub async fn answer(app: &SessionApp, request: Request, now: Timestamp) -> Answer {
    routes! { app, request, now;
        POST "/auth/logout" => logout,
    }
}

/// The request: `{"refresh_token": "...", "everywhere": true}`; the token may come in the cookie instead.
struct Logout {
    refresh_token: Option<Secret>,
    everywhere: bool,
}

impl Decode for Logout {
    fn decode(fields: &mut Fields) -> Option<Self> {
        let refresh_token = fields.optional("refresh_token");
        let everywhere = fields.flag("everywhere");
        Some(Self { refresh_token, everywhere })
    }
}

/// The rule. Whoever is logged out already stays so: 204 every time (promise RT9). But who wants to be logged out
/// everywhere must be told when the token is none of ours: nothing would have ended.
async fn logout(app: &SessionApp, request: Logout, caller: Caller) -> Result<Reply> {
    let Some((shown, delivery)) = caller.refresh_token(request.refresh_token) else {
        return if request.everywhere { Err(Error::InvalidRefreshToken) } else { Ok(Reply::no_content()) };
    };
    match app.verify_refresh(shown.expose(), caller.now).await {
        Ok(token) => end(app, &token, request.everywhere, &caller).await?,
        Err(Error::InvalidRefreshToken) if request.everywhere => {
            Event::failure("logout", "invalid_token").log(&caller);
            return Err(Error::InvalidRefreshToken);
        }
        Err(Error::InvalidRefreshToken) => {}
        Err(error) => return Err(error),
    }
    let reply = Reply::no_content();
    Ok(if delivery == Delivery::Cookie { reply.without_refresh_cookie() } else { reply })
}

async fn end(app: &SessionApp, token: &RefreshToken, everywhere: bool, caller: &Caller) -> Result<()> {
    let event = Event::success("logout").user(token.user_id).session(token.session_id);
    let all = event.clone().because("everywhere");
    let all_ended = everywhere && end_all_sessions(app, token, &all, caller).await?;
    // Last, so that a request that failed before can be repeated.
    if all_ended {
        app.store.sessions.sweep(token.user_id, token.session_id).await?;
        all.log(caller);
    } else if app.store.end_session(token.user_id, token.session_id, &event.entry(caller)).await? {
        event.log(caller);
    }
    Ok(())
}

/// Ends all sessions of the token's user, if the token may speak for them; whether it did. They are those of the
/// session's own generation: repeated, or with a token of an earlier generation, it ends nothing more.
async fn end_all_sessions(
    app: &SessionApp,
    token: &RefreshToken,
    event: &Event,
    caller: &Caller,
) -> Result<bool> {
    let session = app.store.sessions.get(token.user_id, token.session_id).await?;
    let Some(session) = session.filter(|session| speaks_for_all(token, session, caller.now)) else {
        return Ok(false);
    };
    app.store.end_generation(token.user_id, session.generation, &event.entry(caller)).await
}

/// An old token, which may be a stolen one, ends its own session and no other: only the session's last token, or the
/// one before it (a refresh may be under way), ends them all.
fn speaks_for_all(token: &RefreshToken, session: &Session, now: Timestamp) -> bool {
    session.expires_at > now && (session.counter == token.counter || session.counter == token.counter + 1)
}
