//! What a login does once the password was right. Only the session decides: without it there is no token. What else
//! fails is logged, and done at the next login.

use futures::future::join_all;
use shared::{
    app::App,
    domain::{self, Email, Intent, IntentKind, Password, Session, SessionId, User},
    error::Result,
    event::Event,
    hashing,
    http::Caller,
    password_check::Checked,
    store::UserSessions,
};
use tokio::join;

/// How many rows of dead sessions a login sweeps.
const MOST_SWEPT: usize = 25;

pub(crate) struct SignIn<'a> {
    pub app: &'a App,
    pub email: &'a Email,
    pub checked: &'a Checked,
    pub caller: &'a Caller,
}

impl SignIn<'_> {
    /// Begins the session, and together with it forgets earlier failures, records the login and renews an outdated
    /// hash.
    pub async fn begin_session(&self, password: Password) -> Result<Session> {
        let Self { app, caller, checked, .. } = self;
        let user = &checked.user;
        let session = app.store.sessions.new_session(user, caller);
        let (begun, cleared, recorded, renewed) = join!(
            app.store.sessions.begin(&session),
            checked.forget_failures(app),
            app.store.users.record_login(user.id, caller.now),
            self.renew_hash(password),
        );
        self.log_failure("clear_lockout", cleared);
        self.log_failure("record_login", recorded);
        self.log_failure("renew_hash", renewed);
        begun.map(|()| session)
    }

    /// Writes the login down and looks at the user's sessions, now that there is this one.
    pub async fn follow_up(&self, session: &Session, device_is_known: bool) {
        let event = Event::success("login").email(self.email.hash()).user(session.user_id);
        let event = event.session(session.session_id);
        let entry = event.entry(self.caller);
        event.log(self.caller);
        let look = self.look_at_sessions(session, device_is_known);
        let (audited, ()) = join!(self.app.store.audit.write(&entry), look);
        self.log_failure("audit", audited);
    }

    /// Ends the oldest sessions beyond SESSIONS_PER_USER (promise RT12), and tells the user of a device that was not
    /// seen before. It looks after the new session is there, so that of many logins at once the last look sees all.
    async fn look_at_sessions(&self, session: &Session, device_is_known: bool) {
        let app = self.app;
        match app.store.sessions.look(&self.checked.user, self.caller.now).await {
            Ok(UserSessions { alive: sessions, over }) => {
                let swept = join_all(over.iter().take(MOST_SWEPT).map(|id| self.sweep(*id)));
                let oldest = sessions.iter().skip(app.config.session.per_user);
                let ends = join_all(oldest.map(|session| self.end(session)));
                let is_new = !device_is_known && self.is_new_device(session, &sessions);
                let notice = async { if is_new { self.tell_of_new_device().await } else { Ok(()) } };
                let (swept, ended, told) = join!(swept, ends, notice);
                swept.into_iter().for_each(|result| self.log_failure("sweep_sessions", result));
                ended.into_iter().for_each(|result| self.log_failure("end_oldest_session", result));
                self.log_failure("new_device_notice", told);
            }
            Err(error) => self.log_failure("look_at_sessions", Err(error)),
        }
    }

    /// A user who logs in and out everywhere again and again must not pile up rows that every look has to read.
    async fn sweep(&self, id: SessionId) -> Result<()> {
        self.app.store.sessions.sweep(self.checked.user.id, id).await
    }

    async fn end(&self, session: &Session) -> Result<()> {
        let event = Event::success("end_session").because("too_many_sessions");
        let event = event.user(session.user_id).session(session.session_id);
        let entry = event.entry(self.caller);
        // If not, a login beside this one did it.
        if self.app.store.end_session(session.user_id, session.session_id, &entry).await? {
            event.log(self.caller);
        }
        Ok(())
    }

    /// A client that keeps no device token is known by a session that it has from the same address. The first login of
    /// all tells nothing new.
    fn is_new_device(&self, session: &Session, sessions: &[Session]) -> bool {
        let is_like_it = |other: &Session| {
            other.session_id != session.session_id
                && (&other.address, &other.user_agent) == (&session.address, &session.user_agent)
        };
        self.checked.user.last_login.is_some() && !sessions.iter().any(is_like_it)
    }

    async fn tell_of_new_device(&self) -> Result<()> {
        let Caller { address, user_agent, now, .. } = self.caller;
        let sign_in = domain::SignIn { address: address.to_string(), user_agent: user_agent.clone() };
        let kind = IntentKind::NewDevice(self.checked.user.id, sign_in);
        self.app.store.outbox.queue(&Intent::new(kind, *now)).await
    }

    /// Hashes the password anew while it is at hand, if its hash has another cost than today's (promise PW8).
    async fn renew_hash(&self, password: Password) -> Result<()> {
        let Self { app, checked, .. } = self;
        if !checked.hash_is_outdated {
            return Ok(());
        }
        let hash = hashing::hash(password, app.config.hash_method).await?;
        let User { id, password_version, .. } = checked.user;
        app.store.credentials.rehash(self.email, id, password_version, &hash).await
    }

    fn log_failure(&self, what: &'static str, result: Result<()>) {
        if let Err(error) = result {
            let event = Event::failure(what, "unavailable").user(self.checked.user.id);
            event.caused_by(&error).log(self.caller);
        }
    }
}
