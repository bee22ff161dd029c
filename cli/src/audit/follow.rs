//! `latchkey audit --follow`: goes on with what happens.

use std::time::Duration;

use shared::domain::Timestamp;
use tokio::time::sleep;

use super::{
    CLOCK_SKEW, Found, Search,
    people::People,
    told::Table,
    trail::{Range, Shown},
};
use crate::{
    failure::Failure,
    output::{Output, remark},
};

/// Between two looks.
const PAUSE: Duration = Duration::from_secs(2);

/// What is read again each time: an entry has the time at which its request came, and is written when that is done; the
/// index has it a moment later.
const OVERLAP: Duration = Duration::from_secs(15);

/// Failed looks in a row before it gives up: a network may be away for a minute.
const PATIENCE: u32 = 30;

/// Prints what is there and then what comes, until Ctrl-C or until nobody reads it any more.
pub async fn follow(
    search: &Search<'_>,
    range: Range,
    people: &mut People<'_>,
    output: &mut Output,
) -> Result<(), Failure> {
    tokio::select! {
        ended = go_on(search, range, people, output) => ended,
        _ = tokio::signal::ctrl_c() => Ok(()),
    }
}

async fn go_on(
    search: &Search<'_>,
    range: Range,
    people: &mut People<'_>,
    output: &mut Output,
) -> Result<(), Failure> {
    let mut printer = Printer { people, table: Table::default(), shown: Shown::default() };
    let found = search.find(range, search.query.limit).await?;
    found.tell_if_cut();
    printer.print(found, output).await?;
    let (mut looked, mut failures) = (search.desk.now, 0);
    loop {
        sleep(PAUSE).await;
        if is_reader_gone() {
            return Ok(());
        }
        let now = Timestamp::now();
        let since = again_from(printer.shown.newest(), looked).max(range.since);
        match search.find(Range { since, until: now + CLOCK_SKEW }, usize::MAX).await {
            Ok(found) => {
                printer.print(found, output).await?;
                printer.shown.forget_before(since);
                (looked, failures) = (now, 0);
            }
            Err(Failure::Aws(cause)) if failures < PATIENCE => {
                failures += 1;
                remark(format_args!("{cause}\nTrying again."));
            }
            Err(failure) => return Err(failure),
        }
    }
}

/// From when on it reads again: a little before the newest entry, or before the last look. Entries have the times of
/// other clocks, which may be ahead of ours or behind.
fn again_from(newest: Option<Timestamp>, looked: Timestamp) -> Timestamp {
    let earliest = looked - CLOCK_SKEW;
    newest.map_or(earliest, |newest| newest.clamp(earliest, looked)) - OVERLAP
}

/// Prints each entry once.
struct Printer<'a, 'b> {
    people: &'a mut People<'b>,
    table: Table,
    shown: Shown,
}

impl Printer<'_, '_> {
    async fn print(&mut self, mut found: Found, output: &mut Output) -> Result<(), Failure> {
        found.entries.retain(|entry| self.shown.add(entry));
        self.people.meet(&found.entries).await?;
        if !output.json {
            return self.table.print(&found.entries, self.people, output);
        }
        let mut lines = found.entries.iter().map(|entry| serde_json::to_string(&self.people.told(entry)));
        lines.try_for_each(|line| output.line(line?))
    }
}

/// Whether standard output is a pipe that nobody reads any more: a write would tell, but there may be none for hours.
#[cfg(unix)]
fn is_reader_gone() -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    let stdout = std::io::stdout();
    let mut look = [PollFd::new(&stdout, PollFlags::empty())];
    let is_looked = poll(&mut look, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })).is_ok();
    is_looked && look[0].revents().intersects(PollFlags::ERR | PollFlags::NVAL)
}

#[cfg(not(unix))]
fn is_reader_gone() -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_seconds_are_read_again_whatever_other_clocks_say() {
        let looked = Timestamp::from_epoch_seconds(1_795_435_200);
        let (second, minute) = (Duration::from_secs(1), Duration::from_secs(60));
        for (newest, expected) in [
            (Some(looked - second), looked - second - OVERLAP),
            (Some(looked + minute), looked - OVERLAP),
            (Some(looked - 60 * minute), looked - CLOCK_SKEW - OVERLAP),
            (None, looked - CLOCK_SKEW - OVERLAP),
        ] {
            assert_eq!(again_from(newest, looked), expected);
        }
    }
}
