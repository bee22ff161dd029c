//! `latchkey session ...`: where a user is logged in.

mod end;
mod list;

use crate::{args::SessionCommand, desk::Desk, failure::Failure, output::Output};

/// Does what was asked.
pub async fn run(command: &SessionCommand, desk: &Desk, output: &mut Output) -> Result<(), Failure> {
    match command {
        SessionCommand::List(who) => list::list(desk, &who.email, output).await,
        SessionCommand::End { who, session_id } => {
            output.print(&end::end(desk, &who.email, *session_id).await?)
        }
    }
}
