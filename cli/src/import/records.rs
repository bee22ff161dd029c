//! The users in a file, one after another, whatever it is written in; none but the present one is held in memory.

use std::{io, path::Path};

use super::{csv::CsvRecords, fields::Fields, json::JsonRecords};

/// Larger is no user: the rest of such a record is skipped.
pub const LARGEST: usize = 1024 * 1024;

/// A place between two records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// Bytes before it.
    pub offset: u64,
    /// The line, from 1 on.
    pub line: u64,
}

/// One user as the file has it.
pub struct Record {
    /// The line on which it begins.
    pub line: u64,
    /// Where the next one is looked for.
    pub end: Position,
    /// What is known of the user; or why the record can't be read.
    pub content: Result<Fields, String>,
}

/// A file that is being read.
pub enum Records {
    /// JSON lines, or a list in a JSON document.
    Json(JsonRecords),
    /// A table with a heading.
    Csv(CsvRecords),
}

impl Records {
    /// Opens a file: what begins with a bracket is JSON. Errors: it can't be read, or is neither.
    pub fn open(path: &Path) -> io::Result<Self> {
        if JsonRecords::looks_like_it(path)? {
            JsonRecords::open(path).map(Self::Json)
        } else {
            CsvRecords::open(path).map(Self::Csv)
        }
    }

    /// The next record; `None` behind the last.
    pub fn next(&mut self) -> io::Result<Option<Record>> {
        match self {
            Self::Json(records) => records.next(),
            Self::Csv(records) => records.next(),
        }
    }

    /// Where the next record begins.
    pub fn position(&self) -> Position {
        match self {
            Self::Json(records) => records.position(),
            Self::Csv(records) => records.position(),
        }
    }

    /// Goes on from a place where a record of this file ended.
    pub fn go_to(&mut self, position: Position) -> io::Result<()> {
        match self {
            Self::Json(records) => records.go_to(position),
            Self::Csv(records) => records.go_to(position),
        }
    }
}
