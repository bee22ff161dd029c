//! Security events: one JSON line each in the function's log (promise OP5).
//!
//! A line has `timestamp`, `level`, `event`, `outcome`, and where they apply `reason`, `request_id`, `address`,
//! `user_id`, `actor` (who did it to that user), `change`, `session_id`, `intent_id`, `key_id`, `email_hash` (SHA-256 of
//! the canonical e-mail), `former_email_hash` (the same of an address that was the user's until this) and `detail` (why a
//! service behind us failed, in its own code and words). No password, token, cookie, hash or full e-mail is ever in one:
//! an [`Event`] takes ids and fixed words. Its name is one of [`event_names`]. The audit trail has an entry of the same
//! words for what operators ask about
//! later.

use tracing::{info, warn};

use crate::{
    caller::Caller,
    domain::{
        Actor, AuditEntry, AuditId, EmailHash, IntentId, KeyId, Outcome, SessionId, Subject, Timestamp,
        UserId,
    },
    error::Error,
    event_names,
};

/// Something that an operator may ask about later.
#[derive(Clone, Default)]
pub struct Event {
    name: &'static str,
    succeeded: bool,
    reason: Option<&'static str>,
    email_hash: Option<EmailHash>,
    user_id: Option<UserId>,
    actor: Option<Actor>,
    change: Option<String>,
    former_email: Option<EmailHash>,
    session_id: Option<SessionId>,
    intent_id: Option<IntentId>,
    key_id: Option<KeyId>,
    detail: Option<String>,
}

impl Event {
    /// It was done.
    pub fn success(name: &'static str) -> Self {
        debug_assert!(event_names::is_known(name), "{name} is not in event_names.rs");
        Self { name, succeeded: true, ..Self::default() }
    }

    /// It was refused or failed, and why.
    pub fn failure(name: &'static str, reason: &'static str) -> Self {
        debug_assert!(event_names::is_known(name), "{name} is not in event_names.rs");
        Self { name, reason: Some(reason), ..Self::default() }
    }

    /// What made it special though it was done.
    pub fn because(self, reason: &'static str) -> Self {
        Self { reason: Some(reason), ..self }
    }

    /// Which e-mail was named.
    pub fn email(self, email: EmailHash) -> Self {
        Self { email_hash: Some(email), ..self }
    }

    /// Which user it was about.
    pub fn user(self, user: UserId) -> Self {
        Self { user_id: Some(user), ..self }
    }

    /// Who did it, where that need not be the user it was about.
    pub fn by(self, actor: Actor) -> Self {
        Self { actor: Some(actor), ..self }
    }

    /// What is different now, in words and ids that may stand in a log: `role member -> lead`.
    pub fn change(self, change: impl Into<String>) -> Self {
        Self { change: Some(change.into()), ..self }
    }

    /// Which address is the user's no more from now on.
    pub fn leaves(self, email: EmailHash) -> Self {
        Self { former_email: Some(email), ..self }
    }

    /// Which session it was about.
    pub fn session(self, session: SessionId) -> Self {
        Self { session_id: Some(session), ..self }
    }

    /// Which mail it was about.
    pub fn intent(self, intent: IntentId) -> Self {
        Self { intent_id: Some(intent), ..self }
    }

    /// Which signing key it was about.
    pub fn key(self, key: KeyId) -> Self {
        Self { key_id: Some(key), ..self }
    }

    /// What failed, if that is for the log alone: a service's code and request id.
    pub fn caused_by(self, error: &Error) -> Self {
        Self { detail: error.internal_cause().map(str::to_owned), ..self }
    }

    /// The same for the audit trail, with who asked and when. It is about the user, or else about the e-mail or the
    /// signing key; one of them must have been said.
    pub fn entry(&self, caller: &Caller) -> AuditEntry {
        AuditEntry {
            address: caller.address.known(),
            user_agent: caller.user_agent.clone(),
            request_id: Some(caller.request_id.clone()).filter(|id| !id.is_empty()),
            ..self.entry_without_caller(caller.now)
        }
    }

    /// The same, of something that no request asked for.
    pub fn entry_without_caller(&self, now: Timestamp) -> AuditEntry {
        let about_user = self.user_id.map(Subject::UserId);
        let subject = about_user
            .or_else(|| self.email_hash.clone().map(Subject::EmailHash))
            .or_else(|| self.key_id.clone().map(Subject::KeyId));
        AuditEntry {
            id: AuditId::generate(),
            at: now,
            event: self.name.to_owned(),
            outcome: if self.succeeded { Outcome::Success } else { Outcome::Failure },
            reason: self.reason.map(str::to_owned),
            subject: subject.expect("an audited event is about somebody or something"),
            actor: self.actor.clone(),
            change: self.change.clone(),
            former_email_hash: self.former_email.clone(),
            session_id: self.session_id,
            address: None,
            user_agent: None,
            request_id: None,
        }
    }

    /// Writes the line, with who asked.
    pub fn log(self, caller: &Caller) {
        self.write(Some(&caller.request_id), Some(caller.address.to_string()));
    }

    /// Writes the line of something that no request asked for.
    pub fn log_without_caller(self) {
        self.write(None, None);
    }

    fn write(self, request_id: Option<&str>, address: Option<String>) {
        macro_rules! line {
            ($level:ident, $outcome:literal) => {
                $level!(
                    event = self.name,
                    outcome = $outcome,
                    reason = self.reason,
                    request_id,
                    address,
                    user_id = self.user_id.map(tracing::field::display),
                    actor = self.actor.as_ref().map(tracing::field::display),
                    change = self.change.as_deref(),
                    former_email_hash = self.former_email.map(tracing::field::display),
                    session_id = self.session_id.map(tracing::field::display),
                    intent_id = self.intent_id.map(tracing::field::display),
                    key_id = self.key_id.map(tracing::field::display),
                    email_hash = self.email_hash.map(tracing::field::display),
                    detail = self.detail,
                )
            };
        }
        if self.succeeded { line!(info, "success") } else { line!(warn, "failure") }
    }
}

/// Sends every log line to standard output as flat JSON, from level INFO.
pub fn init_log() {
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_target(false)
        .with_max_level(tracing::Level::INFO)
        .init();
}
