//! `latchkey user ...`, `settings` and `completions`.

use serde_json::json;

use crate::{
    bench::{
        EMAIL, OPERATOR, PASSWORD, column, done, done_json, engine, refused, run, run_with, start, text,
    },
    files::Folder,
};

#[tokio::test]
async fn a_created_user_is_shown_and_listed() {
    let engine = engine().await;
    let made =
        done_json(&engine, &format!("user create {EMAIL} --name Ada --role admin --password-stdin")).await;
    let mut shown = done_json(&engine, &format!("user show {EMAIL}")).await;
    let events = shown["recent_events"].take();
    let listed = done_json(&engine, "user list").await;

    assert_eq!(
        shown,
        json!({
            "id": made["id"], "email": EMAIL, "name": "Ada", "role": "admin", "status": "active",
            "created_at": made["created_at"], "last_login": null, "password": "set", "lockout": null,
            "device_locked_until": null,
            "email_hash": "b5fc85e55755f9e0d030a10ab4429b6b2944855f9a0d60077fe832becbc41d72",
            "sessions": 0, "recent_events": null,
        })
    );
    assert_eq!(column(&events, "change"), ["role admin, with a password"]);
    assert_eq!(listed[0]["id"], made["id"]);
    assert!(done(&engine, "user list", "").await.contains(EMAIL));
}

#[tokio::test]
async fn an_invited_user_has_no_password_yet_and_a_mail_in_the_outbox() {
    let engine = engine().await;
    let made = done_json(&engine, &format!("user create {EMAIL} --invite")).await;
    assert_eq!((&made["password"], &made["mail"]), (&json!("invited"), &json!("invitation")));
    assert_eq!(done_json(&engine, &format!("user show {EMAIL}")).await["password"], "invited");
    let tables = engine.db.table_stats().expect("a count");
    assert!(tables.iter().any(|table| table.table_name == "latchkey-Outbox" && table.item_count == 1));
}

// NT1
#[tokio::test]
async fn without_the_notice_of_an_invitation_creating_says_how_the_user_gets_in() {
    let engine = engine().await;
    let environment = [("SECURITY_NOTICES", "new_device"), ("LATCHKEY_OPERATOR", "grace")];
    let made = run_with(&engine, &format!("user create {EMAIL} --invite"), &environment).await;
    let words = text(&made.stdout);
    assert!(words.contains("No mail goes out: SECURITY_NOTICES has no invitation"), "{words}");
    assert!(words.contains(&format!("`latchkey user send-reset {EMAIL}`")), "{words}");
    let settings = run_with(&engine, "settings", &environment).await;
    assert!(text(&settings.stdout).contains("SECURITY_NOTICES has no invitation"));
}

#[tokio::test]
async fn what_is_refused_says_why_and_changes_nothing() {
    let engine = engine().await;
    done(&engine, &format!("user create {EMAIL} --password-stdin"), PASSWORD).await;
    let before = done_json(&engine, &format!("user show {EMAIL}")).await;
    for (arguments, input, code, words) in [
        ("user create ADA@example.com --invite", "", 1, "ada@example.com has an account already"),
        (
            "user create bob@example.com --password-stdin",
            "Secret\n",
            1,
            "it must have at least 12 characters",
        ),
        ("user create bob@example.com --password-stdin", "", 1, "it must not be empty"),
        ("user show bob@example.com", "", 1, "no user has the e-mail bob@example.com"),
        ("user disable bob@example.com", "", 1, "no user has the e-mail bob@example.com"),
        ("user enable bob@example.com", "", 1, "no user has the e-mail bob@example.com"),
        ("user set-role bob@example.com lead", "", 1, "no user has the e-mail bob@example.com"),
        ("user rename bob@example.com Bob", "", 1, "no user has the e-mail bob@example.com"),
        ("user delete bob@example.com --yes", "", 1, "no user has the e-mail bob@example.com"),
        ("user delete ada@example.com", "ada@example.com\n", 2, "there is no terminal to ask"),
        ("user send-reset bob@example.com", "", 1, "no user has the e-mail bob@example.com"),
        ("user end-sessions bob@example.com", "", 1, "no user has the e-mail bob@example.com"),
        ("user create bob@example.com", "", 2, "<--password-stdin|--invite>"),
        ("user list --stack other", "", 3, "other-Users: ResourceNotFoundException"),
        ("user list --endpoint-url http://127.0.0.1:1", "", 3, "That was at http://127.0.0.1:1."),
        (
            "user list --profile nobodys --region eu-west-1",
            "",
            2,
            "your AWS configuration has no profile nobodys. Profiles in it: none.",
        ),
    ] {
        let error = refused(&engine, arguments, input, code).await;
        assert!(error.contains(words), "{arguments}: {error}");
        assert!(!error.contains("Secret"), "{error}");
    }
    assert_eq!(done_json(&engine, &format!("user show {EMAIL}")).await, before);
    assert_eq!(done_json(&engine, "user list").await.as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn disabling_and_enabling_can_be_repeated() {
    let engine = engine().await;
    done(&engine, &format!("user create {EMAIL} --invite"), "").await;
    for (verb, status) in
        [("disable", "inactive"), ("disable", "inactive"), ("enable", "active"), ("enable", "active")]
    {
        assert_eq!(done_json(&engine, &format!("user {verb} {EMAIL}")).await["status"], status);
    }
}

#[tokio::test]
async fn a_list_without_users_is_an_empty_array() {
    assert_eq!(done_json(&engine().await, "user list").await, json!([]));
}

#[tokio::test]
async fn settings_are_those_in_force() {
    let engine = engine().await;
    let answer = done_json(&engine, "settings --stack prod").await;
    let prefix = json!({ "name": "TABLE_PREFIX", "value": "prod-", "is_default": false });
    let language = json!({ "name": "MAIL_LANGUAGE", "value": "en", "is_default": true });
    for setting in [prefix, language] {
        assert!(answer["settings"].as_array().expect("a list").contains(&setting), "{answer}");
    }
    assert!(answer["recommendations"][0].as_str().expect("a sentence").starts_with("PASSWORD_POLICY=spec"));
    let table = done(&engine, "settings", "").await;
    assert!(table.starts_with("These are the settings of this shell's environment,"), "{table}");
}

#[tokio::test]
async fn a_role_and_a_name_are_changed_once_and_each_change_is_in_the_audit_trail() {
    let engine = engine().await;
    done(&engine, &format!("user create {EMAIL} --invite"), "").await;
    for (arguments, words) in [
        ("set-role ada@example.com lead", "ada@example.com is now a lead.\n"),
        ("set-role ada@example.com lead", "ada@example.com is already a lead.\n"),
        ("rename ada@example.com Ada", "ada@example.com is now called Ada.\n"),
        ("rename ada@example.com --none", "ada@example.com now has no name.\n"),
        ("rename ada@example.com --none", "ada@example.com already has no name.\n"),
        (
            "disable ada@example.com",
            "ada@example.com is inactive: all sessions have ended, and no login works.\n",
        ),
        ("disable ada@example.com", "ada@example.com is inactive already.\n"),
    ] {
        assert_eq!(done(&engine, &format!("user {arguments}"), "").await, words);
    }
    let shown = done_json(&engine, &format!("user show {EMAIL}")).await;
    assert_eq!((&shown["role"], &shown["name"]), (&json!("lead"), &json!(null)));
    let events = done_json(&engine, "audit").await;
    assert_eq!(
        column(&events, "change"),
        ["role member, invited", "role member -> lead", "name", "name", "status active -> inactive"]
    );
    assert!(events.as_array().expect("an array").iter().all(|event| {
        event["actor"] == json!({ "operator": "grace" })
            && event["email"] == EMAIL
            && event["user_agent"] == concat!("latchkey/", env!("CARGO_PKG_VERSION"))
    }));
    let shown = done(&engine, &format!("user show {EMAIL}"), "").await;
    assert!(shown.contains(OPERATOR) && !shown.contains("Older ones:"), "{shown}");
    done(&engine, &format!("user enable {EMAIL}"), "").await;
    let shown = done(&engine, &format!("user show {EMAIL}"), "").await;
    assert!(
        shown.ends_with(&format!("\nOlder ones: latchkey audit --user {EMAIL} --since 365d\n")),
        "{shown}"
    );
}

#[tokio::test]
async fn a_deleted_user_is_gone_and_the_email_is_free() {
    let engine = engine().await;
    let made = done_json(&engine, &format!("user create {EMAIL} --invite")).await;
    let deleted = done_json(&engine, &format!("user delete {EMAIL} --yes")).await;
    assert_eq!(deleted["id"], made["id"]);
    let error = refused(&engine, &format!("user show {EMAIL}"), "", 1).await;
    assert!(error.contains("who was deleted: `latchkey audit --user ada@example.com`"), "{error}");

    let again = done_json(&engine, &format!("user create {EMAIL} --invite")).await;
    assert_ne!(again["id"], made["id"]);
    let id = made["id"].as_str().expect("an id");
    let events = done_json(&engine, &format!("audit --user {id}")).await;
    assert_eq!(column(&events, "event"), ["create_user", "delete_user"]);
    assert!(done(&engine, "audit", "").await.contains(id));
    let by_email = done_json(&engine, &format!("audit --user {EMAIL}")).await;
    assert_eq!(column(&by_email, "event"), ["create_user", "delete_user", "create_user"]);
    let table = done(&engine, &format!("audit --user {EMAIL}"), "").await;
    assert!(table.contains(&format!("{EMAIL} (deleted, {id})")), "{table}");
    assert!(table.contains(&format!("was {EMAIL}")), "{table}");
}

#[tokio::test]
async fn a_reset_goes_to_who_has_a_password_and_the_invitation_again_to_who_has_none() {
    let engine = engine().await;
    done(&engine, &format!("user create {EMAIL} --password-stdin"), PASSWORD).await;
    done(&engine, "user create bob@example.com --invite", "").await;
    assert_eq!(done_json(&engine, &format!("user send-reset {EMAIL}")).await["mail"], "password_reset");
    assert_eq!(done_json(&engine, "user send-reset bob@example.com").await["mail"], "invitation");
    let here = Folder::new();
    let file = here.write("users.csv", "email\ncy@example.com\n");
    assert!(run(&engine, &format!("user import {file}"), "").await.status.success());
    assert_eq!(done_json(&engine, "user send-reset cy@example.com").await["mail"], "moved");
    let tables = engine.db.table_stats().expect("a count");
    assert!(tables.iter().any(|table| table.table_name == "latchkey-Outbox" && table.item_count == 4));

    done(&engine, "user disable bob@example.com", "").await;
    let error = refused(&engine, "user send-reset bob@example.com", "", 1).await;
    assert!(error.contains("bob@example.com is inactive"), "{error}");
    assert_eq!(done_json(&engine, "audit --event send_reset").await.as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn an_operator_without_a_name_is_called_by_the_shells_or_unknown() {
    let engine = engine().await;
    let mut names = Vec::new();
    for (arguments, environment) in [
        ("--operator Heidi", &[("LATCHKEY_OPERATOR", "grace"), ("USER", "ivan")][..]),
        ("", &[("LATCHKEY_OPERATOR", "grace"), ("USER", "ivan")]),
        ("", &[("USER", "ivan")]),
        ("", &[]),
    ] {
        let output = run_with(&engine, &format!("user unlock {EMAIL} {arguments}"), environment).await;
        assert!(output.status.success());
        let is_told = text(&output.stderr).contains("The audit trail will call you \"unknown\"");
        assert_eq!(is_told, arguments.is_empty() && environment.is_empty());
        let events = done_json(&engine, "audit").await;
        let last = events.as_array().and_then(|events| events.last()).expect("an event");
        names.push(last["actor"]["operator"].as_str().unwrap_or_default().to_owned());
    }
    assert_eq!(names, ["Heidi", "grace", "ivan", "unknown"]);
}

#[tokio::test]
async fn a_closed_pipe_is_no_error() {
    let engine = engine().await;
    done(&engine, &format!("user create {EMAIL} --invite"), "").await;
    for arguments in
        ["user list", "audit", "completions bash", "settings", "--help", "user show ada@example.com"]
    {
        let mut command = start(&engine, arguments);
        drop(command.stdout.take());
        let output = command.wait_with_output().await.expect("it ends");
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""), "{arguments}");
    }
}

#[tokio::test]
async fn completions_are_the_scripts_of_the_shells() {
    let engine = engine().await;
    for (shell, words) in [
        ("bash", "complete -F _latchkey"),
        ("zsh", "#compdef latchkey"),
        ("fish", "complete -c latchkey"),
        ("elvish", "edit:completion:arg-completer[latchkey]"),
        ("powershell", "Register-ArgumentCompleter -Native -CommandName 'latchkey'"),
    ] {
        assert!(done(&engine, &format!("completions {shell}"), "").await.contains(words), "{shell}");
    }
    assert_eq!(run(&engine, "completions csh", "").await.status.code(), Some(2));
}
