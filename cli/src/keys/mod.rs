//! `latchkey keys ...`: the keys that sign tokens.

mod list;
mod revoke;
mod rotate;

use crate::{args::KeysCommand, desk::Desk, failure::Failure, output::Output};

/// Does what was asked.
pub async fn run(command: &KeysCommand, desk: &Desk, output: &mut Output) -> Result<(), Failure> {
    match command {
        KeysCommand::List => list::list(desk, output).await,
        KeysCommand::Rotate { algorithm } => output.print(&rotate::rotate(desk, *algorithm).await?),
        KeysCommand::Revoke { id, yes } => output.print(&revoke::revoke(desk, id, *yes).await?),
    }
}
