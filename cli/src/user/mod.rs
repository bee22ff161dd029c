//! `latchkey user ...`: one file for each thing that can be done to users.

mod create;
mod list;
mod password;
mod show;
mod status;
mod unlock;

use shared::{
    config::Config,
    domain::{Email, Timestamp, UserId},
    store::Store,
};

use crate::{args::UserCommand, failure::Failure, output::Output, place::Place};

/// Does what was asked.
pub async fn run(command: &UserCommand, place: &Place, output: &mut Output) -> Result<(), Failure> {
    let (config, _) = place.settings()?;
    let store = place.open(&config).await?;
    let desk = Desk { config, store, now: Timestamp::now() };
    match command {
        UserCommand::Create(new) => output.print(&create::create(&desk, new).await?),
        UserCommand::Show(who) => output.print(&show::show(&desk, &who.email).await?),
        UserCommand::List => list::list(&desk, output).await,
        UserCommand::Disable(who) => output.print(&status::disable(&desk, &who.email).await?),
        UserCommand::Enable(who) => output.print(&status::enable(&desk, &who.email).await?),
        UserCommand::Unlock(who) => output.print(&unlock::unlock(&desk, &who.email).await?),
    }
}

/// What a command has in its hands: the settings, the tables, and the time at which it was started.
struct Desk {
    config: Config,
    store: Store,
    now: Timestamp,
}

impl Desk {
    /// Whose e-mail it is. Errors: nobody's.
    async fn find(&self, email: &Email) -> Result<UserId, Failure> {
        self.store.credentials.find_user(email).await?.ok_or_else(|| nobody(email))
    }
}

fn nobody(email: &Email) -> Failure {
    Failure::Refused(format!(
        "no user has the e-mail {email}. `latchkey user list` shows all; --stack and --region say where to look."
    ))
}

/// A credential whose user is gone: rows that someone deleted by hand.
fn half_gone(email: &Email, id: UserId) -> Failure {
    Failure::Refused(format!(
        "{email} belongs to the user {id}, who is not in the table Users. Restore that row, or delete the e-mail's \
         row in the table Credentials."
    ))
}
