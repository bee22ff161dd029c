//! `latchkey session ...`: where a user is logged in.

mod end;
mod list;

use crate::{args::SessionCommand, desk::Desk, failure::Failure, output::Output};

/// Does what was asked.
pub async fn run(command: &SessionCommand, desk: &Desk, output: &mut Output) -> Result<(), Failure> {
    match command {
        SessionCommand::List(who) => list::list(desk, &desk.email(&who.person).await?, output).await,
        SessionCommand::End { who, session_id } => {
            let email = desk.email(&who.person).await?;
            output.print(&end::end(desk, &email, *session_id).await?)
        }
    }
}
