//! `latchkey audit --follow`: what happens from now on.

use std::{process::ExitStatus, time::Duration};

use serde_json::Value;
use shared::{
    domain::{Email, Timestamp},
    event::Event,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

use crate::bench::{EMAIL, done, engine, start, store, write};

type Reader = Lines<BufReader<ChildStdout>>;

fn lines(command: &mut Child) -> Reader {
    BufReader::new(command.stdout.take().expect("a pipe")).lines()
}

async fn line(lines: &mut Reader) -> String {
    let line = timeout(Duration::from_secs(20), lines.next_line()).await.expect("in time");
    line.expect("it can be read").expect("a line")
}

async fn end(command: &mut Child) -> ExitStatus {
    timeout(Duration::from_secs(20), command.wait()).await.expect("in time").expect("it ends")
}

#[tokio::test]
async fn what_happens_is_shown_once_and_ctrl_c_ends_it() {
    let engine = engine().await;
    let (store, now) = (store(&engine).await, Timestamp::now());
    done(&engine, &format!("user create {EMAIL} --invite"), "").await;
    let mut command = start(&engine, "audit --follow --json");
    let mut lines = lines(&mut command);
    let email: Email = EMAIL.parse().expect("an e-mail");
    let mut ids = Vec::new();
    ids.push(serde_json::from_str::<Value>(&line(&mut lines).await).expect("JSON")["id"].clone());
    // The third one is written later than the second, and began before it.
    for seconds in [0, 2, 1] {
        let event = Event::failure("login", "unknown_email").email(email.hash());
        let entry = write(&store, event, now + Duration::from_secs(seconds)).await;
        let shown: Value = serde_json::from_str(&line(&mut lines).await).expect("JSON");
        assert_eq!(shown["id"], entry.id.to_string());
        ids.push(shown["id"].clone());
    }
    // Two more looks show nothing again.
    assert!(timeout(Duration::from_secs(5), lines.next_line()).await.is_err());

    let id = command.id().expect("it runs").to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().await.expect("kill").success());
    assert_eq!(end(&mut command).await.code(), Some(0));
}

#[tokio::test]
async fn it_ends_when_nobody_reads_it_any_more() {
    let engine = engine().await;
    let mut command = start(&engine, "audit --follow");
    let mut lines = lines(&mut command);
    assert!(line(&mut lines).await.starts_with("TIME "));
    drop(lines);
    assert_eq!(end(&mut command).await.code(), Some(0));
}
