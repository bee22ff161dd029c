//! Entries of the audit trail as a table for people.

use shared::domain::{AuditEntry, Device};

use super::people::People;
use crate::{
    failure::Failure,
    output::{Columns, Output, printable},
};

const HEADER: [&str; 8] = ["TIME", "EVENT", "OUTCOME", "WHO", "BY", "ADDRESS", "DEVICE", "CHANGE"];

/// A client may call itself so long a name.
const LONGEST_USER_AGENT: usize = 40;

/// A table that may go on: later rows keep the columns, unless they need more room.
#[derive(Default)]
pub struct Table(Option<Columns<8>>);

impl Table {
    /// Prints the entries; above the first ones, the header.
    pub fn print(
        &mut self,
        entries: &[AuditEntry],
        people: &People<'_>,
        output: &mut Output,
    ) -> Result<(), Failure> {
        self.lines(entries, people).into_iter().try_for_each(|line| output.line(line))
    }

    /// The same as lines.
    pub fn lines(&mut self, entries: &[AuditEntry], people: &People<'_>) -> Vec<String> {
        let mut rows: Vec<_> = entries.iter().map(|entry| row(entry, people)).collect();
        if self.0.is_none() {
            rows.insert(0, HEADER.map(str::to_owned));
        }
        let columns = self.0.get_or_insert_with(|| Columns::of(&[HEADER]));
        columns.widen(&rows);
        rows.iter().map(|row| columns.line(row)).collect()
    }
}

fn row(entry: &AuditEntry, people: &People<'_>) -> [String; 8] {
    let outcome = entry.outcome.as_str();
    [
        entry.at.to_string(),
        printable(&entry.event),
        entry.reason.as_ref().map_or(outcome.to_owned(), |why| format!("{outcome} ({})", printable(why))),
        people.subject(&entry.subject),
        people.actor(entry.actor.as_ref()),
        entry.address.as_deref().map(printable).unwrap_or_default(),
        device(entry.user_agent.as_deref()),
        change(entry, people),
    ]
}

/// What is different now: which session has ended, and which address was given up.
fn change(entry: &AuditEntry, people: &People<'_>) -> String {
    let ends_session = ["end_session", "refresh_reuse"].contains(&entry.event.as_str());
    let ended = entry.session_id.filter(|_| ends_session).map(|id| format!("session {id}"));
    let former = entry.former_email_hash.as_ref().map(|hash| format!("was {}", people.former(hash)));
    let parts = ended.into_iter().chain(entry.change.as_deref().map(printable)).chain(former);
    parts.collect::<Vec<_>>().join(", ")
}

/// The name that we know it by, or else what it calls itself.
fn device(user_agent: Option<&str>) -> String {
    let device = Device::of(user_agent);
    let Some(text) = user_agent.filter(|_| device == Device::default()) else {
        return if user_agent.is_some() { device.to_string() } else { String::new() };
    };
    let short: String = text.chars().take(LONGEST_USER_AGENT).collect();
    let cut = if short.len() < text.len() { "…" } else { "" };
    printable(&short) + cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_has_the_name_that_we_know_or_its_own_made_harmless() {
        for (user_agent, expected) in [
            (None, ""),
            (
                Some("Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"),
                "Firefox on Linux",
            ),
            (Some("latchkey/0.1.0"), "latchkey/0.1.0"),
            (Some("\u{1b}[2Jbot"), "\u{fffd}[2Jbot"),
            (Some(&*"b".repeat(41)), &*("b".repeat(40) + "…")),
        ] {
            assert_eq!(device(user_agent), expected);
        }
    }
}
