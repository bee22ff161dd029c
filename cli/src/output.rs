//! Prints answers: as text for people, or as JSON for programs.

use std::{
    fmt::Display,
    io::{self, IsTerminal, Write},
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

    /// Prints one JSON array with a value on each line.
    pub fn array(&mut self, values: impl Iterator<Item = impl Serialize>) -> Result<(), Failure> {
        let mut array = Array::default();
        for value in values {
            array.add(&value, self)?;
        }
        array.end(self)
    }
}

/// A JSON array whose values come one after another.
#[derive(Default)]
pub struct Array {
    has_values: bool,
}

impl Array {
    /// Prints one more.
    pub fn add(&mut self, value: &impl Serialize, output: &mut Output) -> Result<(), Failure> {
        let bracket = if self.has_values { "," } else { "[" };
        self.has_values = true;
        output.line(format_args!("{bracket}{}", serde_json::to_string(value)?))
    }

    /// There is no more.
    pub fn end(self, output: &mut Output) -> Result<(), Failure> {
        output.line(if self.has_values { "]" } else { "[]" })
    }
}

/// A remark beside the answer. Where nobody reads it, none is missed.
pub fn remark(words: impl Display) {
    _ = writeln!(io::stderr(), "{words}");
}

/// What the operator types after a warning, on standard error. Errors: there is no terminal to ask.
pub fn confirmed(not_done: &str, warning: &str) -> Result<String, Failure> {
    let stdin = io::stdin();
    if !stdin.is_terminal() {
        return Err(Failure::Usage(format!(
            "{not_done}: there is no terminal to ask for confirmation. Scripts say --yes."
        )));
    }
    _ = write!(io::stderr(), "{warning}");
    let mut typed = String::new();
    // What can't be read is nothing typed.
    _ = stdin.read_line(&mut typed);
    Ok(typed)
}

/// The columns of a table, each as wide as its widest cell so far. The last one may be of any width.
pub struct Columns<const N: usize>([usize; N]);

impl<const N: usize> Columns<N> {
    /// Wide enough for these rows.
    pub fn of(rows: &[[impl AsRef<str>; N]]) -> Self {
        let mut columns = Self([0; N]);
        columns.widen(rows);
        columns
    }

    /// Wide enough for these rows, too.
    pub fn widen(&mut self, rows: &[[impl AsRef<str>; N]]) {
        for row in rows {
            for (width, cell) in self.0.iter_mut().zip(row) {
                *width = (*width).max(cell.as_ref().chars().count());
            }
        }
    }

    /// A row, without a line's end.
    pub fn line(&self, row: &[impl AsRef<str>; N]) -> String {
        let cells = row.iter().zip(self.0).map(|(cell, width)| format!("{:width$}", cell.as_ref()));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    }
}

/// Rows of equal cells, each column as wide as its widest cell. The last column may be of any width.
pub fn aligned<const N: usize>(rows: &[[impl AsRef<str>; N]]) -> String {
    let columns = Columns::of(rows);
    rows.iter().map(|row| columns.line(row)).collect::<Vec<_>>().join("\n")
}

/// A text of a user's, without anything that controls a terminal or turns the order of what is read.
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if controls(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

fn controls(c: char) -> bool {
    let is_break = matches!(c, '\u{2028}' | '\u{2029}');
    let turns =
        matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || is_break || turns
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
        assert_eq!(printable("Ada\u{1b}[2J\n\u{202e}"), "Ada\u{fffd}[2J\u{fffd}\u{fffd}");
    }
}
