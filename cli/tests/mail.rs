//! `latchkey mail preview` as teams and their scripts see it: no table, no AWS.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;

const MAILS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../functions/mailer/mails");

fn preview(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_latchkey"));
    command.args(["mail", "preview"]).args(arguments).env_clear().envs(environment.iter().copied());
    command.output().expect("it runs")
}

fn done(arguments: &[&str], environment: &[(&str, &str)]) -> String {
    let output = preview(arguments, environment);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn refused(arguments: &[&str]) -> String {
    let output = preview(arguments, &[]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    String::from_utf8(output.stderr).expect("UTF-8")
}

/// A copy of the templates that a test may spoil.
struct Draft(PathBuf);

impl Draft {
    fn new(name: &str) -> Self {
        let copy = std::env::temp_dir().join(format!("latchkey-mails-{}-{name}", std::process::id()));
        for folder in ["", "en", "de"] {
            fs::create_dir_all(copy.join(folder)).expect("a folder");
            for entry in fs::read_dir(Path::new(MAILS).join(folder)).expect("templates") {
                let file = entry.expect("an entry").path();
                if file.is_file() {
                    let name = file.file_name().expect("a name");
                    fs::copy(&file, copy.join(folder).join(name)).expect("a copy");
                }
            }
        }
        Self(copy)
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.0.join(file), text).expect("it is ours");
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("UTF-8")
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn without_arguments_it_prints_every_mail_in_the_language_of_the_settings() {
    let text = done(&[], &[("PRODUCT_NAME", "Acme"), ("MAIL_LANGUAGE", "de")]);
    assert_eq!(text.matches("\nSubject: ").count(), 12);
    assert!(text.starts_with("--- registration ---\nSubject: ") && text.contains("Acme"), "{text}");
    assert!(text.contains("Guten Tag Ada Lovelace,") && !text.contains("Hello"), "{text}");
}

#[test]
fn one_mail_can_be_asked_for_by_name_and_language() {
    let text = done(&["password_reset", "--language", "en"], &[("MAIL_LANGUAGE", "de")]);
    assert!(text.starts_with("--- password_reset ---\nSubject: Reset your Latchkey password\n"), "{text}");
    assert!(text.contains("https://app.example.com/reset-password#token="), "{text}");
    assert!(!text.contains("--- invitation ---"), "{text}");
    assert_eq!(preview(&["no_such_mail"], &[]).status.code(), Some(2));
}

#[test]
fn programs_get_every_mail_in_every_language() {
    let mails: Value = serde_json::from_str(&done(&["--json"], &[])).expect("one JSON value");
    let mails = mails.as_array().expect("a list");
    let in_language = |language| mails.iter().filter(|mail| mail["language"] == language).count();
    assert_eq!((in_language("de"), in_language("en"), mails.len() % 12), (12, 12, 0));
    for mail in mails {
        for member in ["name", "subject", "text", "html"] {
            assert!(mail[member].as_str().is_some_and(|text| !text.is_empty()), "{member} in {mail}");
        }
    }
}

#[test]
fn an_edited_folder_shows_at_once_and_a_new_one_is_a_language() {
    let draft = Draft::new("edited");
    draft.write("en/greeting.txt", "Ahoy,");
    let text = done(&["invitation", "--from", draft.path()], &[]);
    assert!(text.contains("\n\nAhoy,\n\n"), "{text}");
    fs::rename(draft.0.join("de"), draft.0.join("nl")).expect("it is ours");
    assert!(done(&["--language", "nl", "--from", draft.path()], &[]).contains("Guten Tag"));
}

#[test]
fn what_is_wrong_with_a_template_is_told_with_its_file_and_line() {
    let draft = Draft::new("broken");
    let from = ["--json", "--from", draft.path()];
    draft.write("de/locked_out.txt", "Gesperrt\n\n{{ prodcut }}\n");
    assert!(refused(&from).contains("de/locked_out.txt:3"));
    draft.write("de/locked_out.txt", "Gesperrt\n{% if product %}\n");
    assert!(refused(&from).contains("de/locked_out.txt:"));
    fs::remove_file(draft.0.join("de/locked_out.txt")).expect("it is ours");
    assert!(refused(&from).contains("the mails in \"de\" lack locked_out.txt; languages are de, en"));
    assert!(refused(&["--language", "none"]).contains("MAIL_LANGUAGE must be one of de, "));
    assert!(
        refused(&["--from", concat!(env!("CARGO_MANIFEST_DIR"), "/src")]).contains("no folder with mails")
    );
    assert!(refused(&["--from", "/no/such/folder"]).contains("/no/such/folder"));
}

#[test]
fn the_settings_are_not_in_order_when_their_language_has_no_mails() {
    let settings = |language: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_latchkey"));
        command.arg("settings").env_clear().env("RESET_URL", "https://app.example.com/reset");
        command.env("MAIL_FROM", "no-reply@example.com").env("MAIL_LANGUAGE", language);
        command.output().expect("it runs")
    };
    assert_eq!(settings("de").status.code(), Some(0));
    let refused = settings("none");
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("MAIL_LANGUAGE must be one of de, "));
}
