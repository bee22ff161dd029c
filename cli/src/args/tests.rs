//! The command line as a whole: that it is well formed, and what it refuses by itself.

use clap::{CommandFactory, error::ErrorKind};

use super::*;

#[test]
fn the_command_line_is_well_formed() {
    Arguments::command().debug_assert();
}

#[test]
fn each_command_has_examples() {
    fn look(command: &clap::Command) {
        let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let has_more = command.has_subcommands();
        assert!(has_more || help.contains("latchkey "), "{}", command.get_name());
        command.get_subcommands().for_each(look);
    }
    look(&Arguments::command());
}

#[test]
fn wrong_words_are_refused_before_anything_is_asked() {
    for (words, error) in [
        ("user create ada@example.com --invite", None),
        ("user create ada@example.com --password-stdin --role lead --name Ada --json", None),
        ("user create ada@example.com", Some(ErrorKind::MissingRequiredArgument)),
        ("user create ada@example.com --invite --password-stdin", Some(ErrorKind::ArgumentConflict)),
        ("user create ada@example.com --invite --role owner", Some(ErrorKind::InvalidValue)),
        ("user create ada --invite", Some(ErrorKind::ValueValidation)),
        ("user create ada@example.com --invite --name \u{1b}[2J", Some(ErrorKind::ValueValidation)),
        ("user set-email ada@example.com ada.new@example.com", None),
        ("user set-email ada@example.com", Some(ErrorKind::MissingRequiredArgument)),
        ("user set-email ada@example.com ada", Some(ErrorKind::ValueValidation)),
        ("user rename ada@example.com Ada", None),
        ("user rename ada@example.com --none", None),
        ("user rename ada@example.com", Some(ErrorKind::MissingRequiredArgument)),
        ("user rename ada@example.com Ada --none", Some(ErrorKind::ArgumentConflict)),
        ("user set-role ada@example.com owner", Some(ErrorKind::InvalidValue)),
        ("user list --role lead --status inactive --without-password", None),
        ("user list --status gone", Some(ErrorKind::InvalidValue)),
        ("user list --stack not/a/stack", Some(ErrorKind::ValueValidation)),
        ("user list --endpoint-url 127.0.0.1:8000", Some(ErrorKind::ValueValidation)),
        ("user list --operator \u{7}", Some(ErrorKind::ValueValidation)),
        ("user import users.json --format firebase --hash-config hash.txt --rate max --dry-run", None),
        ("user import users.json --unverified reset --unsupported reset --rejects no.jsonl", None),
        ("user import", Some(ErrorKind::MissingRequiredArgument)),
        ("user import users.json --format excel", Some(ErrorKind::InvalidValue)),
        ("user import users.json --rate 0", Some(ErrorKind::ValueValidation)),
        ("user export --output users.jsonl --without-hashes --rate 100", None),
        ("user export --format xml", Some(ErrorKind::InvalidValue)),
        ("session end ada@example.com 1", Some(ErrorKind::ValueValidation)),
        ("keys rotate --algorithm EdDSA", None),
        ("keys rotate --algorithm HS256", Some(ErrorKind::InvalidValue)),
        ("keys revoke -9xNPHyqoJwyTk2sJgHMBIxUbRuhoQsG_PbJZ0MIB0A --yes", None),
        ("keys revoke ../private", Some(ErrorKind::ValueValidation)),
        ("keys revoke", Some(ErrorKind::MissingRequiredArgument)),
        ("audit --user ada --since 7d", Some(ErrorKind::ValueValidation)),
        ("audit --since tomorrow", Some(ErrorKind::ValueValidation)),
        ("audit --limit 0", Some(ErrorKind::ValueValidation)),
        ("audit --event foo", Some(ErrorKind::InvalidValue)),
        ("audit --event forgot_password", Some(ErrorKind::InvalidValue)),
        ("audit --follow --until 1h", Some(ErrorKind::ArgumentConflict)),
        ("audit --event login --event logout --failures --follow", None),
    ] {
        let parsed = Arguments::try_parse_from(["latchkey"].into_iter().chain(words.split(' ')));
        assert_eq!(parsed.err().map(|error| error.kind()), error, "{words}");
    }
}
