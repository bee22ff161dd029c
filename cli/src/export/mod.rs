//! `latchkey user export`: all users, as they come from the table, none held for longer than its page.

pub mod args;
mod departure;
mod sink;

use std::{fmt, io};

use args::ExportTo;
use departure::Departure;
use serde::Serialize;
use shared::error::Error;
use sink::Sink;
use tokio::time::{Instant, sleep_until};

use crate::{
    desk::Desk,
    failure::Failure,
    interrupt::interrupted,
    output::{Output, remark},
    pace::Pace,
};

/// Units of the first page, before one was measured: a read for each user's credential, and some for the users.
const FIRST_GUESS: f64 = 110.0;

/// What was exported.
#[derive(Serialize)]
struct Exported {
    users: u64,
    with_hashes: bool,
    read_units: u64,
}

/// Writes all users. Errors: AWS failed, the operator stopped it, or the file can't be written or is there already; no half
/// of one stays. Or it went into a pipe whose reader went away: half an export is none.
pub async fn export(desk: &Desk, to: &ExportTo, output: &mut Output) -> Result<(), Failure> {
    if !to.without_hashes {
        remark(
            "warning: the export has the password hashes. Guard it as the table itself, and delete it when it is imported.",
        );
    }
    if to.output.is_none() {
        return export_all(desk, to, output).await.map_err(not_whole);
    }
    tokio::select! {
        biased;
        // First, so that it is waited for before there is a file.
        () = interrupted() => Err(Failure::Refused("stopped; nothing was exported.".to_owned())),
        exported = export_all(desk, to, output) => exported,
    }
}

fn not_whole(failure: Failure) -> Failure {
    match failure {
        Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            Failure::Refused("the export is not whole: who read it went away.".to_owned())
        }
        other => other,
    }
}

async fn export_all(desk: &Desk, to: &ExportTo, output: &mut Output) -> Result<(), Failure> {
    let mut sink = Sink::open(to)?;
    let mut pace = Pace::new(to.rate, Instant::now());
    let (mut after, mut guess) = (None, FIRST_GUESS);
    let (mut exported, mut units, mut incomplete) = (0, 0.0, Vec::new());
    loop {
        sleep_until(pace.next()).await;
        pace.spend(guess, Instant::now());
        let page = match desk.store.export(after).await {
            Err(Error::Unavailable(cause)) if is_throttled(&cause) && pace.throttled(Instant::now()) => {
                continue;
            }
            page => page?,
        };
        pace.succeeded();
        pace.correct(page.units - guess, Instant::now());
        guess = page.units;
        units += page.units;
        exported += page.accounts.len() as u64;
        for account in &page.accounts {
            sink.write(Departure::of(account, !to.without_hashes))?;
        }
        incomplete.extend(page.incomplete);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let summary =
        Exported { users: exported, with_hashes: !to.without_hashes, read_units: f64::ceil(units) as u64 };
    let is_in_file = sink.finish()?;
    if is_in_file {
        output.print(&summary)?
    } else {
        remark(&summary)
    }
    if incomplete.is_empty() {
        return Ok(());
    }
    let ids: Vec<String> = incomplete.iter().map(ToString::to_string).collect();
    Err(Failure::Refused(format!(
        "these users are not in the export, because the table Credentials has no row of theirs: {}",
        ids.join(", ")
    )))
}

/// What DynamoDB says when it asks to wait.
fn is_throttled(cause: &str) -> bool {
    ["Throttl", "ProvisionedThroughputExceeded", "RequestLimitExceeded"]
        .iter()
        .any(|word| cause.contains(word))
}

impl fmt::Display for Exported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { users, with_hashes, read_units } = self;
        let hashes = if *with_hashes { "with their password hashes" } else { "without password hashes" };
        let noun = if *users == 1 { "user" } else { "users" };
        write!(f, "Exported {users} {noun} {hashes}; {read_units} read units.")
    }
}
