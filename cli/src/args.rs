//! What can be asked of the command.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand, builder::PossibleValuesParser};
use clap_complete::Shell;
use shared::domain::{Algorithm, Email, KeyId, Role, SessionId, Status};

use crate::{
    examples,
    export::args::ExportTo,
    import::args::ImportFile,
    place::Place,
    values::{Moment, OperatorName, Person, algorithm, count, event, name, role, status},
};

/// The command line.
#[derive(Debug, Parser)]
#[command(
    name = "latchkey",
    version,
    about = "The operator's command of Latchkey: users, sessions, keys, audit trail, mails"
)]
#[command(long_about = examples::ABOUT, after_help = examples::EXIT_CODES)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Arguments {
    /// Print JSON instead of text, as one value
    #[arg(long, global = true)]
    pub json: bool,
    /// Your name in the audit trail [default: USER, or else unknown]
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
    /// List, rotate and revoke the keys that sign tokens
    #[command(arg_required_else_help = true)]
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Show what happened: who did what to whom, from where, and what came of it
    #[command(after_help = examples::AUDIT)]
    Audit(AuditQuery),
    /// Show the settings of this shell's environment, none that is a secret, and what to improve
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
    /// List users, sorted by e-mail if there are 1000 at most
    #[command(after_help = examples::LIST)]
    List(UserQuery),
    /// End all sessions of a user, and refuse every login
    #[command(after_help = examples::DISABLE)]
    Disable(Who),
    /// Let a disabled user log in again
    #[command(after_help = examples::ENABLE)]
    Enable(Who),
    /// Forget failed logins of a user and their devices, so that they may try again; works for unknown e-mails, too
    #[command(after_help = examples::UNLOCK)]
    Unlock(Who),
    /// Change a user's role: what they may do
    #[command(after_help = examples::SET_ROLE)]
    SetRole {
        #[command(flatten)]
        who: Who,
        /// What the user may do from now on
        #[arg(value_parser = role())]
        role: Role,
    },
    /// Give a user another e-mail, as when the account was stolen: sessions end, the old address is told
    #[command(after_help = examples::SET_EMAIL)]
    SetEmail {
        #[command(flatten)]
        who: Who,
        /// The new e-mail address; no account may have it yet
        new_email: Email,
    },
    /// Change a user's name, or take it away
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
    /// Bring users in, with the passwords that they have, from another system or an export
    #[command(after_help = examples::IMPORT)]
    Import(ImportFile),
    /// Take all users out, password hashes and all, as JSON lines or CSV
    #[command(after_help = examples::EXPORT)]
    Export(ExportTo),
}

#[derive(Debug, Subcommand)]
pub enum SessionCommand {
    /// List a user's live sessions, the newest first
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
pub enum KeysCommand {
    /// List all keys: what each does, since when and how long
    #[command(after_help = examples::KEYS_LIST)]
    List,
    /// Make the next key; it signs three hours later
    #[command(after_help = examples::KEYS_ROTATE)]
    Rotate {
        /// Its algorithm [default: that of the newest key]
        #[arg(long, value_parser = algorithm())]
        algorithm: Option<Algorithm>,
    },
    /// Remove a key that somebody else may know, at once
    #[command(after_help = examples::KEYS_REVOKE)]
    Revoke {
        /// The key's name, as `keys list` shows it
        #[arg(value_name = "KID", allow_hyphen_values = true)]
        id: KeyId,
        /// Don't ask
        #[arg(long)]
        yes: bool,
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
    /// The e-mail address, or the id that stays when it changes
    #[arg(value_name = "EMAIL|USER_ID")]
    pub person: Person,
}

#[derive(Debug, Args)]
pub struct UserQuery {
    /// Only users with this role
    #[arg(long, value_parser = role())]
    pub role: Option<Role>,
    /// Only users who may log in (active), or who may not (inactive)
    #[arg(long, value_parser = status())]
    pub status: Option<Status>,
    /// Only users without a password, such as those who have not followed their invitation yet
    #[arg(long)]
    pub without_password: bool,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("first password").required(true))]
pub struct NewUser {
    /// The e-mail address: what the user logs in with
    pub email: Email,
    /// What the user may do
    #[arg(long, default_value = "member", value_parser = role())]
    pub role: Role,
    /// The user's name
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
    #[command(flatten)]
    pub who: Who,
    /// The user's name from now on
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
    /// Only what happened since then
    #[arg(long, value_name = "WHEN", default_value = "24h")]
    pub since: Moment,
    /// Only what happened until then [default: now]
    #[arg(long, value_name = "WHEN", conflicts_with = "follow")]
    pub until: Option<Moment>,
    /// Only events of this name; may be given more than once
    #[arg(long = "event", value_name = "NAME", value_parser = event())]
    pub events: Vec<String>,
    /// Only what failed or was refused
    #[arg(long)]
    pub failures: bool,
    /// At most so many entries, the newest ones
    #[arg(long, value_name = "N", default_value = "1000", value_parser = count)]
    pub limit: usize,
    /// Go on and show what happens, until Ctrl-C; with --json, one line for each entry
    #[arg(long)]
    pub follow: bool,
}

#[cfg(test)]
mod tests;
