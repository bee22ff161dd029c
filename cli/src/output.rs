//! Prints answers: as text for people, or as JSON for programs.

use std::{
    fmt::Display,
    io::{self, Write},
};

use serde::Serialize;

use crate::failure::Failure;

/// Standard output, and which of the two forms was asked for.
pub struct Output {
    /// Whether programs read it.
    pub json: bool,
    out: io::StdoutLock<'static>,
}

impl Output {
    /// Standard output, for the whole run.
    pub fn new(json: bool) -> Self {
        Self { json, out: io::stdout().lock() }
    }

    /// Prints an answer in the form that was asked for.
    pub fn print(&mut self, answer: &(impl Serialize + Display)) -> Result<(), Failure> {
        if self.json { self.line(serde_json::to_string_pretty(answer)?) } else { self.line(answer) }
    }

    /// Prints a line as it is.
    pub fn line(&mut self, line: impl Display) -> Result<(), Failure> {
        Ok(writeln!(self.out, "{line}")?)
    }
}

/// Rows of equal cells, each column as wide as its widest cell. The last column may be of any width.
pub fn aligned<const N: usize>(rows: &[[&str; N]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    let line = |row: &[&str; N]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A text of a user's, without anything that controls a terminal.
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        assert_eq!(aligned(&[["a", "bb", ""], ["ääää", "", "c"]]), "a     bb\nääää      c");
    }

    #[test]
    fn a_name_can_not_control_the_terminal() {
        assert_eq!(printable("Ada\u{1b}[2J\n"), "Ada\u{fffd}[2J\u{fffd}");
    }
}
