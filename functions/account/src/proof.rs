//! Proof that who holds an access token also knows the password: a stolen token alone changes no account.

use shared::{
    app::App,
    domain::{Password, Secret},
    error::{Error, Result},
    guard::{self, SignedIn},
    http::{Caller, Delivery},
    password_check::{self, Attempt, Checked, check_password},
    token::{DeviceToken, Tokens},
};
use tokio::try_join;

/// A user who proved the current password.
pub(crate) struct Proof {
    pub signed_in: SignedIn,
    pub checked: Checked,
    /// The token of the device, if it has one of this user's, and how it travels.
    pub device: Option<(DeviceToken, Delivery)>,
}

/// Checks token and password; failures count towards the lock, as at a login. Errors: those of the guard,
/// `AccountLocked`, and a field error if the password is another.
pub(crate) async fn prove(
    app: &App,
    keys: &Tokens,
    event: &'static str,
    current_password: &Password,
    device_token: Option<Secret>,
    caller: &Caller,
) -> Result<Proof> {
    let signed_in = guard::authenticate(app, caller).await?;
    let email = &signed_in.user.email;
    // As a login: each costs a bcrypt, and is a guess.
    let ((), credential) = try_join!(
        app.store.rate_limits.count_login(&caller.address, caller.now),
        app.store.credentials.get(email),
    )?;

    let device = caller.device_token(device_token).and_then(|(token, delivery)| {
        let device = password_check::device_of(keys, Some(&token), caller)?;
        (device.user_id == signed_in.user.id).then_some((device, delivery))
    });
    let shown = device.as_ref().map(|(device, _)| device);
    let key = password_check::attempt_key(email, credential.as_ref(), shown);
    let session_id = Some(signed_in.session_id);
    let attempt = Attempt { event, session_id, email, credential, key };
    let checked = check_password(app, attempt, current_password, caller).await.map_err(told_as_field)?;
    Ok(Proof { signed_in, checked, device })
}

/// 401 would tell the client that its token is bad.
fn told_as_field(error: Error) -> Error {
    match error {
        Error::IncorrectCredentials => {
            Error::broken_rules("current_password", ["is not the current password"])
        }
        other => other,
    }
}
