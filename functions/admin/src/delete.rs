//! `DELETE /admin/users/{user_id}`: the end of an account.

use shared::{
    app::VerifierApp,
    error::Result,
    http::{Caller, Reply},
};

use crate::{authority::Act, manager::Manager, named::Named};

/// The rule. Sessions and tokens are dead at once, and the e-mail is free; what the user did stays in the audit trail,
/// and is found by the e-mail, too.
pub(crate) async fn delete(app: &VerifierApp, Named { user_id }: Named, caller: Caller) -> Result<Reply> {
    let manager = Manager::of(app, caller).await?;
    let target = manager.find(user_id).await?;
    let act = Act::Delete(&target);
    manager.may("delete_user", act).await?;

    let event = manager.done("delete_user", &target).leaves(target.email.hash());
    let deleted = app.store.delete_user(&target, manager.witness(), &event.entry(&manager.caller)).await?;
    manager.conclude("delete_user", act, event, deleted).await?;
    Ok(Reply::no_content())
}
