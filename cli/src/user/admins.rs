//! There is always an admin: one is only removed in the presence of another.

use shared::{
    domain::{Email, Role, Status, User},
    store::Witness,
};

use crate::{desk::Desk, failure::Failure};

/// Another active admin, if this user is one and needs one to be removed. Errors: this is the last; `removed` is the
/// word for what can't be done.
pub async fn witness(desk: &Desk, user: &User, removed: &str) -> Result<Witness, Failure> {
    if user.role != Role::Admin || user.status != Status::Active {
        return Ok(Witness(None));
    }
    match desk.store.users.another_admin(user.id).await? {
        None => Err(Failure::Refused(format!(
            "the last admin can't be {removed}; nothing was changed. Make another one first: `latchkey user set-role \
             EMAIL admin`. An invited one counts once a password is chosen."
        ))),
        admin => Ok(Witness(admin)),
    }
}

/// Somebody else was faster, each time.
pub fn busy(email: &Email) -> Failure {
    Failure::Refused(format!(
        "{email} is being changed by others at the same time; nothing was changed. Look with `latchkey user show \
         {email}`, and try again."
    ))
}
