//! `latchkey user import`: users of another system, or of another stack, with the passwords that they have.
//!
//! [`records`] splits the file, [`formats`] know what each source writes, [`row`] makes an account of it or says why not,
//! [`batch`] and [`pipeline`] bring accounts into the tables, [`ledger`] counts and keeps how far it came.

pub mod args;
mod bar;
mod batch;
mod checkpoint;
mod columns;
mod csv;
mod fields;
mod formats;
mod json;
mod ledger;
mod moment;
mod pipeline;
mod records;
pub mod rejects;
mod row;
mod source;
mod tally;
mod twice;

use std::{fs, path::Path, time::Instant};

use args::ImportFile;
use bar::Bar;
use checkpoint::{Checkpoint, Progress};
use ledger::Ledger;
use pipeline::bring_in;
use rejects::{Refused, Rejects};
use row::Rules;
use shared::{
    config::Config,
    domain::{Timestamp, UserId},
};
use source::{Source, unreadable};
use tally::{Summary, Tally};
use twice::Seen;

use crate::{
    desk::Desk,
    failure::Failure,
    output::{Output, remark},
    pace::Pace,
};

/// Imports a file. Errors: rows were refused (all others are imported); or AWS or a file failed, or the operator stopped
/// it: then the same command goes on where it ended.
pub async fn import(desk: &Desk, asked: &ImportFile, output: &mut Output) -> Result<(), Failure> {
    let mut source = open(asked, desk.now)?;
    let checkpoint =
        Checkpoint::of(asked, &desk.config.table_prefix).map_err(|error| unreadable(&asked.file, &error))?;
    let progress = resumable(desk, asked, &checkpoint).await?;
    let size = fs::metadata(&asked.file).map_or(0, |about| about.len());
    let tally = progress.as_ref().map(|progress| progress.tally.clone()).unwrap_or_default();
    if let Some(progress) = &progress {
        source.go_to(progress.position(), tally.read).map_err(|error| unreadable(&asked.file, &error))?;
        remark(format_args!("Going on behind {} users that were dealt with before.", tally.read));
    }
    let done = source.position();
    let mut ledger = Ledger {
        asked,
        rejects: Rejects::open(
            asked.rejects.as_deref(),
            progress.as_ref().map_or(0, |progress| progress.rejects),
        )?,
        checkpoint,
        bar: Bar::new(size, (done.offset, tally.read), output.json),
        tally,
        units: 0.0,
        done,
        last_user: progress.and_then(|progress| progress.last_user),
        marked: Instant::now(),
    };
    let began = Instant::now();
    let ended = bring_in(desk, &mut source, &mut ledger, Pace::new(asked.rate, began.into())).await;
    ledger.bar.wipe();
    tell_unread(&source, asked);
    if let Err(failure) = ended {
        ledger.mark()?;
        remark(format_args!("{} users were dealt with; the same command goes on there.", ledger.tally.read));
        return Err(failure);
    }
    ledger.rejects.sync()?;
    ledger.checkpoint.remove()?;
    let Ledger { tally, units, .. } = ledger;
    let told = output.print(&Summary::of_import(source.origin, tally.clone(), units, began.elapsed()));
    verdict(&tally).and(told)
}

/// Reads and checks a file, and writes nothing but the refused rows; who is there already, it can't know. Errors: rows were refused; the file can't be read.
pub fn rehearse(config: &Config, asked: &ImportFile, output: &mut Output) -> Result<(), Failure> {
    let mut source = open(asked, Timestamp::now())?;
    let mut rejects = Rejects::open(asked.rejects.as_deref(), 0)?;
    let (mut tally, mut seen) = (Tally::default(), Seen::default());
    let began = Instant::now();
    while let Some(row) = source.next().map_err(|error| unreadable(&asked.file, &error))? {
        tally.read += 1;
        let is_new = row.account.and_then(|account| {
            let is_new = seen.enter(&account.user.email, account.user.id, row.at)?;
            if is_new {
                tally.count_kind(&account);
            }
            Ok(is_new)
        });
        match is_new {
            Ok(true) => tally.imported += 1,
            Ok(false) => tally.there_already += 1,
            Err(reason) => {
                tally.refused += 1;
                rejects.tell(&Refused { at: row.at, email: row.email, reason })?;
            }
        }
    }
    tell_unread(&source, asked);
    let (origin, samples) = (source.origin, &source.samples);
    let summary = Summary::of_rehearsal(origin, tally.clone(), samples, config.hash_method, began.elapsed());
    let told = output.print(&summary);
    verdict(&tally).and(told)
}

fn open(asked: &ImportFile, now: Timestamp) -> Result<Source, Failure> {
    let ImportFile { unverified, unsupported, .. } = *asked;
    let path = asked.file.display();
    let about = fs::metadata(&asked.file).map_err(|error| unreadable(&asked.file, &error))?;
    if !about.is_file() {
        return Err(Failure::Usage(format!(
            "{path} is no file that can be read again: save it as one first"
        )));
    }
    if let Some(read) = asked.sources().find(|read| is_same(read, asked.rejects.as_deref())) {
        let read = read.display();
        return Err(Failure::Usage(format!("--rejects names {read}, which is read: name a file of its own")));
    }
    Source::open(asked, Rules { unverified, unsupported, now })
}

/// What was not read of the rows of this run.
fn tell_unread(source: &Source, asked: &ImportFile) {
    if let Some(told) = source.unread() {
        remark(format_args!("{} {told}.", asked.file.display()));
    }
}

/// Whether both are one file that is there.
fn is_same(one: &Path, other: Option<&Path>) -> bool {
    let other = other.and_then(|other| other.canonicalize().ok());
    other.is_some() && one.canonicalize().ok() == other
}

/// What an earlier run left, if it was about these tables (its last user is in them) and what it told of refused rows is
/// still there.
async fn resumable(
    desk: &Desk,
    asked: &ImportFile,
    checkpoint: &Checkpoint,
) -> Result<Option<Progress>, Failure> {
    let Some(progress) = checkpoint.read() else { return Ok(None) };
    let told = asked.rejects.as_ref().map(|path| fs::metadata(path).map_or(0, |about| about.len()));
    if told.is_some_and(|told| told < progress.rejects) {
        return Ok(None);
    }
    let Some(Ok(last)) = progress.last_user.as_ref().map(|id| id.parse::<UserId>()) else { return Ok(None) };
    let is_there = desk.store.users.get(last).await?.is_some();
    Ok(is_there.then_some(progress))
}

fn verdict(tally: &Tally) -> Result<(), Failure> {
    match tally.refused {
        0 => Ok(()),
        1 => Err(Failure::Refused("1 row was refused; the reason is above.".to_owned())),
        refused => Err(Failure::Refused(format!("{refused} rows were refused; the reasons are above."))),
    }
}
