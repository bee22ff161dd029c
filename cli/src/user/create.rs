//! `latchkey user create`: makes an account, with a password or with an invitation.

use std::fmt;

use serde::Serialize;
use shared::{
    domain::{Email, NewPassword, PasswordHash, Role, User},
    hashing,
    store::UserCreation,
};

use super::{Desk, password, show::PasswordState};
use crate::{args::NewUser, failure::Failure};

/// The account that was made.
#[derive(Serialize)]
pub struct Created {
    #[serde(flatten)]
    user: User,
    password: PasswordState,
}

/// Makes the account. Errors: the e-mail has one; the password is against a rule, and which.
pub async fn create(desk: &Desk, new: &NewUser) -> Result<Created, Failure> {
    let (creation, password) = if new.invite {
        (UserCreation::WithInvitation, PasswordState::Invited)
    } else {
        (UserCreation::WithPassword(first_hash(desk, &new.email).await?), PasswordState::Set)
    };
    let user = User::new(new.email.clone(), new.name.clone(), new.role, desk.now);
    if !desk.store.create_user(&user, creation).await? {
        let email = &user.email;
        return Err(Failure::Refused(format!(
            "{email} has an account already; nothing was changed. `latchkey user show {email}` shows it."
        )));
    }
    Ok(Created { user, password })
}

/// The hash of the password on standard input, which must keep the rules that users keep.
async fn first_hash(desk: &Desk, email: &Email) -> Result<PasswordHash, Failure> {
    let password = password::from_stdin()?;
    let chosen = NewPassword::choose(password, desk.config.password_policy, email, &desk.config.product_name)
        .map_err(|broken| password::refused(&broken))?;
    Ok(hashing::hash(chosen.as_password().clone(), desk.config.bcrypt_cost).await?)
}

impl fmt::Display for Created {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let User { id, email, role, .. } = &self.user;
        let article = if *role == Role::Admin { "an" } else { "a" };
        write!(f, "Created {email}, {article} {role}, with the id {id}.")?;
        if self.password == PasswordState::Invited {
            write!(f, "\nA mail with a link to choose a password is on its way.")?;
        }
        Ok(())
    }
}
