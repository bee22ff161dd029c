//! The guard of routes that need a user: a valid access token, and the user as they are now.

use crate::{
    app::App,
    caller::Caller,
    domain::{Status, User},
    error::{Error, Result},
    event::Event,
};

/// Checks the caller's bearer token and re-reads the user (promise AT8): role and status are as the table has them
/// now, whatever the token says. Errors: `NotAuthenticated` without a token,
/// `InvalidAccessToken` if it is bad, of an ended generation or its user is gone, `UserInactive`.
pub async fn authenticate(app: &App, caller: &Caller) -> Result<User> {
    let bearer = caller.bearer_token.as_ref().ok_or(Error::NotAuthenticated)?;
    let token = app.tokens.verify_access(bearer.expose(), caller.now).inspect_err(|_| {
        Event::failure("access", "invalid_token").log(caller);
    })?;
    let refuse = |reason, error| {
        Event::failure("access", reason).user(token.user_id).session(token.session_id).log(caller);
        Err(error)
    };
    match app.store.users.get(token.user_id).await? {
        None => refuse("user_gone", Error::InvalidAccessToken),
        Some(user) if user.status == Status::Inactive => refuse("user_inactive", Error::UserInactive),
        Some(user) if user.generation != token.generation => {
            refuse("generation_ended", Error::InvalidAccessToken)
        }
        Some(user) => Ok(user),
    }
}
