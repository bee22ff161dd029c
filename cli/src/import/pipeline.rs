//! The way of rows into the tables: several calls at a time, their results in the order of the file.

use std::cell::RefCell;

use futures::{StreamExt, stream::FuturesOrdered};
use shared::{
    domain::{Account, AuditEntry, Origin},
    event::Event,
    store::{Arrival, Arrived, Import, MOST_AT_ONCE},
};
use tokio::time::{Instant, sleep_until};

use super::{
    batch::{Batch, Batches},
    ledger::Ledger,
    records::Whereabouts,
    source::{Source, unreadable},
};
use crate::{desk::Desk, failure::Failure, interrupt::interrupted, output::remark, pace::Pace};

/// Calls under way at a time: enough to hide a network's delay.
const CALLS: usize = 8;

/// Units of one account, before one was measured: three rows in a transaction, and one in the index of the trail.
const FIRST_GUESS: f64 = 7.0;

/// A batch, and what became of its accounts.
pub struct Written {
    pub batch: Batch,
    pub each: Vec<Arrived>,
    pub units: f64,
}

/// Brings all rows in. Errors: AWS or a file failed, or the operator stopped it. What is done is in the ledger.
pub async fn bring_in(
    desk: &Desk,
    source: &mut Source,
    ledger: &mut Ledger<'_>,
    pace: Pace,
) -> Result<(), Failure> {
    let (origin, pace) = (source.origin, RefCell::new(pace));
    let mut batches = Batches::of(source);
    let mut calls = FuturesOrdered::new();
    let (mut has_more, mut is_waiting, mut is_stopped, mut guess) = (true, false, false, FIRST_GUESS);
    let mut broken = None;
    let mut stop = Box::pin(interrupted());
    while !calls.is_empty() || (has_more && !is_stopped) {
        let next = pace.borrow().next();
        let may_go_on = has_more && !is_stopped && !is_waiting && calls.len() < CALLS;
        tokio::select! {
            biased;
            // Again: at once. What is under way is found to be there, or not, by the next run.
            () = &mut stop => {
                if is_stopped {
                    break;
                }
                is_stopped = true;
                stop.set(interrupted());
                ledger.bar.wipe();
                remark("Stopping, behind what is under way; again stops at once.");
            }
            Some(written) = calls.next(), if !calls.is_empty() => {
                let written: Written = written?;
                batches.arrived(&written.batch);
                is_waiting = false;
                guess = settle_pace(&mut pace.borrow_mut(), &written, guess);
                ledger.enter(written)?;
            }
            () = sleep_until(next), if may_go_on => {
                let at_once = pace.borrow().at_once(guess, MOST_AT_ONCE);
                match batches.next(at_once) {
                    Ok(Some(batch)) => {
                        is_waiting = batch.rows == 0;
                        pace.borrow_mut().spend(guess * batch.accounts.len() as f64, Instant::now());
                        calls.push_back(write(desk, batch, origin, &pace));
                    }
                    Ok(None) => has_more = false,
                    // What was read before it comes all the same.
                    Err(error) => (has_more, broken) = (false, Some(unreadable(ledger.file(), &error))),
                }
            }
        }
    }
    match broken {
        Some(broken) => Err(broken),
        None if is_stopped => Err(Failure::Refused("stopped".to_owned())),
        None => Ok(()),
    }
}

/// Corrects what was guessed; the next guess.
fn settle_pace(pace: &mut Pace, Written { each, units, .. }: &Written, guess: f64) -> f64 {
    pace.succeeded();
    if each.is_empty() {
        return guess;
    }
    pace.correct(units - guess * each.len() as f64, Instant::now());
    units / each.len() as f64
}

/// Writes a batch, and again while the tables are throttled.
async fn write(desk: &Desk, batch: Batch, origin: Origin, pace: &RefCell<Pace>) -> Result<Written, Failure> {
    let arrival = |(_, account): &(Whereabouts, Account)| Arrival {
        account: account.clone(),
        entry: entry(desk, account, origin),
    };
    let arrivals: Vec<Arrival> = batch.accounts.iter().map(arrival).collect();
    loop {
        match desk.store.import(&arrivals).await? {
            Import::Done(done) => return Ok(Written { batch, each: done.each, units: done.units }),
            Import::Throttled => {
                let goes_on = pace.borrow_mut().throttled(Instant::now());
                if !goes_on {
                    return Err(Failure::Aws(
                        "ThrottlingException: DynamoDB throttles all the time".to_owned(),
                    ));
                }
                let next = pace.borrow().next();
                sleep_until(next).await;
            }
        }
    }
}

fn entry(desk: &Desk, account: &Account, origin: Origin) -> AuditEntry {
    let user = &account.user;
    let password = if account.password_hash.is_some() { "with a password" } else { "without a password" };
    let change = format!("role {}, {}, from {origin}, {password}", user.role, user.status);
    desk.entry(Event::success("import_user").user(user.id).change(change))
}
