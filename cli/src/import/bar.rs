//! How far it is, on a terminal: one line that is written over.

use std::{
    io::{self, IsTerminal, Write},
    time::{Duration, Instant},
};

/// Between two looks of a person.
const PAUSE: Duration = Duration::from_millis(200);

/// The line; or none where nobody sees it.
pub struct Bar {
    began: Instant,
    /// What was done before this run.
    before: (u64, u64),
    whole: u64,
    shown: Option<Instant>,
    is_seen: bool,
}

impl Bar {
    /// `whole` bytes are to be read; so many bytes and users were before. Programs see none.
    pub fn new(whole: u64, before: (u64, u64), is_for_programs: bool) -> Self {
        let is_seen = io::stderr().is_terminal() && !is_for_programs;
        Self { began: Instant::now(), before, whole, shown: None, is_seen }
    }

    /// So many bytes are read, and so many users dealt with.
    pub fn show(&mut self, bytes: u64, users: u64) {
        if self.is_seen && self.shown.is_none_or(|shown| shown.elapsed() >= PAUSE) {
            self.shown = Some(Instant::now());
            let line = line(self.whole, self.before, (bytes, users), self.began.elapsed());
            _ = write!(io::stderr(), "\r\x1b[K{line}");
            _ = io::stderr().flush();
        }
    }

    /// Wipes the line, so that something else can be told.
    pub fn wipe(&mut self) {
        if self.shown.take().is_some() {
            _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

fn line(whole: u64, before: (u64, u64), (bytes, users): (u64, u64), took: Duration) -> String {
    let part = if whole == 0 { 1.0 } else { bytes as f64 / whole as f64 };
    let filled = (part.min(1.0) * 20.0) as usize;
    let (bar, percent) =
        (format!("{}{}", "#".repeat(filled), ".".repeat(20 - filled)), (part * 100.0) as u64);
    let seconds = took.as_secs_f64();
    let (new_bytes, new_users) =
        (bytes.saturating_sub(before.0) as f64, users.saturating_sub(before.1) as f64);
    let left = if new_bytes > 0.0 { seconds * whole.saturating_sub(bytes) as f64 / new_bytes } else { 0.0 };
    let each_second = if seconds > 0.0 { new_users / seconds } else { 0.0 };
    format!("[{bar}] {percent}%  {users} users, {each_second:.0} a second, {} left", in_words(left as u64))
}

fn in_words(seconds: u64) -> String {
    match seconds {
        0..=99 => format!("{seconds} s"),
        100..=5999 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_tells_how_far_it_is_and_how_long_it_will_take() {
        let took = Duration::from_secs(10);
        for (whole, before, now, expected) in [
            (1000, (0, 0), (250, 50), "[#####...............] 25%  50 users, 5 a second, 30 s left"),
            (1000, (500, 100), (750, 150), "[###############.....] 75%  150 users, 5 a second, 10 s left"),
            (1000, (0, 0), (1000, 200), "[####################] 100%  200 users, 20 a second, 0 s left"),
            (1_000_000, (0, 0), (1000, 200), "[....................] 0%  200 users, 20 a second, 2 h left"),
            (0, (0, 0), (0, 0), "[####################] 100%  0 users, 0 a second, 0 s left"),
        ] {
            assert_eq!(line(whole, before, now, took), expected);
        }
    }
}
