//! `POST /auth/change-password`: a new password for who knows the current one.

use shared::{
    app::App,
    domain::{DeviceId, Password, Secret, User},
    error::{Error, Result},
    event::Event,
    hashing,
    http::{Caller, Decode, Delivery, Fields, Reply},
    store::PasswordChange,
};

use crate::proof::{Proof, prove};

/// The request: `{"current_password": "...", "new_password": "...", "device_token": "..."}`; the device's token may come
/// in its cookie instead.
pub(crate) struct ChangePassword {
    current_password: Password,
    new_password: Password,
    device_token: Option<Secret>,
}

impl Decode for ChangePassword {
    fn decode(fields: &mut Fields) -> Option<Self> {
        let current_password = fields.required("current_password");
        let new_password = fields.required("new_password");
        let device_token = fields.optional("device_token");
        Some(Self { current_password: current_password?, new_password: new_password?, device_token })
    }
}

/// The rule. All other sessions end, this one goes on: with the refresh token that it has, and the access token that it
/// is given here (promise RT11).
pub(crate) async fn change_password(app: &App, request: ChangePassword, caller: Caller) -> Result<Reply> {
    let ChangePassword { current_password, new_password, device_token } = request;
    let keys = app.keys(caller.now).await?;
    let proof = prove(app, &keys, "change_password", &current_password, device_token, &caller).await?;
    let Proof { signed_in, checked, device } = proof;
    let user = &signed_in.user;

    let config = &app.config;
    let differs = new_password.expose() != current_password.expose();
    let chosen = match config.choose_password(new_password, &user.email) {
        Ok(chosen) if differs => chosen,
        refused => {
            checked.give_attempt_back(app).await?;
            let rules = refused.err().unwrap_or_default();
            let same = (!differs).then(|| "must differ from the current password".to_owned());
            return Err(Error::broken_rules("new_password", rules.into_iter().chain(same)));
        }
    };
    let event = Event::success("change_password").user(user.id).session(signed_in.session_id);
    let change = async {
        let new_hash = hashing::hash(chosen.as_password().clone(), config.hash_method).await?;
        let change = PasswordChange {
            user,
            session_id: signed_in.session_id,
            attempts: &checked.key,
            new_hash: &new_hash,
            entry: &event.entry(&caller),
        };
        app.store.change_password(change).await
    };
    if let Err(error) = change.await {
        // If this fails, too, the attempt stays counted until the window ends; the first error is the one to tell.
        let _ = checked.give_attempt_back(app).await;
        return Err(error);
    }
    event.log(&caller);

    let changed =
        User { generation: user.generation + 1, password_version: user.password_version + 1, ..user.clone() };
    let access = keys.mint_access(&changed, signed_in.session_id, changed.generation, caller.now)?;
    let Some((device, delivery)) = device else {
        return Ok(Reply::access_token(&access, None, Delivery::Body));
    };
    // The device proved the new password, too: its old token, which names the old one, is not trusted any more. One that
    // was not trusted before gets a new name, since its old one may be locked.
    let was_trusted = device.password_version == user.password_version;
    let device_id = if was_trusted { device.device_id } else { DeviceId::generate() };
    let device = keys.mint_device(&changed, device_id, changed.password_version, caller.now)?;
    Ok(Reply::access_token(&access, device, delivery))
}
