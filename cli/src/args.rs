//! What can be asked of the command, and its help.

use std::path::PathBuf;

use clap::{
    ArgGroup, Args, Parser, Subcommand,
    builder::{PossibleValuesParser, TypedValueParser},
};
use shared::domain::{Email, Role};

use crate::place::Place;

const ABOUT: &str = "\
The operator's command of Latchkey: users and settings, straight in the tables, and what mails say.

Settings (PASSWORD_POLICY, BCRYPT_COST, LOCKOUT_ATTEMPTS and the others) are read from the environment, as
the functions read them. Give this command those of your stack where they are not the defaults:
`latchkey settings` shows which ones it uses.

Credentials come from --profile, or else as AWS's own tools find them: environment, AWS_PROFILE (also with
SSO or a credential process), instance. A database on this machine (--endpoint-url with 127.0.0.1, [::1] or
localhost) needs none, nor a region: made-up ones are sent if the environment has none.";

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  refused or failed: no such user, e-mail taken, password against the rules
  2  wrong usage: an argument or a setting
  3  AWS not reached, or it denied the call

Examples:
  latchkey --stack latchkey-prod --profile ops user list
  latchkey --endpoint-url http://127.0.0.1:8000 user show ada@example.com";

const CREATE_EXAMPLES: &str = "\
Examples:
  latchkey user create ada@example.com --name 'Ada Lovelace' --role admin --invite
  pass show latchkey/ada | latchkey user create ada@example.com --password-stdin";

const SHOW_EXAMPLES: &str = "\
Examples:
  latchkey user show ada@example.com
  latchkey user show ada@example.com --json | jq -r .email_hash     # to find her in the logs";

const LIST_EXAMPLES: &str = "\
Examples:
  latchkey user list
  latchkey user list --json | jq -r '.[] | select(.status == \"inactive\") | .email'";

const DISABLE_EXAMPLES: &str = "\
Example:
  latchkey user disable ada@example.com";

const ENABLE_EXAMPLES: &str = "\
Example:
  latchkey user enable ada@example.com";

const UNLOCK_EXAMPLES: &str = "\
Example:
  latchkey user unlock ada@example.com";

const SETTINGS_EXAMPLES: &str = "\
Examples:
  latchkey settings
  PASSWORD_POLICY=nist latchkey settings --json | jq -r '.recommendations[]'";

const PREVIEW_EXAMPLES: &str = "\
Examples:
  latchkey mail preview
  latchkey mail preview password_reset --language de
  latchkey mail preview --json --from functions/mailer/mails | jq -r '.[0].html' > mail.html";

/// The command line.
#[derive(Debug, Parser)]
#[command(
    name = "latchkey",
    version,
    about = "The operator's command of Latchkey: users, settings and mails"
)]
#[command(long_about = ABOUT, after_help = EXIT_CODES, subcommand_required = true, arg_required_else_help = true)]
pub struct Arguments {
    /// Print one JSON value instead of text
    #[arg(long, global = true)]
    pub json: bool,
    #[command(flatten)]
    pub place: Place,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create, show, list, disable, enable and unlock users
    #[command(arg_required_else_help = true)]
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Show every setting in force that is no secret, and what to improve
    #[command(after_help = SETTINGS_EXAMPLES)]
    Settings,
    /// Show what mails say; needs no AWS
    #[command(arg_required_else_help = true)]
    Mail {
        #[command(subcommand)]
        command: MailCommand,
    },
}

#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Make an account, with a password or with an invitation to choose one
    #[command(after_help = CREATE_EXAMPLES)]
    Create(NewUser),
    /// Show a user, whether a password is set, and failed logins
    #[command(after_help = SHOW_EXAMPLES)]
    Show(Who),
    /// List all users, in no order
    #[command(after_help = LIST_EXAMPLES)]
    List,
    /// End all sessions of a user, and let no login succeed
    #[command(after_help = DISABLE_EXAMPLES)]
    Disable(Who),
    /// Let a disabled user log in again
    #[command(after_help = ENABLE_EXAMPLES)]
    Enable(Who),
    /// Forget failed logins, so that the next one counts again; for unknown e-mails too
    #[command(after_help = UNLOCK_EXAMPLES)]
    Unlock(Who),
}

#[derive(Debug, Subcommand)]
pub enum MailCommand {
    /// Print every mail, or one, with sample values
    #[command(after_help = PREVIEW_EXAMPLES)]
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

fn role() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new([Role::Member, Role::Lead, Role::Admin].map(Role::as_str))
        .try_map(|word| word.parse::<Role>())
}

/// Names stand in mails and on terminals: one line, nothing that controls either.
fn name(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    let is_name = (1..=100).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if is_name { Ok(text.to_owned()) } else { Err("must be 1 to 100 printable characters") }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, error::ErrorKind};

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_new_user_has_either_a_password_or_an_invitation() {
        for (words, error) in [
            ("user create ada@example.com --invite", None),
            ("user create ada@example.com --password-stdin --role lead --name Ada --json", None),
            ("user create ada@example.com", Some(ErrorKind::MissingRequiredArgument)),
            ("user create ada@example.com --invite --password-stdin", Some(ErrorKind::ArgumentConflict)),
            ("user create ada@example.com --invite --role owner", Some(ErrorKind::InvalidValue)),
            ("user create ada --invite", Some(ErrorKind::ValueValidation)),
            ("user create ada@example.com --invite --name \u{1b}[2J", Some(ErrorKind::ValueValidation)),
            ("user list --stack not/a/stack", Some(ErrorKind::ValueValidation)),
            ("user list --endpoint-url 127.0.0.1:8000", Some(ErrorKind::ValueValidation)),
        ] {
            let parsed = Arguments::try_parse_from(["latchkey"].into_iter().chain(words.split(' ')));
            assert_eq!(parsed.err().map(|error| error.kind()), error, "{words}");
        }
    }
}
