//! `GET /auth/sessions` and `DELETE /auth/sessions/{session_id}`: where a user is logged in, and the end of it.

use lambda_http::Request;
use serde::Serialize;
use shared::{
    app::VerifierApp,
    domain::{Device, Session, SessionId, Timestamp},
    error::Result,
    event::Event,
    guard,
    http::{Answer, Caller, Decode, Fields, NoFields, Reply, routes},
};

/// Answers a request that came at `now`.
pub async fn answer(app: &VerifierApp, request: Request, now: Timestamp) -> Answer {
    routes! { app, request, now;
        GET "/auth/sessions" => list,
        DELETE "/auth/sessions/{session_id}" => end,
    }
}

/// The answer: the newest login first.
#[derive(Serialize)]
struct Sessions {
    sessions: Vec<Shown>,
}

/// A session as its user sees it.
#[derive(Serialize)]
struct Shown {
    id: SessionId,
    /// Whether it is the one that asks.
    current: bool,
    /// Such as `Firefox on Linux`.
    device: String,
    user_agent: Option<String>,
    /// Where the login came from.
    address: String,
    created_at: Timestamp,
    /// The last refresh, or else the login.
    last_used_at: Timestamp,
    /// When it ends unless it is refreshed before.
    expires_at: Timestamp,
}

/// The rule: all sessions of the caller that are alive, and no others (promise RT13).
async fn list(app: &VerifierApp, _: NoFields, caller: Caller) -> Result<Reply> {
    let signed_in = guard::authenticate(app, &caller).await?;
    let sessions = app.store.sessions.of_user(&signed_in.user, caller.now).await?;
    let shown = |session: Session| Shown {
        id: session.session_id,
        current: session.session_id == signed_in.session_id,
        device: Device::of(session.user_agent.as_deref()).to_string(),
        user_agent: session.user_agent,
        address: session.address,
        created_at: session.created_at,
        last_used_at: session.rotated_at,
        expires_at: session.expires_at,
    };
    Ok(Reply::ok(&Sessions { sessions: sessions.into_iter().map(shown).collect() }))
}

/// The request: the session is in the path.
struct End {
    session_id: SessionId,
}

impl Decode for End {
    fn decode(fields: &mut Fields) -> Option<Self> {
        Some(Self { session_id: fields.path("session_id")? })
    }
}

/// The rule: one's own sessions only, since they are found by one's own id; 204 every time, ended now or before.
async fn end(app: &VerifierApp, End { session_id }: End, caller: Caller) -> Result<Reply> {
    let signed_in = guard::authenticate(app, &caller).await?;
    let event = Event::success("end_session").user(signed_in.user.id).session(session_id);
    let event = event.change(format!("from session {}", signed_in.session_id));
    if app.store.end_session(signed_in.user.id, session_id, &event.entry(&caller)).await? {
        event.log(&caller);
    }
    Ok(Reply::no_content())
}
