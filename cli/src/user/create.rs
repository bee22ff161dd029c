//! `latchkey user create`: makes an account, with a password or with an invitation.

use std::fmt;

use serde::Serialize;
use shared::{
    domain::{Email, PasswordHash, Role, User},
    event::Event,
    hashing,
    store::UserCreation,
};

use super::{password, show::PasswordState};
use crate::{args::NewUser, desk::Desk, failure::Failure};

/// The account that was made.
#[derive(Serialize)]
pub struct Created {
    #[serde(flatten)]
    user: User,
    password: PasswordState,
    /// Which mail goes out.
    mail: Option<&'static str>,
}

/// Makes the account. Errors: the e-mail has one; the password is against a rule, and which.
pub async fn create(desk: &Desk, new: &NewUser) -> Result<Created, Failure> {
    let (creation, password) = if new.invite {
        (UserCreation::WithInvitation, PasswordState::Invited)
    } else {
        (UserCreation::WithPassword(first_hash(desk, &new.email).await?), PasswordState::Set)
    };
    let user = User::new(new.email.clone(), new.name.clone(), new.role, desk.now);
    let how = if new.invite { "invited" } else { "with a password" };
    let change = format!("role {}, {how}", user.role);
    let entry = desk.entry(Event::success("create_user").user(user.id).change(change));
    if !desk.store.create_user(&user, creation, &entry).await? {
        let email = &user.email;
        return Err(Failure::Refused(format!(
            "{email} has an account already; nothing was changed. `latchkey user show {email}` shows it."
        )));
    }
    let mail = (new.invite && desk.config.notices.invitation).then_some("invitation");
    Ok(Created { user, password, mail })
}

/// The hash of the password on standard input, which must keep the rules that users keep.
async fn first_hash(desk: &Desk, email: &Email) -> Result<PasswordHash, Failure> {
    let password = password::from_stdin()?;
    let chosen = desk.config.choose_password(password, email).map_err(|broken| password::refused(&broken))?;
    Ok(hashing::hash(chosen.as_password().clone(), desk.config.hash_method).await?)
}

/// The role, as a sentence has it.
pub fn with_article(role: Role) -> String {
    let article = if role == Role::Admin { "an" } else { "a" };
    format!("{article} {role}")
}

impl fmt::Display for Created {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let User { id, email, role, .. } = &self.user;
        write!(f, "Created {email}, {}, with the id {id}.", with_article(*role))?;
        match (self.password, self.mail) {
            (PasswordState::Set | PasswordState::MustReset, _) => Ok(()),
            (PasswordState::Invited, Some(_)) => {
                write!(f, "\nA mail with a link to choose a password is on its way.")
            }
            (PasswordState::Invited, None) => write!(
                f,
                "\nNo mail goes out: SECURITY_NOTICES has no invitation. The link to choose a password is mailed by \
                 \"forgot password\", or by `latchkey user send-reset {email}`."
            ),
        }
    }
}
