//! `POST /auth/logout`: ends the session of a refresh token, or all sessions of its user.

use shared::{
    app::App,
    domain::{Session, Timestamp},
    error::Result,
    event::Event,
    http::{Caller, Decode, Fields, Reply},
    token::RefreshToken,
};

/// The request: `{"refresh_token": "...", "everywhere": true}`; the token may come in the cookie instead.
pub struct Logout {
    refresh_token: Option<String>,
    everywhere: bool,
}

impl Decode for Logout {
    fn decode(fields: &mut Fields) -> Option<Self> {
        let refresh_token = fields.optional("refresh_token");
        let everywhere = fields.flag("everywhere");
        Some(Self { refresh_token, everywhere })
    }
}

/// The rule. Whoever is signed out already stays so: 204 every time (promise RT9).
pub async fn logout(app: &App, request: Logout, mut caller: Caller) -> Result<Reply> {
    let from_cookie = request.refresh_token.is_none() && caller.refresh_cookie.is_some();
    let shown = request.refresh_token.map(Into::into).or_else(|| caller.refresh_cookie.take());
    let token = shown.and_then(|shown| app.tokens.verify_refresh(&shown, caller.now).ok());

    if let Some(token) = token {
        let ended = app.store.sessions.end(token.user_id, token.session_id).await?;
        let everywhere =
            request.everywhere && ended.is_some_and(|session| speaks_for(&token, &session, caller.now));
        if everywhere {
            app.store.users.end_all_sessions(token.user_id).await?;
        }
        let event = Event::success("logout").user(token.user_id).session(token.session_id);
        if everywhere { event.because("everywhere").log(&caller) } else { event.log(&caller) }
    }

    let reply = Reply::no_content();
    Ok(if from_cookie { reply.without_refresh_cookie() } else { reply })
}

/// An old token, which may be a stolen one, ends its own session and no other: only the session's last token, or the
/// one before it (a refresh may be under way), ends them all.
fn speaks_for(token: &RefreshToken, session: &Session, now: Timestamp) -> bool {
    session.expires_at > now && (session.counter == token.counter || session.counter == token.counter + 1)
}
