//! Who may do what to whom (promise AD2): the whole table.

use shared::{
    domain::{Role, User},
    store::UserChange,
};

/// What one user wants to do to another, or to himself. Lists and looks are for all who pass the guard.
#[derive(Clone, Copy)]
pub(crate) enum Act<'a> {
    /// Make this account.
    Invite(&'a User),
    /// Make this user different; the change names only what will differ.
    Change(&'a User, &'a UserChange),
    /// Delete this user.
    Delete(&'a User),
    /// Unlock this user, end his sessions, or send him a link to choose a password.
    Help(&'a User),
}

/// Why an act is not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The actor's role is too low.
    NotEnoughPermissions,
    /// No admin does it to himself: a slip of the hand would lock him out.
    OwnAccount,
}

/// An admin may do everything, but neither change his own role or status nor delete himself. A lead looks after
/// members, and makes nobody more than that. A member may do nothing.
pub(crate) fn authorise(actor: &User, act: Act<'_>) -> Result<(), Refusal> {
    let needs_another_admin = match act {
        Act::Change(target, change) => {
            target.id == actor.id && (change.role.is_some() || change.status.is_some())
        }
        Act::Delete(target) => target.id == actor.id,
        Act::Invite(_) | Act::Help(_) => false,
    };
    let stays_among_members = match act {
        Act::Change(target, change) => {
            target.role == Role::Member && change.role.is_none_or(|role| role == Role::Member)
        }
        Act::Invite(target) | Act::Delete(target) | Act::Help(target) => target.role == Role::Member,
    };
    match actor.role {
        Role::Admin if needs_another_admin => Err(Refusal::OwnAccount),
        Role::Admin => Ok(()),
        Role::Lead if stays_among_members => Ok(()),
        Role::Lead | Role::Member => Err(Refusal::NotEnoughPermissions),
    }
}

#[cfg(test)]
mod tests {
    use shared::domain::{Status, Timestamp};

    use super::{Act::*, Refusal::*, Role::*, *};

    fn user(role: Role) -> User {
        let email = "ada@example.com".parse().expect("an e-mail");
        User::new(email, None, role, Timestamp::from_epoch_seconds(1_800_000_000))
    }

    fn change(role: Option<Role>, status: Option<Status>, name: Option<Option<String>>) -> UserChange {
        UserChange { role, status, name }
    }

    // AD2
    #[test]
    fn an_admin_may_do_all_to_others_and_a_lead_what_keeps_members_members() {
        let change_nothing = change(None, None, None);
        let rename = change(None, None, Some(Some("Ada".to_owned())));
        let disable = change(None, Some(Status::Inactive), None);
        let to_member = change(Some(Member), None, None);
        let to_lead = change(Some(Lead), None, None);
        let to_admin = change(Some(Admin), Some(Status::Active), None);

        for target in [Member, Lead, Admin].map(user) {
            let target = &target;
            let for_members = if target.role == Member { Ok(()) } else { Err(NotEnoughPermissions) };
            for (act, by_lead) in [
                (Invite(target), for_members),
                (Change(target, &change_nothing), for_members),
                (Change(target, &rename), for_members),
                (Change(target, &disable), for_members),
                (Change(target, &to_member), for_members),
                (Change(target, &to_lead), Err(NotEnoughPermissions)),
                (Change(target, &to_admin), Err(NotEnoughPermissions)),
                (Delete(target), for_members),
                (Help(target), for_members),
            ] {
                assert_eq!(authorise(&user(Admin), act), Ok(()));
                assert_eq!(authorise(&user(Lead), act), by_lead);
                assert_eq!(authorise(&user(Member), act), Err(NotEnoughPermissions));
            }
        }
    }

    // AD2
    #[test]
    fn an_admin_keeps_his_own_role_and_status_and_a_lead_does_nothing_to_himself() {
        let (admin, lead) = (user(Admin), user(Lead));
        for (role, status, name, by_admin) in [
            (None, None, None, Ok(())),
            (None, None, Some(None), Ok(())),
            (Some(Member), None, None, Err(OwnAccount)),
            (None, Some(Status::Inactive), None, Err(OwnAccount)),
            (Some(Lead), None, Some(None), Err(OwnAccount)),
        ] {
            let change = change(role, status, name);
            assert_eq!(authorise(&admin, Change(&admin, &change)), by_admin);
            assert_eq!(authorise(&lead, Change(&lead, &change)), Err(NotEnoughPermissions));
        }
        assert_eq!(authorise(&admin, Delete(&admin)), Err(OwnAccount));
        assert_eq!(authorise(&admin, Help(&admin)), Ok(()));
        for act in [Delete(&lead), Help(&lead)] {
            assert_eq!(authorise(&lead, act), Err(NotEnoughPermissions));
        }
    }
}
