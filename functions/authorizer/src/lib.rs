//! The Lambda authorizer of a team's own APIs: who may pass, and as whom.

mod gateway;
mod question;

use lambda_runtime::{Diagnostic, LambdaEvent};
use question::Question;
use serde_json::Value;
use shared::{
    app::VerifierApp,
    caller::Caller,
    config::AuthorizerSettings,
    domain::Timestamp,
    error::{Error, Result},
    event::Event,
    guard::{self, SignedIn},
};

/// What is raised in place of an answer: nobody passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Raised {
    /// A REST API answers 401 to this very word.
    Unauthorized,
    /// Every gateway answers 500: it could not be found out whether the caller may pass.
    Failed,
}

/// Answers the question of a gateway, which came at `now`, in the form that this gateway takes. Nobody passes but by an
/// answer that says so.
pub async fn answer(
    app: &VerifierApp,
    settings: &AuthorizerSettings,
    event: LambdaEvent<Value>,
    now: Timestamp,
) -> std::result::Result<Value, Raised> {
    let caller = question::caller(&event, now);
    let answer = match Question::read(&event.payload) {
        Ok(Question { gateway, token }) => gateway.answer(rule(app, settings, token, &caller).await),
        Err(error) => Err(error),
    };
    answer.map_err(|error| raise(&error, &caller))
}

/// The rule: one bearer token that is ours and alive, and its user as they are now, with a role that may pass
/// (promises AT6, AT8). A refusal is told to the log alone.
async fn rule(
    app: &VerifierApp,
    settings: &AuthorizerSettings,
    token: question::Token,
    caller: &Caller,
) -> Result<SignedIn> {
    let token = token.map_err(|reason| {
        Event::failure("access", reason).log(caller);
        Error::NotAuthenticated
    })?;
    let caller = Caller { bearer_token: Some(token), ..caller.clone() };
    guard::require(app, &caller, &settings.roles).await
}

fn raise(error: &Error, caller: &Caller) -> Raised {
    if error.status() == 401 {
        return Raised::Unauthorized;
    }
    let reason = if matches!(error, Error::Unavailable(_)) { "unavailable" } else { "internal_error" };
    Event::failure("request", reason).caused_by(error).log(caller);
    Raised::Failed
}

impl From<Raised> for Diagnostic {
    fn from(raised: Raised) -> Self {
        let (kind, message) = match raised {
            Raised::Unauthorized => ("Unauthorized", "Unauthorized"),
            Raised::Failed => ("AuthorizerFailed", "It could not be found out whether the caller may pass"),
        };
        Self { error_type: kind.to_owned(), error_message: message.to_owned() }
    }
}
