//! `latchkey user import` of tables and JSON lines of one's own: what is read of them, and what a dry run sees.

use serde_json::{Value, json};

use crate::{
    bench::{done_json, engine, run, store, text, user},
    files::{Folder, everything, import, source},
};

// MV3 MV4
#[tokio::test]
async fn users_of_ones_own_come_as_json_too_and_are_the_same_whatever_their_format_is_called() {
    let (engine, here) = (engine().await, Folder::new());
    let (ada, bob) = ("{\"email\":\"ada@example.com\",\"role\":\"lead\"}", "{\"email\":\"bob@example.com\"}");
    for (name, contents) in [
        ("users.jsonl", format!("{ada}\n{bob}\n")),
        ("users.json", format!("[{ada},\n{bob}]")),
        ("document.json", format!("{{\"users\": [{ada}, {bob}]}}")),
    ] {
        let file = here.write(name, &contents);
        let output = run(&engine, &format!("user import {file} --dry-run --json"), "").await;
        let words = "Read as csv, a table or JSON lines of your own, by its first user;";
        assert!(output.status.success() && text(&output.stderr).starts_with(words), "{name}: {output:?}");
        let summary: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!((&summary["format"], &summary["imported"]), (&json!("csv"), &json!(2)), "{name}");
    }
    let (first, _) = import(&engine, &format!("{} --format latchkey", here.file("users.jsonl")), 0).await;
    let (second, _) = import(&engine, &here.file("users.jsonl"), 0).await;
    assert_eq!((&first["imported"], &second["there_already"]), (&json!(2), &json!(2)));
    let (refused, told) = import(&engine, &format!("{} --format django", here.file("users.jsonl")), 1).await;
    assert_eq!(refused["refused"], 2);
    assert!(
        told.iter()
            .all(|told| told.contains("that of another account, ") && told.ends_with("by another import"))
    );
}

// MV3
#[tokio::test]
async fn columns_that_are_not_read_are_told_before_anything_is_written() {
    let (engine, here) = (engine().await, Folder::new());
    let hash = "$2b$06$YEhPXjU93Oea6VaI1TsJi.Vs9WypLwfIp2LhjijVAdcOVpeYUPS2G";
    let file = here.write(
        "users.csv",
        &format!("Email,NAME,passwordHash,Role,password\nada@example.com,Ada,{hash},admin,secret\n"),
    );
    let words =
        format!("{file} has columns that are not read: passwordHash (did you mean password_hash?), password");
    for options in ["--dry-run", "", "--format csv", "--format latchkey"] {
        let output = run(&engine, &format!("user import {file} {options}"), "").await;
        let told = text(&output.stderr);
        assert!(output.status.code() == Some(2) && told.contains(&words), "{options}: {told}");
        assert!(told.contains("--ignore-columns") && output.stdout.is_empty(), "{options}: {told}");
    }
    assert_eq!(done_json(&engine, "user list").await, json!([]));

    let output = run(&engine, &format!("user import {file} --ignore-columns"), "").await;
    assert!(output.status.success() && text(&output.stderr).contains(&format!("{words}.")), "{output:?}");
    let ada = user(&store(&engine).await, "ada@example.com").await;
    assert_eq!((ada.role.as_str(), ada.name.as_deref(), ada.has_password()), ("admin", Some("Ada"), false));

    let file = here.write("other.csv", "EMAIL,e-mail,password_hash,nick,\nbob@example.com,b@b.c,,bob,\n");
    for options in ["--dry-run", ""] {
        let output = run(&engine, &format!("user import {file} {options}"), "").await;
        let told = text(&output.stderr);
        assert!(output.status.success(), "{options}: {told}");
        assert!(told.contains(&format!("{file} has columns that are not read: e-mail, nick.")), "{told}");
    }
    let file = here.write("twice.csv", "email,Email\na@b.c,a@b.c\n");
    let output = run(&engine, &format!("user import {file}"), "").await;
    assert!(text(&output.stderr).contains("has the column \"email\" twice"), "{output:?}");
}

// MV3
#[tokio::test]
async fn members_that_are_not_read_are_told_in_the_end_and_none_of_other_systems() {
    let (engine, here) = (engine().await, Folder::new());
    let users: String =
        (1..=10).map(|number| format!("{{\"email\":\"user{number}@example.com\"}}\n")).collect();
    let file = here.write(
        "users.jsonl",
        &format!(
            "{{\"email\":\"ada@example.com\",\"nick\":\"ada\"}}\n{users}\
             {{\"EMAIL\":\"bob@example.com\",\"nick\":\"bob\",\"roles\":1}}\n\
             {{\"email\":\"eve@example.com\",\"password\":\"secret\"}}\n"
        ),
    );
    for options in ["--dry-run", ""] {
        let output = run(&engine, &format!("user import {file} --format latchkey {options}"), "").await;
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{options}: {told}");
        let words = "has members that are not read: nick in 2 rows, roles (did you mean role?) in 1 row.";
        assert!(told.contains(&format!("{file} {words}")), "{options}: {told}");
        let words = "line 13: has a member that is not read: password; see --ignore-columns";
        assert!(told.contains(words) && !told.contains("secret"), "{options}: {told}");
    }
    let file = here.write("hashes.jsonl", "{\"email\":\"ada@example.com\",\"passwordHash\":\"x\"}\n");
    let output = run(&engine, &format!("user import {file} --format csv"), "").await;
    let words = "has a member that is not read: passwordHash (did you mean password_hash?).";
    assert!(output.status.code() == Some(2) && text(&output.stderr).contains(words), "{output:?}");

    for file in ["auth0.ndjson", "keycloak.json", "supabase.csv", "django.csv"] {
        let output = run(&engine, &format!("user import {} --dry-run", source(file)), "").await;
        assert!(!text(&output.stderr).contains("not read"), "{file}: {output:?}");
    }
}

// MV3
#[tokio::test]
async fn a_dry_run_tells_the_same_and_writes_nothing() {
    let (engine, here) = (engine().await, Folder::new());
    let (summary, refused) = import(&engine, &format!("{} --dry-run", source("django.json")), 1).await;
    assert_eq!((&summary["dry_run"], &summary["imported"], refused.len()), (&json!(true), &json!(7), 2));
    assert_eq!(summary["hashes"]["pbkdf2-sha256, 1000000 iterations"], 1);
    assert!(summary["milliseconds"]["today"].as_u64().is_some());
    assert_eq!(done_json(&engine, "user list").await, json!([]));
    assert!(everything(&engine).iter().all(|(_, rows)| *rows == 0));
    // Nor does it need AWS.
    let file = here.write("a.csv", "email,role\na@b.c,\nb@b.c,admin\n");
    let output =
        run(&engine, &format!("user import {file} --dry-run --endpoint-url http://127.0.0.1:1"), "").await;
    let told = text(&output.stdout);
    assert!(told.contains("could be imported   2"), "{told}");
    assert!(told.contains("as admin            1  may administer users"), "{told}");
}

// MV3
#[tokio::test]
async fn a_dry_run_sees_who_stands_in_the_file_twice_as_the_import_does() {
    let (engine, here) = (engine().await, Folder::new());
    let id = "8d0fd2b3-9ca7-4d9e-a95f-9e13dded323e";
    let file = here.write(
        "users.csv",
        &format!(
            "id,email,name\n,ada@example.com,Ada\n,ADA@example.com,Another\n,ada@example.com,Ada\n\
             {id},bob@example.com,\n{id},eve@example.com,\n,eve@example.com,\n"
        ),
    );
    let (dry, told) = import(&engine, &format!("{file} --dry-run"), 1).await;
    assert_eq!((&dry["imported"], &dry["repeated"], &dry["refused"]), (&json!(3), &json!(1), &json!(2)));
    assert_eq!((&dry["there_already"], &dry["without_hash"]), (&Value::Null, &json!(3)), "it can't know");
    assert_eq!(
        told,
        [
            "line 3 (ADA@example.com): the e-mail is that of another account, that of line 2".to_owned(),
            format!("line 6 (eve@example.com): the account {id} has another e-mail, that of line 5"),
        ]
    );
    let output = run(&engine, &format!("user import {file} --dry-run"), "").await;
    let table = text(&output.stdout);
    assert!(table.contains("once more") && !table.contains("there already"), "{table}");

    let (wet, told) = import(&engine, &file, 1).await;
    assert_eq!((&wet["imported"], &wet["there_already"], &wet["refused"]), (&json!(3), &json!(1), &json!(2)));
    assert!(told[0].starts_with("line 3 (ada@example.com): ") && told[1].starts_with("line 6 "), "{told:?}");
}
