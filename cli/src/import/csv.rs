//! Records in CSV (RFC 4180), with the names of the columns in the first row; Firebase's own has none.

use std::{
    cell::Cell,
    fs::File,
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
    path::Path,
    rc::Rc,
};

use csv::{ByteRecord, ErrorKind, Reader, ReaderBuilder};
use serde_json::{Map, Value};

use super::{
    fields::Fields,
    records::{LARGEST, Position, Record},
};
use crate::cells;

/// A CSV file that is being read.
pub struct CsvRecords {
    reader: Reader<Bounded>,
    /// Bytes that were read for the present row.
    read: Rc<Cell<usize>>,
    columns: Vec<String>,
    /// Whether lines end with CR and LF: the library takes the LF for the begin of the next line.
    is_crlf: bool,
    /// Whether we exported it: then there are apostrophes before what would be formulas.
    is_ours: bool,
}

/// What `firebase auth:export` writes in each place; the last ones may be missing.
const FIREBASE: [(usize, &str); 9] = [
    (0, "localId"),
    (1, "email"),
    (2, "emailVerified"),
    (3, "passwordHash"),
    (4, "salt"),
    (5, "displayName"),
    (23, "createdAt"),
    (24, "lastSignedInAt"),
    (26, "disabled"),
];

/// Columns that only our own exports have.
const OURS: [&str; 2] = ["password_version", "must_reset"];

impl CsvRecords {
    /// Reads the heading; a first row like Firebase's is a user.
    pub fn open(path: &Path) -> io::Result<Self> {
        let is_crlf = is_crlf(path)?;
        let read = Rc::default();
        let mut reader = reader(path, true, &read)?;
        let heading = reader.headers()?.clone();
        if heading.is_empty() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "is empty"));
        }
        let is_firebase = heading.len() >= 27 && matches!(&heading[2], "true" | "false");
        if is_firebase {
            let mut columns: Vec<String> =
                (0..heading.len().max(28)).map(|at| format!("column {at}")).collect();
            FIREBASE.iter().for_each(|(at, name)| columns[*at] = (*name).to_owned());
            let reader = self::reader(path, false, &read)?;
            return Ok(Self { reader, read, columns, is_crlf, is_ours: false });
        }
        let columns: Vec<String> = heading.iter().map(|name| name.trim().to_owned()).collect();
        let twice = columns.iter().enumerate().find(|(at, name)| columns[..*at].contains(name));
        match twice {
            Some((_, name)) => {
                let why = format!("has the column {name:?} twice");
                Err(io::Error::new(io::ErrorKind::InvalidData, why))
            }
            None => {
                let is_ours = OURS.iter().all(|name| columns.iter().any(|column| column == name));
                Ok(Self { reader, read, columns, is_crlf, is_ours })
            }
        }
    }

    /// The names of the columns.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    pub fn position(&self) -> Position {
        let at = self.reader.position();
        Position { offset: at.byte(), line: at.line() }
    }

    pub fn go_to(&mut self, Position { offset, line }: Position) -> io::Result<()> {
        let mut position = csv::Position::new();
        position.set_byte(offset).set_line(line).set_record(1);
        Ok(self.reader.seek(position)?)
    }

    pub fn next(&mut self) -> io::Result<Option<Record>> {
        let mut cells = ByteRecord::new();
        self.read.set(0);
        let from = self.position();
        let line = from.line + u64::from(self.is_crlf && from.offset > 0);
        let is_there = self.reader.read_byte_record(&mut cells);
        let is_there = is_there.map_err(|error| match error.into_kind() {
            ErrorKind::Io(error) if error.kind() == io::ErrorKind::InvalidData => too_large(line),
            ErrorKind::Io(error) => error,
            other => io::Error::other(format!("{other:?}")),
        });
        if !is_there? {
            return Ok(None);
        }
        let start = cells.position().unwrap_or(self.reader.position());
        let line = start.line() + u64::from(self.is_crlf && start.byte() > 0);
        Ok(Some(Record { line, end: self.position(), content: self.content(&cells) }))
    }

    fn content(&self, cells: &ByteRecord) -> Result<Fields, String> {
        let (expected, found) = (self.columns.len(), cells.len());
        // Firebase's rows end with a comma too many, and leave out columns that are new.
        let is_short_firebase = self.columns[0] == FIREBASE[0].1 && found >= 27;
        if found != expected && !is_short_firebase {
            return Err(format!("has {found} columns, and the heading {expected}"));
        }
        let mut members = Map::new();
        for (name, cell) in self.columns.iter().zip(cells) {
            let text = std::str::from_utf8(cell).map_err(|_| "is not UTF-8".to_owned())?;
            let text = if self.is_ours { cells::original(text) } else { text };
            let value = if text.is_empty() { Value::Null } else { Value::from(text) };
            members.insert(name.clone(), value);
        }
        Ok(Fields(members))
    }
}

fn is_crlf(path: &Path) -> io::Result<bool> {
    let mut first = Vec::new();
    BufReader::new(File::open(path)?.take(LARGEST as u64)).read_until(b'\n', &mut first)?;
    Ok(first.ends_with(b"\r\n"))
}

fn reader(path: &Path, has_heading: bool, read: &Rc<Cell<usize>>) -> io::Result<Reader<Bounded>> {
    let file = Bounded { file: File::open(path)?, read: Rc::clone(read) };
    Ok(ReaderBuilder::new().has_headers(has_heading).flexible(true).from_reader(file))
}

/// Behind a quotation mark that is not closed the rest of the file is one row, which the library would hold in memory.
struct Bounded {
    file: File,
    read: Rc<Cell<usize>>,
}

impl Read for Bounded {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        if self.read.get() > LARGEST {
            // The heading; of a row it is known where it begins.
            return Err(too_large(1));
        }
        let read = self.file.read(bytes)?;
        self.read.set(self.read.get() + read);
        Ok(read)
    }
}

impl Seek for Bounded {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

fn too_large(line: u64) -> io::Error {
    let why = format!(
        "has a row that is larger than 1 MiB, from line {line} on: a quotation mark may lack its pair"
    );
    io::Error::new(io::ErrorKind::InvalidData, why)
}
