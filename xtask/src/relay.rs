//! Passes a command's output on while it runs, and lets a reader see what it prints.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{RecvTimeoutError, Sender, channel},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail};

/// How long the pipes may stay open and silent after the command has ended.
const PATIENCE: Duration = Duration::from_secs(2);

enum Line {
    Printed(String),
    Progress(String),
}

/// Runs the command and shows both its streams; `read` gets each line of the first.
pub fn run(command: &mut Command, mut read: impl FnMut(&str)) -> Result<ExitStatus> {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let (sender, lines) = channel();
    forward(child.stdout.take(), sender.clone(), Line::Printed);
    forward(child.stderr.take(), sender, Line::Progress);
    loop {
        match lines.recv_timeout(PATIENCE) {
            Ok(Line::Printed(line)) => {
                print!("{line}");
                read(line.trim_end_matches(['\r', '\n']));
            }
            Ok(Line::Progress(line)) => eprint!("{line}"),
            Err(RecvTimeoutError::Disconnected) => return child.wait().context("its end can't be seen"),
            Err(RecvTimeoutError::Timeout) => refuse_orphans(&mut child)?,
        }
    }
}

/// Sends each line of a stream on, to its end.
fn forward(stream: Option<impl Read + Send + 'static>, lines: Sender<Line>, kind: fn(String) -> Line) {
    let Some(stream) = stream else { return };
    thread::spawn(move || {
        let mut stream = BufReader::new(stream);
        let mut bytes = Vec::new();
        while stream.read_until(b'\n', &mut bytes).is_ok_and(|length| length > 0) {
            let line = String::from_utf8_lossy(&bytes).into_owned();
            if lines.send(kind(line)).is_err() {
                return;
            }
            bytes.clear();
        }
    });
}

/// A process that outlives the command which started it would hold the pipes open for ever.
fn refuse_orphans(child: &mut Child) -> Result<()> {
    if child.try_wait().is_ok_and(|status| status.is_some()) {
        bail!("something that it started is still running");
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::time::Instant;

    use super::*;

    fn shell(script: &str) -> (Result<ExitStatus>, Vec<String>) {
        let mut lines = Vec::new();
        let status = run(Command::new("sh").args(["-c", script]), |line| lines.push(line.to_owned()));
        (status, lines)
    }

    #[test]
    fn the_reader_gets_what_was_printed_and_the_status() {
        let (status, lines) = shell("echo one; echo progress >&2; printf 'two\\r\\n\\303\\nend'; exit 3");
        assert_eq!(status.expect("it ran").code(), Some(3));
        assert_eq!(lines, ["one", "two", "\u{fffd}", "end"]);
    }

    #[test]
    fn a_process_that_stays_behind_is_a_failure_and_no_hang() {
        let start = Instant::now();
        let (status, lines) = shell("sleep 4 & echo one");
        assert!(status.is_err());
        assert_eq!(lines, ["one"]);
        assert!(start.elapsed() < Duration::from_secs(10));
    }
}
