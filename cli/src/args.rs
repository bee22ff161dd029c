//! What can be asked of the command.

use std::path::PathBuf;

use clap::{
    ArgGroup, Args, Parser, Subcommand,
    builder::{PossibleValuesParser, RangedU64ValueParser},
};
use clap_complete::Shell;
use shared::domain::{Email, Role, SessionId};

use crate::{
    examples,
    export::args::ExportTo,
    import::args::ImportFile,
    place::Place,
    values::{Moment, OperatorName, Person, name, role},
};

/// The command line.
#[derive(Debug, Parser)]
#[command(
    name = "latchkey",
    version,
    about = "The operator's command of Latchkey: users, sessions, audit trail, mails"
)]
#[command(long_about = examples::ABOUT, after_help = examples::EXIT_CODES)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Arguments {
    /// Print JSON instead of text: one value
    #[arg(long, global = true)]
    pub json: bool,
    /// Your name in the audit trail [default: USER]
    #[arg(long, global = true, value_name = "NAME", env = "LATCHKEY_OPERATOR")]
    pub operator: Option<OperatorName>,
    #[command(flatten)]
    pub place: Place,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create, show, list, change and delete users
    #[command(arg_required_else_help = true)]
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
    /// List and end the sessions of a user
    #[command(arg_required_else_help = true)]
    Session {
        #[command(subcommand)]
        command: SessionCommand,
    },
    /// Show what happened: who did what to whom, from where, and what came of it
    #[command(after_help = examples::AUDIT)]
    Audit(AuditQuery),
    /// Show every setting in force that is no secret, and what to improve
    #[command(after_help = examples::SETTINGS)]
    Settings,
    /// Show what mails say; needs no AWS
    #[command(arg_required_else_help = true)]
    Mail {
        #[command(subcommand)]
        command: MailCommand,
    },
    /// Print the completions of a shell
    #[command(after_help = examples::COMPLETIONS)]
    Completions {
        /// The shell
        shell: Shell,
    },
}

#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Make an account, with a password or with an invitation to choose one
    #[command(after_help = examples::CREATE)]
    Create(NewUser),
    /// Show a user, whether a password is set, failed logins, sessions and the last events
    #[command(after_help = examples::SHOW)]
    Show(Who),
    /// List all users, in no order
    #[command(after_help = examples::LIST)]
    List,
    /// End all sessions of a user, and let no login succeed
    #[command(after_help = examples::DISABLE)]
    Disable(Who),
    /// Let a disabled user log in again
    #[command(after_help = examples::ENABLE)]
    Enable(Who),
    /// Forget failed logins, so that the next one counts again; for unknown e-mails too
    #[command(after_help = examples::UNLOCK)]
    Unlock(Who),
    /// Change what a user may do
    #[command(after_help = examples::SET_ROLE)]
    SetRole {
        #[command(flatten)]
        who: Who,
        /// What the user may do from now on
        #[arg(value_parser = role())]
        role: Role,
    },
    /// Change what to call a user
    #[command(after_help = examples::RENAME)]
    Rename(NewName),
    /// Delete a user for good, sessions and all
    #[command(after_help = examples::DELETE)]
    Delete {
        #[command(flatten)]
        who: Who,
        /// Don't ask
        #[arg(long)]
        yes: bool,
    },
    /// Mail a user a link to choose a password
    #[command(after_help = examples::SEND_RESET)]
    SendReset(Who),
    /// End all sessions of a user
    #[command(after_help = examples::END_SESSIONS)]
    EndSessions(Who),
    /// Bring users in with the passwords that they have: from another system, or an export
    #[command(after_help = examples::IMPORT)]
    Import(ImportFile),
    /// Take all users out, password hashes and all, as JSON lines or CSV
    #[command(after_help = examples::EXPORT)]
    Export(ExportTo),
}

#[derive(Debug, Subcommand)]
pub enum SessionCommand {
    /// List the sessions of a user that are alive, the newest first
    #[command(after_help = examples::SESSION_LIST)]
    List(Who),
    /// End one session of a user
    #[command(after_help = examples::SESSION_END)]
    End {
        #[command(flatten)]
        who: Who,
        /// The session's id, as `session list` shows it
        session_id: SessionId,
    },
}

#[derive(Debug, Subcommand)]
pub enum MailCommand {
    /// Print every mail, or one, with sample values
    #[command(after_help = examples::PREVIEW)]
    Preview(Preview),
}

#[derive(Debug, Args)]
pub struct Preview {
    /// Only this mail
    #[arg(value_parser = PossibleValuesParser::new(mailer::NAMES))]
    pub name: Option<String>,
    /// Only this language [default: MAIL_LANGUAGE; with --json every language]
    #[arg(long)]
    pub language: Option<String>,
    /// Read the templates from a folder like functions/mailer/mails [default: those that were built in]
    #[arg(long, value_name = "DIR")]
    pub from: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Who {
    /// The e-mail address
    pub email: Email,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("first password").required(true))]
pub struct NewUser {
    /// The e-mail address: what the user logs in with
    pub email: Email,
    /// What the user may do
    #[arg(long, default_value = "member", value_parser = role())]
    pub role: Role,
    /// What to call the user
    #[arg(long, value_parser = name)]
    pub name: Option<String>,
    /// Read the password from standard input; one newline at its end is not part of it
    #[arg(long, group = "first password")]
    pub password_stdin: bool,
    /// Mail the user a link to choose a password
    #[arg(long, group = "first password")]
    pub invite: bool,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("new name").required(true))]
pub struct NewName {
    /// The e-mail address
    pub email: Email,
    /// What to call the user from now on
    #[arg(value_parser = name, group = "new name")]
    pub name: Option<String>,
    /// Take the name away
    #[arg(long, group = "new name")]
    pub none: bool,
}

#[derive(Debug, Args)]
pub struct AuditQuery {
    /// Only what is about this user, or done by this user
    #[arg(long, value_name = "EMAIL|USER_ID")]
    pub user: Option<Person>,
    /// From when on
    #[arg(long, value_name = "WHEN", default_value = "24h")]
    pub since: Moment,
    /// Until when [default: now]
    #[arg(long, value_name = "WHEN", conflicts_with = "follow")]
    pub until: Option<Moment>,
    /// Only events of this name, such as login or change_user; may be given several times
    #[arg(long = "event", value_name = "NAME")]
    pub events: Vec<String>,
    /// Only what failed or was refused
    #[arg(long)]
    pub failures: bool,
    /// At most so many, the newest ones
    #[arg(long, value_name = "N", default_value = "1000", value_parser = at_least_one())]
    pub limit: usize,
    /// Go on with what happens, until Ctrl-C; as JSON: one line for each
    #[arg(long)]
    pub follow: bool,
}

fn at_least_one() -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(1..)
}

#[cfg(test)]
mod tests;
