//! The house itself: one word for one thing, in folders, template, README and code.

use std::{collections::BTreeSet, fs, path::PathBuf};

use latchkey_local::template::Template;
use shared::{config::Config, event_names};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn template() -> Template {
    let template = Template::read(root().join("template.yaml")).expect("template.yaml");
    template.with_local_values(9000)
}

#[test]
fn every_folder_of_functions_is_a_function_of_the_template_and_the_reverse() {
    let folders: BTreeSet<String> = fs::read_dir(root().join("functions"))
        .expect("functions/")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .collect();
    let template = template().functions().expect("functions");
    let in_template: BTreeSet<String> = template.iter().map(|function| function.name.clone()).collect();
    assert_eq!(folders, in_template);
    for function in &template {
        assert_eq!(function.resource.to_lowercase(), format!("{}function", function.name));
    }
}

#[test]
fn every_setting_is_in_the_template_and_in_the_docs_with_the_same_default() {
    let docs = read("docs/settings.md");
    let functions = template().functions().expect("functions");
    for setting in Config::defaults_listed() {
        let row = docs.lines().find(|line| line.starts_with(&format!("| `{}` |", setting.name)));
        let row = row.unwrap_or_else(|| panic!("docs/settings.md has no row for {}", setting.name));
        let default =
            if setting.value.is_empty() { "none".to_owned() } else { format!("`{}`", setting.value) };
        assert!(row.contains(&format!("| {default} |")), "{row} should have the default {default}");
        for function in &functions {
            let value = function.environment.get(setting.name);
            // The origins of the front end are a parameter without a default; the issuer on one machine is its URL.
            assert!(
                value == Some(&setting.value) || ["ALLOWED_ORIGINS", "TOKEN_ISSUER"].contains(&setting.name),
                "{} has {} = {value:?}",
                function.resource,
                setting.name
            );
        }
    }
    let of_the_mailer = ["RESET_URL", "VERIFY_EMAIL_URL", "CHANGE_EMAIL_URL", "MAIL_FROM", "MAIL_LANGUAGE"];
    for name in of_the_mailer.into_iter().chain(OF_COGNITO).chain(["SECRET_KEY"]) {
        assert!(docs.contains(&format!("| `{name}` |")), "docs/settings.md has no row for {name}");
    }
}

#[test]
fn samconfig_lists_every_parameter_of_the_template() {
    let (template, listed) = (read("template.yaml"), read("samconfig.toml"));
    let parameters = template.split("\nParameters:\n").nth(1).expect("parameters");
    let parameters = parameters.split("\nConditions:\n").next().expect("their end");
    let is_name = |line: &&str| line.starts_with("  ") && !line.starts_with("   ") && line.ends_with(':');
    let names: Vec<_> =
        parameters.lines().filter(is_name).map(|line| line.trim().trim_end_matches(':')).collect();
    assert!(names.len() > 20, "{names:?}");
    for name in names {
        let named = |word: &str| word == name;
        let mut words = listed.split(|c: char| !c.is_ascii_alphanumeric());
        assert!(words.any(named), "samconfig.toml does not name {name}");
    }
}

const OF_COGNITO: [&str; 3] = ["COGNITO_CLIENT_ID", "COGNITO_CLIENT_SECRET", "COGNITO_REGION"];

#[test]
fn only_login_may_ask_the_old_user_pool_and_asks_none_by_default() {
    for function in template().functions().expect("functions") {
        let given = OF_COGNITO.map(|name| function.environment.get(name).map(String::as_str));
        let is_login = function.name == "login";
        assert_eq!(given, [is_login.then_some(""); 3], "{}", function.name);
    }
}

#[test]
fn the_settings_of_mails_are_given_to_the_mailer_alone_and_keep_their_defaults() {
    for function in template().functions().expect("functions") {
        let given = |name: &str| function.environment.get(name).map(String::as_str);
        let is_mailer = function.name == "mailer";
        assert_eq!(given("MAIL_LANGUAGE"), is_mailer.then_some("en"), "{}", function.name);
        assert_eq!(given("VERIFY_EMAIL_URL"), is_mailer.then_some(""), "{}", function.name);
        assert_eq!(given("CHANGE_EMAIL_URL"), is_mailer.then_some(""), "{}", function.name);
        assert_eq!(given("RESET_URL").is_some(), is_mailer, "{}", function.name);
    }
}

// AT5
#[test]
fn only_functions_that_make_or_check_tokens_are_given_the_secret() {
    for function in template().functions().expect("functions") {
        let is_given = function.environment.contains_key("SECRET_KEY");
        let uses_it = read(&format!("functions/{}/src/main.rs", function.name)).contains("App::from_env")
            && function.name != "mailer";
        assert_eq!(is_given, uses_it, "{}", function.name);
    }
}

#[test]
fn every_table_is_protected_and_those_whose_rows_end_sweep_them() {
    let template = read("template.yaml");
    let count = |text: &str| template.lines().filter(|line| line.trim_start().starts_with(text)).count();
    let tables = template.matches("Type: AWS::DynamoDB::Table").count();
    assert_eq!(tables, 10);
    assert_eq!(count("DeletionProtectionEnabled: true"), tables);
    // A signing key that was removed must be gone.
    assert_eq!(template.matches("PointInTimeRecoveryEnabled: true").count(), tables - 1);
    assert_eq!(template.matches("PointInTimeRecoveryEnabled: false").count(), 1);
    assert_eq!(template.matches("TimeToLiveSpecification").count(), 7);
}

/// The text of all Rust files in a folder, but tests' and the list of events.
fn sources(folder: &str) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(root().join(folder)).expect(folder) {
        let (path, name) = {
            let entry = entry.expect("an entry");
            (entry.path(), entry.file_name().into_string().expect("UTF-8"))
        };
        if path.is_dir() && name != "tests" && name != "target" {
            text += &sources(&format!("{folder}/{name}"));
        } else if name.ends_with(".rs") && !["tests.rs", "event_names.rs"].contains(&name.as_str()) {
            text += &read(&format!("{folder}/{name}"));
        }
    }
    text
}

// AU1
#[test]
fn every_event_that_the_code_names_is_in_the_list_and_the_reverse() {
    let code: String = ["shared", "functions", "cli"].map(sources).concat();
    for call in ["Event::success(\"", "Event::failure(\""] {
        for rest in code.split(call).skip(1) {
            let name = rest.split('"').next().expect("a word");
            assert!(event_names::is_known(name), "{name} is not in event_names.rs");
        }
    }
    for (name, tells) in event_names::AUDITED.iter().chain(event_names::LOGGED) {
        assert!(code.contains(&format!("\"{name}\"")), "no code writes {name}");
        assert!(!tells.is_empty(), "{name}");
    }
}

// RS13
#[test]
fn a_dead_letter_raises_an_alarm() {
    let template = read("template.yaml");
    assert!(template.contains("Destination: !GetAtt OutboxDeadLetterQueue.Arn"));
    let alarm = template.split("Type: AWS::CloudWatch::Alarm").nth(1).expect("an alarm");
    assert!(alarm.contains("{Name: QueueName, Value: !GetAtt OutboxDeadLetterQueue.QueueName}"));
    assert!(alarm.contains("Threshold: 1") && alarm.contains("GreaterThanOrEqualToThreshold"));
}
