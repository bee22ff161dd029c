//! `latchkey`: the operator's command. It works on the tables directly, with the rules that the functions keep.
//!
//! [`args`] says what can be asked, with [`examples`] and [`values`]; [`user`], [`import`], [`export`], [`session`],
//! [`keys`], [`audit`], [`settings`], [`mail`] and [`completions`] do it. [`place`] finds the tables, [`desk`] has them
//! open and says who is at work, [`pace`] spares them, [`interrupt`] says when to stop, [`output`] prints, [`cells`]
//! keeps tables harmless, [`failure`] explains.

mod args;
mod audit;
mod cells;
mod completions;
mod desk;
mod examples;
mod export;
mod failure;
mod import;
mod interrupt;
mod keys;
mod mail;
mod output;
mod pace;
mod place;
mod session;
mod settings;
mod user;
mod values;

use std::process::ExitCode;

use args::{Arguments, Command, MailCommand, UserCommand};
use clap::Parser;
use desk::Desk;
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
    let desk = async || Desk::open(&arguments.place, arguments.operator.as_ref()).await;
    match &arguments.command {
        Command::User { command: UserCommand::Import(file) } if file.dry_run => {
            let (config, _) = arguments.place.settings()?;
            import::rehearse(&config, file, &mut output)
        }
        Command::User { command } => user::run(command, &desk().await?, &mut output).await,
        Command::Session { command } => session::run(command, &desk().await?, &mut output).await,
        Command::Keys { command } => keys::run(command, &desk().await?, &mut output).await,
        Command::Audit(query) => audit::run(query, &desk().await?, &mut output).await,
        Command::Settings => settings::show(&arguments.place, &mut output),
        Command::Mail { command: MailCommand::Preview(asked) } => {
            mail::preview(asked, &arguments.place, &mut output)
        }
        Command::Completions { shell } => completions::print(*shell, &mut output),
    }
}
