//! `latchkey user import`: again, over what is there, and with all that can be wrong with a file.

use std::fs;

use serde_json::{Value, json};

use crate::{
    bench::{done_json, engine, run, store, text, user},
    files::{Folder, everything, import, source},
};

// MV4
#[tokio::test]
async fn a_second_run_changes_nothing_and_makes_nobody_twice() {
    let engine = engine().await;
    let (first, refused) = import(&engine, &source("django.json"), 1).await;
    let before = everything(&engine);
    let (second, again) = import(&engine, &source("django.json"), 1).await;
    assert_eq!((&first["imported"], &first["there_already"]), (&json!(7), &json!(0)));
    assert_eq!((&second["imported"], &second["there_already"]), (&json!(0), &json!(7)));
    assert_eq!((everything(&engine), again), (before, refused));
}

// MV4
#[tokio::test]
async fn an_account_that_was_changed_since_is_left_alone() {
    let (engine, here) = (engine().await, Folder::new());
    let file =
        here.write("users.csv", "id,email,role\n8d0fd2b3-9ca7-4d9e-a95f-9e13dded323e,ada@example.com,lead\n");
    import(&engine, &file, 0).await;
    crate::bench::done(&engine, "user set-role ada@example.com member", "").await;
    import(&engine, &file, 0).await;
    assert_eq!(user(&store(&engine).await, "ada@example.com").await.role.as_str(), "member");
}

// MV3 MV4
#[tokio::test]
async fn each_refused_row_is_told_with_its_line_and_reason_and_the_others_come() {
    let (engine, here) = (engine().await, Folder::new());
    crate::bench::done(&engine, "user create taken@example.com --invite", "").await;
    let id = "8d0fd2b3-9ca7-4d9e-a95f-9e13dded323e";
    let file = here.write(
        "users.csv",
        &format!(
            "id,email,name,password_hash\n\
             ,ada@example.com,Ada,\n\
             ,not an e-mail,,\n\
             ,taken@example.com,,\n\
             ,ada@example.com,Another Ada,\n\
             ,ada@example.com,Ada,\n\
             {id},first@example.com,,\n\
             {id},second@example.com,,\n\
             ,\"line\nbreak@example.com\",,\n\
             ,too,few\n\
             ,weak@example.com,,5f4dcc3b5aa765d61d8327deb882cf99\n\
             ,last@example.com,,\n"
        ),
    );
    let rejects = here.file("rejects.jsonl");
    let (summary, refused) = import(&engine, &format!("{file} --rejects {rejects}"), 1).await;

    assert_eq!(
        (&summary["imported"], &summary["there_already"], &summary["refused"]),
        (&json!(3), &json!(1), &json!(7))
    );
    let expected = [
        "line 3 (not an e-mail): email must be an e-mail address such as ada@example.com",
        "line 4 (taken@example.com): the e-mail is that of another account, ",
        "line 5 (ada@example.com): the e-mail is that of another account, ",
        "line 8 (second@example.com): the account 8d0fd2b3-9ca7-4d9e-a95f-9e13dded323e has another e-mail, first@example.com",
        "line 9 (line\u{fffd}break@example.com): email must be",
        "line 11: has 3 columns, and the heading 4",
        "line 12 (weak@example.com): password hash is no hash of bcrypt",
    ];
    assert_eq!(refused.len(), expected.len(), "{refused:#?}");
    for (told, expected) in refused.iter().zip(expected) {
        assert!(told.starts_with(expected), "{told} should be {expected}");
    }
    let written = fs::read_to_string(rejects).expect("a file");
    let lines: Vec<Value> = written.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(
        lines.iter().map(|line| line["line"].as_u64()).collect::<Vec<_>>(),
        [3, 4, 5, 8, 9, 11, 12].map(Some)
    );
    assert!(lines[0]["reason"].is_string() && !written.contains("5f4dcc3b"));
}

#[tokio::test]
async fn broken_json_costs_its_own_line_and_a_file_that_is_cut_off_says_so() {
    let here = Folder::new();
    let lines = here.write(
        "users.jsonl",
        "{\"email\":\"ada@example.com\"}\n{\"email\":\n[1]\n\n{\"email\":\"bob@example.com\"}",
    );
    let list =
        here.write("users.json", "\u{feff}{\"users\": [{\"email\":\"ada@example.com\"}, 17, {\"email\":\"b");
    for (file, imported, expected) in [
        (lines, 2, &["line 2: is no JSON object (Eof error)", "line 3: is no JSON object (Data error)"][..]),
        (
            list,
            1,
            &[
                "line 1, user 2: is no JSON object (Data error)",
                "line 1, user 3: the file ends within this user: it is not whole",
            ],
        ),
    ] {
        let engine = engine().await;
        let (summary, refused) = import(&engine, &format!("{file} --format latchkey"), 1).await;
        assert_eq!(
            (&summary["imported"], &refused.iter().map(String::as_str).collect::<Vec<_>>()[..]),
            (&json!(imported), expected),
            "{file}"
        );
    }
}

// MV3 MV4
#[tokio::test]
async fn a_user_in_a_document_of_one_line_is_found_by_the_number_when_an_import_goes_on_too() {
    let (engine, here) = (engine().await, Folder::new());
    let user = |number: u64| match number % 50 {
        7 => format!("{{\"email\":\"user {number}\"}}"),
        _ => format!("{{\"email\":\"user{number}@example.com\"}}"),
    };
    let users: Vec<String> = (1..=300).map(user).collect();
    let file = here.write("users.json", &format!("[{}]", users.join(",")));
    let (rejects, progress) = (here.file("no.jsonl"), format!("{file}.latchkey-progress"));
    let arguments = format!("user import {file} --rejects {rejects}");
    let mut process = crate::bench::start(&engine, &format!("{arguments} --rate 500"));
    while fs::metadata(&progress).is_err() && process.try_wait().expect("it is ours").is_none() {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    process.kill().await.expect("killed");

    let output = run(&engine, &format!("{arguments} --rate max"), "").await;
    let told = text(&output.stderr);
    assert!(told.contains("line 1, user 257 (user 257): email must be"), "{told}");
    let lines = fs::read_to_string(&rejects).expect("a file");
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let at: Vec<_> = lines.iter().map(|line| (line["line"].as_u64(), line["user"].as_u64())).collect();
    assert_eq!(at, [7, 57, 107, 157, 207, 257].map(|user| (Some(1), Some(user))));
}

#[tokio::test]
async fn a_quote_that_is_never_closed_is_told_with_its_line_and_takes_no_memory() {
    let (engine, here) = (engine().await, Folder::new());
    let rest: String =
        (0..20_000).map(|n| format!("user{n}@example.com,Name,a role that does not end here\n")).collect();
    let file = here
        .write("large.csv", &format!("email,name,role\nada@example.com,Ada,\neve@example.com,\"Eve\n{rest}"));
    let output = run(&engine, &format!("user import {file}"), "").await;
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    let words = "has a row of more than 1 MiB, which begins on line 3: is a quote not closed?";
    assert!(text(&output.stderr).contains(words), "{}", text(&output.stderr));
    let emails = |users: Value| {
        users.as_array().map(|users| users.iter().map(|user| user["email"].clone()).collect::<Vec<_>>())
    };
    assert_eq!(emails(done_json(&engine, "user list").await), Some(vec![json!("ada@example.com")]));

    let file = here.write("small.csv", "email,name\n\"eve@example.com,Eve\nbob@example.com,Bob\n");
    let (_, refused) = import(&engine, &format!("{file} --format csv"), 1).await;
    assert_eq!(
        refused,
        ["line 2: has 1 columns, and the heading 2, and 2 line breaks: is a quote not closed?"]
    );
}

#[tokio::test]
async fn what_is_no_file_of_users_is_refused_before_anything_is_written() {
    let (engine, here) = (engine().await, Folder::new());
    for (name, contents, options, words) in [
        ("empty.csv", "", "", "is empty"),
        ("pretty.json", "{\n \"email\": \"ada@example.com\"\n}\n", "", "is neither JSON lines nor"),
        ("other.csv", "e-mail\nada@example.com\n", "", "name it with --format. Its first row is \"e-mail\""),
        (
            "headless.csv",
            "ada@example.com,$2b$12$secret\n",
            "",
            "name it with --format. Its first row is no heading; a table of your own begins with",
        ),
        ("other.jsonl", "{\"mail\":\"ada@example.com\"}\n", "", "name it with --format."),
        (
            "semicolons.csv",
            "email;name\na@b.c;A\n",
            "",
            "has semicolons between its columns: save it with commas",
        ),
        ("tabs.csv", "email\tname\na@b.c\tA\n", "--format csv", "has tabs between its columns"),
        ("profiles.jsonl", "{\"email\":\"a@b.c\",\"user_id\":\"auth0|1\"}\n", "", "name it with --format."),
        ("twice.csv", "email,email\na@b.c,a@b.c\n", "", "has the column \"email\" twice"),
        ("a.csv", "email\na@b.c\n", "--hash-config nowhere.txt", "nowhere.txt can't be read"),
    ] {
        let file = here.write(name, contents);
        let output = run(&engine, &format!("user import {file} {options}"), "").await;
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(text(&output.stderr).contains(words), "{name}: {}", text(&output.stderr));
    }
    // What can't be read again, and what would be written over.
    let (users, pepper) = (here.write("u.csv", "email\na@b.c\n"), here.write("pepper.txt", "p"));
    for (arguments, words) in [
        ("/dev/stdin --format csv".to_owned(), "/dev/stdin is no file that can be read again"),
        (format!("{users} --rejects {users}"), "--rejects names"),
        (format!("{users} --dry-run --rejects {users}"), "--rejects names"),
        (format!("{users} --pepper {pepper} --rejects {pepper}"), "--rejects names"),
    ] {
        let output = run(&engine, &format!("user import {arguments}"), "email\na@b.c\n").await;
        assert_eq!(output.status.code(), Some(2), "{arguments}");
        assert!(text(&output.stderr).contains(words), "{arguments}: {}", text(&output.stderr));
    }
    assert_eq!(fs::read_to_string(&users).expect("text"), "email\na@b.c\n");
    let output = run(&engine, "user import /nowhere/users.csv", "").await;
    assert!(text(&output.stderr).contains("/nowhere/users.csv can't be read"));
    assert_eq!(done_json(&engine, "user list").await, json!([]));
}
