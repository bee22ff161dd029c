//! `PATCH /admin/users/{user_id}`: another role, status or name.

use std::fmt::Display;

use shared::{
    app::VerifierApp,
    domain::{Name, User, UserId},
    error::{Error, Result},
    http::{Caller, Decode, Fields, Reply},
    store::UserChange,
};

use crate::{authority::Act, listed::Listed, manager::Manager};

/// The request: `{"role": "...", "status": "...", "name": "..."}`, at least one of them; a name of null takes it away.
pub(crate) struct Patch {
    user_id: UserId,
    change: UserChange,
}

impl Decode for Patch {
    fn decode(fields: &mut Fields) -> Option<Self> {
        let user_id = fields.path("user_id");
        let role = fields.optional("role");
        let status = fields.optional("status");
        let name = fields.nullable::<Name>("name").map(|name| name.map(String::from));
        Some(Self { user_id: user_id?, change: UserChange { role, status, name } })
    }
}

/// The rule. Inactive ends all sessions (promise RT10).
pub(crate) async fn change(
    app: &VerifierApp,
    Patch { user_id, change }: Patch,
    caller: Caller,
) -> Result<Reply> {
    if is_empty(&change) {
        return Err(Error::broken_rules("body", ["must have at least one of role, status, name"]));
    }
    let manager = Manager::of(app, caller).await?;
    let target = manager.find(user_id).await?;
    let change = without_what_is_there(change, &target);
    let act = Act::Change(&target, &change);
    manager.may("change_user", act).await?;
    if is_empty(&change) {
        return Ok(Reply::ok(&Listed::from(target)));
    }

    let event = manager.done("change_user", &target).change(in_words(&change, &target));
    let entry = event.entry(&manager.caller);
    let changed = app.store.change_user(&target, &change, manager.witness(), &entry).await?;
    let user = manager.conclude("change_user", act, event, changed).await?;
    Ok(Reply::ok(&Listed::from(user)))
}

fn is_empty(change: &UserChange) -> bool {
    change.role.is_none() && change.status.is_none() && change.name.is_none()
}

fn without_what_is_there(change: UserChange, user: &User) -> UserChange {
    UserChange {
        role: change.role.filter(|role| *role != user.role),
        status: change.status.filter(|status| *status != user.status),
        name: change.name.filter(|name| *name != user.name),
    }
}

/// For log and trail, which hold no names: `role member -> lead, name`.
fn in_words(change: &UserChange, user: &User) -> String {
    let differs = |what, old: &dyn Display, new: &dyn Display| format!("{what} {old} -> {new}");
    let words = [
        change.role.map(|role| differs("role", &user.role, &role)),
        change.status.map(|status| differs("status", &user.status, &status)),
        change.name.as_ref().map(|_| "name".to_owned()),
    ];
    words.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
