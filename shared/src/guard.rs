//! The guard of routes that need a user: a valid access token, the user as they are now, and a role that may.

use crate::{
    app::App,
    caller::Caller,
    domain::{Role, SessionId, Status, User},
    error::{Error, Result},
    event::Event,
    keys::{KeySet, Keys},
    token::AccessVerifier,
};

/// Who passed the guard.
pub struct SignedIn {
    /// As the table has them now.
    pub user: User,
    /// The session that the token belongs to.
    pub session_id: SessionId,
}

/// Roles that may administer users.
pub const MANAGERS: &[Role] = &[Role::Admin, Role::Lead];

/// Checks the caller's bearer token and re-reads the user (promise AT8): role and status are as the table has them
/// now, whatever the token says. Errors: `NotAuthenticated` without a token,
/// `InvalidAccessToken` if it is bad, of an ended generation or its user is gone, `UserInactive`, `Unavailable`.
pub async fn authenticate<T>(app: &App<Keys<T>>, caller: &Caller) -> Result<SignedIn>
where
    T: KeySet + AsRef<AccessVerifier>,
{
    let bearer = caller.bearer_token.as_ref().ok_or(Error::NotAuthenticated)?;
    let token = app.verify_access(bearer.expose(), caller.now).await.inspect_err(|error| {
        if matches!(error, Error::InvalidAccessToken) {
            Event::failure("access", "invalid_token").log(caller);
        }
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
        Some(user) => Ok(SignedIn { user, session_id: token.session_id }),
    }
}

/// As [`authenticate`], for users with one of these roles (promise AD1). Errors: besides, `NotEnoughPermissions`.
pub async fn require<T>(app: &App<Keys<T>>, caller: &Caller, roles: &[Role]) -> Result<SignedIn>
where
    T: KeySet + AsRef<AccessVerifier>,
{
    let signed_in = authenticate(app, caller).await?;
    if roles.contains(&signed_in.user.role) {
        return Ok(signed_in);
    }
    let event = Event::failure("access", "not_enough_permissions");
    event.user(signed_in.user.id).session(signed_in.session_id).log(caller);
    Err(Error::NotEnoughPermissions)
}
