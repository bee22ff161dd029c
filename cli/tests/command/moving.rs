//! Out of one stack and into another, and imports that are interrupted.

use std::{collections::BTreeSet, fmt::Write, fs, os::unix::fs::PermissionsExt, time::Duration};

use latchkey_local::dynamodb::Engine;
use serde_json::{Value, json};
use shared::{domain::Timestamp, store::Rotation};
use tokio::time::{Instant, sleep};

use crate::{
    bench::{EMAIL, PASSWORD, caller, done, done_json, engine, run, start, store, text, user},
    files::{Folder, source},
};

/// All users, as an export has them, in an order of their own.
async fn exported(engine: &Engine, options: &str) -> BTreeSet<String> {
    let output = run(engine, &format!("user export {options}"), "").await;
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    text(&output.stdout).lines().map(str::to_owned).collect()
}

/// Users of every kind: created, invited, inactive, changed, with hashes of other systems, and without any.
async fn peopled() -> Engine {
    let engine = engine().await;
    done(&engine, "user create admin@example.com --name Ada --role admin --password-stdin", PASSWORD).await;
    done(&engine, "user create lead@example.com --role lead --password-stdin", PASSWORD).await;
    done(&engine, "user create invited@example.com --name \"Grace --invite", "").await;
    done(&engine, "user create left@example.com --password-stdin", PASSWORD).await;
    done(&engine, "user disable left@example.com", "").await;
    done(&engine, "user end-sessions lead@example.com", "").await;
    for (file, options) in [
        ("django.json", ""),
        ("cognito.json", ""),
        ("own.csv", ""),
        ("keycloak.json", ""),
        ("firebase.json", "--hash-config"),
    ] {
        let key = if options.is_empty() { String::new() } else { source("firebase-hash-config.txt") };
        run(&engine, &format!("user import {} {options} {key}", source(file)), "").await;
    }
    engine
}

// MV7
#[tokio::test]
async fn an_export_that_is_imported_gives_the_same_users_and_so_the_same_export() {
    let (from, here) = (peopled().await, Folder::new());
    let expected = exported(&from, "").await;
    assert_eq!(expected.len(), 19);
    for form in ["jsonl", "csv"] {
        let (file, to) = (here.file(&format!("users.{form}")), engine().await);
        done_in_file(&from, &format!("user export --format {form} --output {file}")).await;
        let imported = done_json_with_remarks(&to, &format!("user import {file}")).await;
        assert_eq!((&imported["imported"], &imported["refused"]), (&json!(19), &json!(0)), "{form}");
        assert_eq!(exported(&to, "").await, expected, "{form}");
        let again = done_json_with_remarks(&to, &format!("user import {file}")).await;
        assert_eq!((&again["imported"], &again["there_already"]), (&json!(0), &json!(19)), "{form}");
    }
}

// MV7
#[tokio::test]
async fn an_export_warns_of_the_hashes_and_its_file_is_its_owners_and_never_half_of_one() {
    let (engine, here) = (engine().await, Folder::new());
    done(&engine, "user create ada@example.com --password-stdin", PASSWORD).await;
    let file = here.file("users.jsonl");
    let output = run(&engine, &format!("user export --output {file}"), "").await;
    assert!(text(&output.stderr).contains("warning: the export has the password hashes"));
    assert_eq!(text(&output.stdout), "Exported 1 user with their password hashes; 2 read units.\n");
    assert_eq!(fs::metadata(&file).expect("a file").permissions().mode() & 0o777, 0o600);
    let line: Value = serde_json::from_str(&fs::read_to_string(&file).expect("text")).expect("JSON");
    assert!(line["password_hash"].as_str().is_some_and(|hash| hash.starts_with("$2b$12$")), "{line}");

    let again = run(&engine, &format!("user export --output {file}"), "").await;
    assert_eq!(again.status.code(), Some(1));
    assert!(text(&again.stderr).contains("is there already; nothing was exported"));
    let unreachable =
        run(&engine, &format!("user export --output {file}2 --endpoint-url http://127.0.0.1:1"), "").await;
    assert_eq!(unreachable.status.code(), Some(3));
    assert!(fs::metadata(format!("{file}2")).is_err() && fs::metadata(format!("{file}2.part")).is_err());
}

// MV7
#[tokio::test]
async fn an_export_without_hashes_has_none_and_its_users_are_mailed_a_link() {
    let (from, to, here) = (peopled().await, engine().await, Folder::new());
    let output = run(&from, "user export --without-hashes", "").await;
    assert!(!text(&output.stderr).contains("warning"), "{}", text(&output.stderr));
    assert!(!text(&output.stdout).contains('$'), "no hash is in it");
    let file = here.write("users.jsonl", text(&output.stdout));
    done_json_with_remarks(&to, &format!("user import {file}")).await;
    let store = store(&to).await;
    let newcomer = async |email: &str| {
        let credential = store.credentials.get(&email.parse().expect("an e-mail")).await.expect("it answers");
        credential.expect("a credential").newcomer.map(|newcomer| newcomer.origin.as_str())
    };
    assert_eq!(newcomer("admin@example.com").await, Some("latchkey"));
    assert_eq!(newcomer("bob@example.com").await, Some("cognito"));
    assert_eq!(newcomer("fed@example.com").await, Some("keycloak"));
    assert_eq!(newcomer("invited@example.com").await, None, "who was invited still is");
}

// RT10
#[tokio::test]
async fn who_comes_back_by_an_import_has_no_session_of_before() {
    let (engine, here) = (engine().await, Folder::new());
    done(&engine, "user create ada@example.com --password-stdin", PASSWORD).await;
    let (store, file) = (store(&engine).await, here.file("users.jsonl"));
    let ada = user(&store, EMAIL).await;
    let session = store.sessions.new_session(&ada, &caller(Timestamp::now(), "curl/8.14.1"));
    store.sessions.begin(&session).await.expect("begun");

    done_in_file(&engine, &format!("user export --output {file}")).await;
    done(&engine, "user delete ada@example.com --yes", "").await;
    done_json_with_remarks(&engine, &format!("user import {file}")).await;
    let back = user(&store, EMAIL).await;
    assert_eq!(back.id, ada.id);
    let rotation = store.sessions.rotate(&back, session.session_id, session.counter, Timestamp::now()).await;
    assert_eq!(rotation.expect("it answers"), Rotation::Ended);
    assert_ne!(back.generation, ada.generation, "nor do access tokens of before");
}

// MV7
#[tokio::test]
async fn nothing_in_a_table_is_a_formula_and_yet_it_gives_the_same_users() {
    let (from, to, here) = (engine().await, engine().await, Folder::new());
    for (email, name) in [
        ("=1+1@example.com", "=HYPERLINK(1)"),
        ("ada@example.com", "+1"),
        ("bob@example.com", "'=1"),
        ("'cy@example.com", "'Cy'"),
        ("dee@example.com", "@D-1"),
    ] {
        done(&from, &format!("user create {email} --name={name} --invite"), "").await;
    }
    let file = here.file("users.csv");
    done_in_file(&from, &format!("user export --format csv --output {file}")).await;
    let table = fs::read_to_string(&file).expect("text");
    let mut cells = table.lines().skip(1).flat_map(|line| line.split([',', '"']));
    assert!(cells.all(|cell| !cell.starts_with(['=', '+', '-', '@'])), "{table}");
    done_json_with_remarks(&to, &format!("user import {file}")).await;
    assert_eq!(exported(&to, "").await, exported(&from, "").await);
}

/// So many users, and now and then a row that can't be one.
fn users(count: usize) -> (String, Vec<u64>) {
    let hash = "$2b$06$YEhPXjU93Oea6VaI1TsJi.Vs9WypLwfIp2LhjijVAdcOVpeYUPS2G";
    let (mut file, mut refused) = ("email,name,password_hash,created_at\n".to_owned(), Vec::new());
    for number in 0..count {
        let is_bad = number % 40 == 17;
        let email = if is_bad { format!("user {number}") } else { format!("user{number}@example.com") };
        writeln!(file, "{email},User {number},{hash},2024-05-06T07:08:09Z").expect("a string");
        if is_bad {
            refused.push(number as u64 + 2);
        }
    }
    (file, refused)
}

fn lines_of(rejects: &str) -> Vec<u64> {
    let text = fs::read_to_string(rejects).expect("a file");
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    lines.map(|line| line["line"].as_u64().expect("a number")).collect()
}

/// Waits until an import has come further than a mark says, or is at its end. Half a minute at most.
async fn until_it_moves(progress: &str, since: &str, process: &mut tokio::process::Child) -> String {
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(30) && process.try_wait().expect("it is ours").is_none() {
        let now = fs::read_to_string(progress).unwrap_or_default();
        if !now.is_empty() && now != since {
            return now;
        }
        sleep(Duration::from_millis(5)).await;
    }
    since.to_owned()
}

// MV4
#[tokio::test]
async fn an_import_that_is_killed_again_and_again_ends_as_one_that_is_not() {
    let (engine, here) = (engine().await, Folder::new());
    let (contents, refused) = users(600);
    let file = here.write("users.csv", &contents);
    let (rejects, progress) = (here.file("rejects.jsonl"), format!("{file}.latchkey-progress"));
    let arguments = format!("user import {file} --rejects {rejects}");
    let (mut mark, mut kills) = (String::new(), 0);
    for _ in 0..4 {
        let mut process = start(&engine, &format!("{arguments} --rate 1200"));
        mark = until_it_moves(&progress, &mark, &mut process).await;
        kills += u32::from(process.try_wait().expect("it is ours").is_none());
        // SIGKILL: it can't do anything about it.
        process.kill().await.expect("killed");
    }
    assert!(kills >= 2, "it was too fast to be killed");

    let output = run(&engine, &format!("{arguments} --rate max --json"), "").await;
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let remark = text(&output.stderr);
    assert!(remark.contains("Going on behind "), "{remark}");
    let summary: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let all = 600 - refused.len();
    assert_eq!((&summary["read"], &summary["refused"]), (&json!(600), &json!(refused.len())));
    let (imported, there) = (summary["imported"].as_u64(), summary["there_already"].as_u64());
    assert_eq!(imported.zip(there).map(|(imported, there)| imported + there), Some(all as u64), "{summary}");
    assert_eq!(lines_of(&rejects), refused, "each once, in the order of the file");
    assert!(fs::metadata(&progress).is_err());

    // Whole, once, and each with its entry.
    for table in engine.db.table_stats().expect("a count") {
        let expected = match table.table_name.as_str() {
            "latchkey-Users" | "latchkey-Credentials" | "latchkey-Audit" => all,
            _ => 0,
        };
        assert_eq!(table.item_count as usize, expected, "{}", table.table_name);
    }
    let in_one_go = crate::bench::engine().await;
    run(&in_one_go, &format!("{arguments} --rate max"), "").await;
    assert_eq!(exported(&engine, "").await, exported(&in_one_go, "").await);
}

// MV4
#[tokio::test]
async fn an_import_that_is_stopped_says_so_and_goes_on_in_the_tables_it_was_for_alone() {
    let (engine, here) = (engine().await, Folder::new());
    let (contents, refused) = users(300);
    let file = here.write("users.csv", &contents);
    let progress = format!("{file}.latchkey-progress");
    let mut process = start(&engine, &format!("user import {file} --rate 500"));
    until_it_moves(&progress, "", &mut process).await;
    send(&process, "-INT").await;
    let output = process.wait_with_output().await.expect("it ends");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).ends_with("the same command goes on there.\nerror: stopped\n"));

    // Of other tables the mark knows nothing.
    let other = crate::bench::engine().await;
    let kept = fs::read(&progress).expect("a mark");
    let output = run(&other, &format!("user import {file} --rate max --json"), "").await;
    let summary: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(summary["imported"], 300 - refused.len(), "{summary}");
    // Nor of a file that was changed since.
    fs::write(&progress, kept).expect("written");
    fs::write(&file, format!("{contents}late@example.com,,,\n")).expect("written");
    let output = run(&engine, &format!("user import {file} --rate max --json"), "").await;
    let summary: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(summary["read"], 301, "{summary}");
    assert!(summary["there_already"].as_u64().is_some_and(|there| there > 0), "{summary}");
}

// MV5
#[tokio::test]
async fn an_import_takes_no_more_units_a_second_than_it_was_allowed() {
    let (engine, here) = (engine().await, Folder::new());
    let (contents, _) = users(120);
    let file = here.write("users.csv", &contents);
    let began = Instant::now();
    let output = run(&engine, &format!("user import {file} --rate 300 --json"), "").await;
    let took = began.elapsed().as_secs_f64();
    let summary: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let units = summary["write_units"].as_f64().expect("a number");
    assert!(units >= 117.0 * 6.0, "three rows in a transaction are six units and more: {summary}");
    // What is written first and last is not waited for.
    assert!(units / took <= 300.0 * 1.4, "{units} units in {took} s");
}

/// What it says for programs, when there is a remark beside it.
async fn done_json_with_remarks(engine: &Engine, arguments: &str) -> Value {
    let output = run(engine, &format!("{arguments} --json"), "").await;
    assert_eq!(output.status.code(), Some(0), "{arguments}: {}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

async fn done_in_file(engine: &Engine, arguments: &str) {
    let output = run(engine, arguments, "").await;
    assert_eq!(output.status.code(), Some(0), "{arguments}: {}", text(&output.stderr));
}

// MV7
#[tokio::test]
async fn an_export_of_nobody_is_empty_and_one_into_a_closed_pipe_is_not_whole_and_says_so() {
    let engine = engine().await;
    assert_eq!(exported(&engine, "").await, BTreeSet::new());
    done(&engine, "user create ada@example.com --invite", "").await;
    for form in ["jsonl", "csv"] {
        let mut command = start(&engine, &format!("user export --format {form}"));
        drop(command.stdout.take());
        let output = command.wait_with_output().await.expect("it ends");
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{form}: {told}");
        assert!(told.ends_with("error: the export is not whole: who read it went away.\n"), "{form}: {told}");
    }
    assert_eq!(done_json(&engine, "user list").await.as_array().map(Vec::len), Some(1));
}

// MV7
#[tokio::test]
async fn an_export_writes_into_no_file_that_is_there_and_leaves_none_behind_when_it_is_stopped() {
    let (engine, here) = (engine().await, Folder::new());
    // More than a page of them.
    let users = here.write("users.csv", &users(120).0);
    run(&engine, &format!("user import {users} --rate max"), "").await;
    // Left behind by one that was killed: others may read it.
    let (file, part) = (here.file("users.jsonl"), here.write("users.jsonl.part", "half"));
    let output = run(&engine, &format!("user export --output {file}"), "").await;
    let told = text(&output.stderr);
    assert!(output.status.code() == Some(1) && told.contains("users.jsonl.part is there already"), "{told}");
    assert_eq!(fs::read_to_string(&part).expect("text"), "half");
    fs::remove_file(&part).expect("removed");

    for signal in ["-INT", "-TERM"] {
        // The second page is a hundred seconds away.
        let mut command = start(&engine, &format!("user export --output {file} --rate 1"));
        while fs::metadata(&part).is_err() {
            assert!(command.try_wait().expect("it is ours").is_none(), "it ended too early");
            sleep(Duration::from_millis(5)).await;
        }
        send(&command, signal).await;
        let output = command.wait_with_output().await.expect("it ends");
        assert_eq!(output.status.code(), Some(1), "{signal}");
        assert!(text(&output.stderr).ends_with("error: stopped; nothing was exported.\n"), "{signal}");
        assert!(fs::metadata(&file).is_err() && fs::metadata(&part).is_err(), "{signal}");
    }
}

/// Sends a process a signal.
async fn send(process: &tokio::process::Child, signal: &'static str) {
    let id = process.id().expect("it runs").to_string();
    let told = tokio::process::Command::new("kill").args([signal, &id]).status().await;
    assert!(told.expect("kill runs").success());
}
