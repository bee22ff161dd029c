//! The log for people, on stderr: one line for each invocation, and each line that a function prints.

use std::{
    io::{IsTerminal, Write, stderr},
    time::Duration,
};

use chrono::Local;

use crate::{clock, function::Invoked};

/// What a function printed before its answer comes through another pipe, within this time.
const LAST_WORDS: Duration = Duration::from_millis(5);

/// A line of a function's own log, as it printed it.
pub fn function_line(function: &str, line: &str) {
    write(&format!("{function:<7} | {}", line.trim_end_matches('\r')));
}

/// What Lambda's REPORT line says, readable. It comes after the lines that the function printed, as there.
pub fn invocation(what: &str, status: &str, function: &str, invoked: &Invoked) {
    let start = match invoked.cold {
        Some(init) => format!("cold, init {}", milliseconds(init)),
        None => "warm".to_owned(),
    };
    let memory = invoked.memory.map(|kilobytes| format!(", {} MB", kilobytes.div_ceil(1024)));
    let memory = memory.unwrap_or_default();
    let status = paint(status);
    let line = format!("{status} {what}  {function}: {} ({start}{memory})", milliseconds(invoked.duration));
    let failure = invoked.outcome.as_ref().err().map(|failure| format!("function `{function}` {failure}"));
    tokio::spawn(async move {
        tokio::time::sleep(LAST_WORDS).await;
        note(&line);
        _ = failure.map(|failure| note(&failure));
    });
}

/// Anything else worth a line.
pub fn note(line: &str) {
    write(&format!("{}  {line}", clock::now().with_timezone(&Local).format("%H:%M:%S%.3f")));
}

fn milliseconds(duration: Duration) -> String {
    let milliseconds = duration.as_secs_f64() * 1000.0;
    if milliseconds < 10.0 { format!("{milliseconds:.1} ms") } else { format!("{milliseconds:.0} ms") }
}

fn paint(status: &str) -> String {
    let colour = match status.as_bytes().first() {
        _ if !stderr().is_terminal() => return status.to_owned(),
        Some(b'2' | b'o') => 32,
        Some(b'3' | b'4') => 33,
        _ => 31,
    };
    format!("\x1b[{colour}m{status}\x1b[0m")
}

fn write(line: &str) {
    // A closed stderr is no reason to stop serving.
    _ = writeln!(stderr().lock(), "{line}");
}
