//! Records in CSV (RFC 4180), with the names of the columns in the first row; Firebase's own has none.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
    path::Path,
};

use csv::{ByteRecord, Reader, ReaderBuilder};
use serde_json::{Map, Value};

use super::{
    fields::Fields,
    records::{LARGEST, Position, Record},
};
use crate::cells;

/// A CSV file that is being read.
pub struct CsvRecords {
    reader: Reader<Bounded>,
    columns: Vec<String>,
    /// Whether lines end with CR and LF: the library takes the LF for the begin of the next line.
    is_crlf: bool,
    /// Whether we exported it: then there are apostrophes before what would be formulas.
    is_ours: bool,
}

/// A file of which so much is read for one record and no more: all behind a quote that is never closed is one.
struct Bounded {
    file: File,
    left: usize,
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

/// What spreadsheets and databases write in place of commas.
const SEPARATORS: [(char, &str); 3] = [(';', "semicolons"), ('\t', "tabs"), ('|', "bars")];

/// Columns that only our own exports have.
const OURS: [&str; 2] = ["password_version", "must_reset"];

impl CsvRecords {
    /// Reads the heading; a first row like Firebase's is a user.
    pub fn open(path: &Path) -> io::Result<Self> {
        let is_crlf = is_crlf(path)?;
        let mut reader = reader(path, true)?;
        let heading = reader.headers().map_err(|error| failure(error, 1))?.clone();
        if heading.is_empty() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "is empty"));
        }
        let is_firebase = heading.len() >= 27 && matches!(&heading[2], "true" | "false");
        if is_firebase {
            let mut columns: Vec<String> =
                (0..heading.len().max(28)).map(|at| format!("column {at}")).collect();
            FIREBASE.iter().for_each(|(at, name)| columns[*at] = (*name).to_owned());
            return Ok(Self { reader: self::reader(path, false)?, columns, is_crlf, is_ours: false });
        }
        let columns: Vec<String> = heading.iter().map(|name| name.trim().to_owned()).collect();
        if let [column] = &columns[..]
            && let Some((_, separators)) = SEPARATORS.iter().find(|(byte, _)| column.contains(*byte))
        {
            let why = format!("has {separators} between its columns: save it with commas");
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
        let twice = columns.iter().enumerate().find(|(at, name)| columns[..*at].contains(name));
        match twice {
            Some((_, name)) => {
                let why = format!("has the column {name:?} twice");
                Err(io::Error::new(io::ErrorKind::InvalidData, why))
            }
            None => {
                let is_ours =
                    OURS.iter().all(|name| columns.iter().any(|column| column.eq_ignore_ascii_case(name)));
                Ok(Self { reader, columns, is_crlf, is_ours })
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
        let start = self.reader.position();
        let line = start.line() + u64::from(self.is_crlf && start.byte() > 0);
        self.reader.get_mut().left = LARGEST;
        if !self.reader.read_byte_record(&mut cells).map_err(|error| failure(error, line))? {
            return Ok(None);
        }
        let content = self.content(&cells).map_err(|why| match line_breaks(&cells) {
            0 => why,
            breaks => format!("{why}, and {breaks} line breaks: is a quote not closed?"),
        });
        Ok(Some(Record { line, end: self.position(), content }))
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

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let most = buffer.len().min(self.left);
        let read = self.file.read(&mut buffer[..most])?;
        self.left -= read;
        Ok(read)
    }
}

impl Seek for Bounded {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// Why the record that begins on this line can't be read, nor any behind it.
fn failure(error: csv::Error, line: u64) -> io::Error {
    match error.kind() {
        csv::ErrorKind::Io(cause) if cause.kind() == io::ErrorKind::FileTooLarge => io::Error::new(
            io::ErrorKind::InvalidData,
            format!("has a row of more than 1 MiB, which begins on line {line}: is a quote not closed?"),
        ),
        _ => error.into(),
    }
}

fn line_breaks(cells: &ByteRecord) -> u64 {
    cells.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64
}

fn is_crlf(path: &Path) -> io::Result<bool> {
    let mut first = Vec::new();
    BufReader::new(File::open(path)?.take(LARGEST as u64)).read_until(b'\n', &mut first)?;
    Ok(first.ends_with(b"\r\n"))
}

fn reader(path: &Path, has_heading: bool) -> io::Result<Reader<Bounded>> {
    let file = Bounded { file: File::open(path)?, left: LARGEST };
    Ok(ReaderBuilder::new().has_headers(has_heading).flexible(true).from_reader(file))
}
