//! The users in a file, one after another, whatever it is written in; none but the present one is held in memory.

use std::{fmt, io, path::Path};

use serde::Serialize;

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

/// Where a user stands in a file, as operators find it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Whereabouts {
    /// The line on which it begins.
    pub line: u64,
    /// In a list in a JSON document, which may be all on one line: the how manieth, from 1 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<u64>,
}

impl fmt::Display for Whereabouts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        self.user.map_or(Ok(()), |user| write!(f, ", user {user}"))
    }
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

    /// Whether it is a list in a JSON document, of which many may stand on one line.
    pub fn is_list(&self) -> bool {
        matches!(self, Self::Json(records) if records.is_list())
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

#[cfg(test)]
mod tests {
    use std::{
        fs,
        sync::atomic::{AtomicUsize, Ordering},
    };

    use super::*;

    /// Line, and e-mail or why the record can't be read.
    fn told(record: &Record) -> (u64, String) {
        let email = record.content.as_ref().map(|fields| fields.text("email").unwrap_or_default());
        (record.line, email.unwrap_or_else(Clone::clone))
    }

    fn read(records: &mut Records) -> Vec<Record> {
        std::iter::from_fn(|| records.next().expect("it can be read")).collect()
    }

    fn with_file(contents: &str, test: impl FnOnce(&Path)) {
        static FILES: AtomicUsize = AtomicUsize::new(0);
        let (process, number) = (std::process::id(), FILES.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(format!("latchkey-records-{process}-{number}"));
        fs::write(&path, contents).expect("written");
        test(&path);
        fs::remove_file(path).expect("removed");
    }

    const FILES: [&str; 6] = [
        "email,name\r\na@b.c,\"two\nlines\"\r\nb@b.c,\"quoted \"\"B\"\"\"\r\nc@b.c,",
        "{\"email\":\"a@b.c\"}\n\n{\"email\":\"b@b.c\",\"x\":[{}]}\r\n{\"email\":\"c@b.c\"}",
        "[{\"email\":\"a@b.c\"},\n{\"email\":\"b@b.c\",\"x\":\"]}\\\\\\\"{[\"}\n,{\"email\":\"c@b.c\"}]",
        "{\"realm\":{\"users\":[1]},\"users\":[{\"email\":\"a@b.c\"},\n\n{\"email\":\"b@b.c\"},{\"email\":\"c@b.c\"}],\"z\":[{}]}",
        "\u{feff}{ \"Users\" : [ {\"email\":\"a@b.c\"} , {\"email\":\"b@b.c\"} , {\"email\":\"c@b.c\"} ] }",
        "\u{feff}email\na@b.c\nb@b.c\nc@b.c\n",
    ];

    #[test]
    fn every_form_has_the_same_users_and_is_read_on_from_wherever_one_ended() {
        for contents in FILES {
            with_file(contents, |path| {
                let all = read(&mut Records::open(path).expect("users"));
                let emails: Vec<String> = all.iter().map(|record| told(record).1).collect();
                assert_eq!(emails, ["a@b.c", "b@b.c", "c@b.c"], "{contents}");
                for (at, record) in all.iter().enumerate() {
                    let mut records = Records::open(path).expect("users");
                    records.go_to(record.end).expect("a place in it");
                    let rest: Vec<_> = read(&mut records).iter().map(told).collect();
                    assert_eq!(rest, all[at + 1..].iter().map(told).collect::<Vec<_>>(), "{contents}");
                }
            });
        }
    }

    #[test]
    fn lines_are_counted_as_an_editor_counts_them() {
        for (contents, lines) in
            FILES.into_iter().zip([[2, 4, 5], [1, 3, 4], [1, 2, 3], [1, 3, 3], [1, 1, 1], [2, 3, 4]])
        {
            with_file(contents, |path| {
                let all = read(&mut Records::open(path).expect("users"));
                assert_eq!(all.iter().map(|record| record.line).collect::<Vec<_>>(), lines, "{contents}");
            });
        }
    }

    #[test]
    fn a_record_that_is_too_large_is_skipped_and_the_next_one_is_read() {
        let large = "x".repeat(LARGEST);
        for (start, between, end) in [("[", ",", "]"), ("", "\n", "")] {
            let (a, b) = (format!("{{\"email\":\"{large}\"}}"), "{\"email\":\"b@b.c\"}");
            let contents = if start.is_empty() {
                format!("{b}{between}{a}{between}{b}")
            } else {
                format!("{start}{a}{between}{b}{end}")
            };
            with_file(&contents, |path| {
                let all: Vec<_> = read(&mut Records::open(path).expect("users"))
                    .iter()
                    .map(|record| told(record).1)
                    .collect();
                assert!(
                    all.contains(&"is larger than 1 MiB".to_owned())
                        && all.last().is_some_and(|last| last == "b@b.c")
                );
            });
        }
    }

    // MV3
    #[test]
    fn a_quotation_mark_without_its_pair_does_not_take_the_whole_file_into_memory() {
        let rest = "b@b.c,Bob\n".repeat(LARGEST / 5);
        with_file(&format!("email,name\na@b.c,Ada\nc@b.c,\"Cy\n{rest}"), |path| {
            let mut records = Records::open(path).expect("users");
            assert_eq!(records.next().expect("readable").map(|record| record.line), Some(2));
            let error = records.next().err().expect("an error").to_string();
            assert!(error.starts_with("has a row of more than 1 MiB, which begins on line 3"), "{error}");
        });
    }
}
