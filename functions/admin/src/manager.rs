//! An admin or lead at work: what all acts have in common.

use shared::{
    app::VerifierApp,
    domain::{Actor, User, UserId},
    error::{Error, Result},
    event::Event,
    guard::{self, SignedIn},
    http::Caller,
    store::{Change, Witness},
};

use crate::authority::{Act, Refusal, authorise};

/// Who may administer users, as the guard found him.
pub(crate) struct Manager<'a> {
    pub app: &'a VerifierApp,
    pub caller: Caller,
    signed_in: SignedIn,
}

impl<'a> Manager<'a> {
    /// Errors: those of the guard (promise AD1).
    pub async fn of(app: &'a VerifierApp, caller: Caller) -> Result<Self> {
        let signed_in = guard::require(app, &caller, guard::MANAGERS).await?;
        Ok(Self { app, caller, signed_in })
    }

    /// The user as he is now.
    pub async fn find(&self, id: UserId) -> Result<User> {
        self.app.store.users.get(id).await?.ok_or(Error::NotFound("user"))
    }

    /// Lets an act pass that is allowed; one that is not is in the log and in the audit trail (promise AD2).
    pub async fn may(&self, name: &'static str, act: Act<'_>) -> Result<()> {
        match authorise(&self.signed_in.user, act) {
            Ok(()) => Ok(()),
            Err(refusal) => self.refuse(name, act, refusal).await,
        }
    }

    /// The act as it will stand in log and trail.
    pub fn done(&self, name: &'static str, target: &User) -> Event {
        self.by_him(Event::success(name).user(target.id))
    }

    /// Himself: while he removes an admin, he must still be one.
    pub fn witness(&self) -> Witness {
        Witness(Some(self.signed_in.user.id))
    }

    /// The user behind a change that was made; logs what became of it. Errors: `Conflict` if somebody else was faster,
    /// `NotEnoughPermissions` if the manager is no admin any more (promise AD3).
    pub async fn conclude(
        &self,
        name: &'static str,
        act: Act<'_>,
        event: Event,
        change: Change,
    ) -> Result<User> {
        match change {
            Change::Done(user) => {
                event.log(&self.caller);
                Ok(user)
            }
            Change::Stale => {
                self.by_him(about(act, Event::failure(name, "stale"))).log(&self.caller);
                Err(changed_meanwhile())
            }
            Change::LastAdmin => self.refuse(name, act, Refusal::NotEnoughPermissions).await,
        }
    }

    async fn refuse<T>(&self, name: &'static str, act: Act<'_>, refusal: Refusal) -> Result<T> {
        let (reason, error) = match refusal {
            Refusal::NotEnoughPermissions => ("not_enough_permissions", Error::NotEnoughPermissions),
            Refusal::OwnAccount => {
                ("own_account", Error::Conflict("Another admin must do this to your own account."))
            }
        };
        let event = self.by_him(about(act, Event::failure(name, reason)));
        self.app.store.audit.write(&event.entry(&self.caller)).await?;
        event.log(&self.caller);
        Err(error)
    }

    fn by_him(&self, event: Event) -> Event {
        event.by(Actor::UserId(self.signed_in.user.id)).session(self.signed_in.session_id)
    }
}

/// Somebody else was faster.
pub(crate) fn changed_meanwhile() -> Error {
    Error::Conflict(
        "The user was changed at the same moment by somebody else. Look again before you repeat it.",
    )
}

/// Whom a refused act was about; an account that was not made has no id.
fn about(act: Act<'_>, event: Event) -> Event {
    match act {
        Act::Invite(user) => event.email(user.email.hash()),
        Act::Change(user, _) | Act::Delete(user) | Act::Help(user) => event.user(user.id),
    }
}
