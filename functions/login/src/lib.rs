//! `POST /auth/login`: exchanges an e-mail and a password for a session.

mod sign_in;

use lambda_http::Request;
use shared::{
    app::App,
    domain::{DeviceId, Email, Password, Secret, Status, Timestamp, User},
    error::{Error, Result},
    event::Event,
    http::{Answer, Caller, Decode, Delivery, Fields, Reply, routes},
    password_check::{self, Attempt, check_password},
};
use tokio::try_join;

use crate::sign_in::SignIn;

/// Answers a request that came at `now`.
pub async fn answer(app: &App, request: Request, now: Timestamp) -> Answer {
    routes! { app, request, now;
        POST "/auth/login" => login,
    }
}

/// The request: `{"email": "...", "password": "...", "delivery": "cookie", "device_token": "..."}`; the device's token
/// may come in its cookie instead.
struct Login {
    email: Email,
    password: Password,
    delivery: Option<Delivery>,
    device_token: Option<Secret>,
}

impl Decode for Login {
    fn decode(fields: &mut Fields) -> Option<Self> {
        let email = fields.required("email");
        let password = fields.required("password");
        let delivery = fields.optional("delivery");
        let device_token = fields.optional("device_token");
        Some(Self { email: email?, password: password?, delivery, device_token })
    }
}

/// The rule. What it answers, and how long that takes, is the same for an unknown e-mail and for a wrong password
/// (promises LG1, LG2, LG4).
async fn login(app: &App, request: Login, caller: Caller) -> Result<Reply> {
    let Login { email, password, delivery, device_token } = request;
    // First: without keys nothing is counted, checked or begun.
    let keys = app.keys(caller.now).await?;
    let ((), credential) = try_join!(
        app.store.rate_limits.count_login(&caller.address, caller.now),
        app.store.credentials.get(&email),
    )
    .inspect_err(|error| {
        if matches!(error, Error::TooManyRequests { .. }) {
            Event::failure("login", "address_over_limit").email(email.hash()).log(&caller);
        }
    })?;

    let shown = caller.device_token(device_token).map(|(token, _)| token);
    let device = password_check::device_of(&keys, shown.as_ref(), &caller);
    let key = password_check::attempt_key(&email, credential.as_ref(), device.as_ref());
    let attempt = Attempt { event: "login", session_id: None, email: &email, credential, key };
    let checked = check_password(app, attempt, &password, &caller).await?;
    if checked.user.status == Status::Inactive {
        // The password was right: this is no failure to count.
        checked.forget_failures(app).await?;
        let event = Event::failure("login", "user_inactive").email(email.hash()).user(checked.user.id);
        app.store.audit.write(&event.entry(&caller)).await?;
        event.log(&caller);
        return Err(Error::UserInactive);
    }

    let device = device.filter(|device| device.user_id == checked.user.id);
    let sign_in = SignIn { app, email: &email, checked: &checked, caller: &caller };
    let session = sign_in.begin_session(password).await?;
    sign_in.follow_up(&session, device.is_some()).await;

    let user = User { last_login: Some(caller.now), ..checked.user };
    // A device that was not trusted gets a new name: its old one may be locked.
    let trusted = device.filter(|device| device.password_version == user.password_version);
    let device_id = trusted.map_or_else(DeviceId::generate, |device| device.device_id);
    let device = keys.mint_device(&user, device_id, user.password_version, caller.now)?;
    let tokens = keys.mint(&user, &session, caller.now)?;
    Ok(Reply::tokens(tokens, device, delivery.unwrap_or(Delivery::Body), Some(&user)))
}
