//! `POST /admin/users`: an account for somebody else, who is invited by mail to choose a password.

use serde::Serialize;
use shared::{
    app::VerifierApp,
    domain::{Email, Name, Role, User},
    error::{Error, Result},
    event::Event,
    http::{Caller, Decode, Fields, Reply},
    store::UserCreation,
};

use crate::{authority::Act, listed::Listed, manager::Manager};

/// The request: `{"email": "...", "name": "...", "role": "..."}`; name and role may be left out.
pub(crate) struct Invite {
    email: Email,
    name: Option<Name>,
    role: Role,
}

impl Decode for Invite {
    fn decode(fields: &mut Fields) -> Option<Self> {
        let email = fields.required("email");
        let name = fields.optional("name");
        let role = fields.optional("role").unwrap_or(Role::Member);
        Some(Self { email: email?, name, role })
    }
}

/// The answer.
#[derive(Serialize)]
struct Invited {
    #[serde(flatten)]
    user: Listed,
    /// Which mail goes out; null where SECURITY_NOTICES has no invitation. Then "forgot password" and `send-reset` mail
    /// the link.
    mail: Option<&'static str>,
}

/// The rule. Nobody but the owner ever chooses the password (promise AD5).
pub(crate) async fn invite(
    app: &VerifierApp,
    Invite { email, name, role }: Invite,
    caller: Caller,
) -> Result<Reply> {
    let manager = Manager::of(app, caller).await?;
    let user = User::new(email, name.map(String::from), role, manager.caller.now);
    manager.may("create_user", Act::Invite(&user)).await?;

    let event = manager.done("create_user", &user).change(format!("role {role}, invited"));
    let entry = event.entry(&manager.caller);
    if !app.store.create_user(&user, UserCreation::WithInvitation, &entry).await? {
        Event::failure("create_user", "taken").email(user.email.hash()).log(&manager.caller);
        return Err(Error::Conflict(
            "This e-mail has an account already: find it with GET /admin/users?email=.",
        ));
    }
    event.log(&manager.caller);
    let mail = app.config.notices.invitation.then_some("invitation");
    Ok(Reply::created(&Invited { user: user.into(), mail }))
}
