//! `latchkey user ...`: one file for each thing that can be done to users.

mod admins;
mod change;
mod create;
mod delete;
mod end_sessions;
mod list;
mod password;
mod send_reset;
mod set_email;
mod show;
mod unlock;

use shared::domain::Status;

use crate::{
    args::{UserCommand, Who},
    desk::Desk,
    export,
    failure::Failure,
    import,
    output::Output,
};
use change::Wish;

/// Does what was asked.
pub async fn run(command: &UserCommand, desk: &Desk, output: &mut Output) -> Result<(), Failure> {
    let email = async |who: &Who| desk.email(&who.person).await;
    let (who, wish) = match command {
        UserCommand::Create(new) => return output.print(&create::create(desk, new).await?),
        UserCommand::Show(who) => return output.print(&show::show(desk, &email(who).await?).await?),
        UserCommand::List(query) => return list::list(desk, query, output).await,
        UserCommand::Unlock(who) => return output.print(&unlock::unlock(desk, &email(who).await?).await?),
        UserCommand::Delete { who, yes } => {
            return output.print(&delete::delete(desk, &email(who).await?, *yes).await?);
        }
        UserCommand::SetEmail { who, new_email } => {
            return output.print(&set_email::set_email(desk, &email(who).await?, new_email).await?);
        }
        UserCommand::SendReset(who) => {
            return output.print(&send_reset::send_reset(desk, &email(who).await?).await?);
        }
        UserCommand::EndSessions(who) => {
            return output.print(&end_sessions::end_sessions(desk, &email(who).await?).await?);
        }
        UserCommand::Import(file) => return import::import(desk, file, output).await,
        UserCommand::Export(to) => return export::export(desk, to, output).await,
        UserCommand::Disable(who) => (who, Wish::Status(Status::Inactive)),
        UserCommand::Enable(who) => (who, Wish::Status(Status::Active)),
        UserCommand::SetRole { who, role } => (who, Wish::Role(*role)),
        UserCommand::Rename(new) => (&new.who, Wish::Name(new.name.clone())),
    };
    output.print(&change::change(desk, &email(who).await?, wish).await?)
}

/// How often a change is tried while others change the same user.
const TRIES: u32 = 3;
