//! `latchkey`: the operator's command. It works on the tables directly, with the rules that the functions keep.
//!
//! [`args`] says what can be asked, [`user`], [`settings`] and [`mail`] do it; [`place`] finds the tables, [`output`]
//! prints, [`failure`] explains.

mod args;
mod failure;
mod mail;
mod output;
mod place;
mod settings;
mod user;

use std::process::ExitCode;

use args::{Arguments, Command, MailCommand};
use clap::Parser;
use failure::Failure;
use output::Output;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.tell(&arguments.place),
    }
}

async fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut output = Output::new(arguments.json);
    match &arguments.command {
        Command::User { command } => user::run(command, &arguments.place, &mut output).await,
        Command::Settings => settings::show(&arguments.place, &mut output),
        Command::Mail { command: MailCommand::Preview(asked) } => {
            mail::preview(asked, &arguments.place, &mut output)
        }
    }
}
