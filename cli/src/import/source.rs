//! The accounts in a file, or why a row is none.

use std::{collections::BTreeMap, fs, io, path::Path};

use shared::domain::{Account, Origin, PasswordHash};

use super::{
    args::ImportFile,
    formats::{self, HashConfig, Keys, Pepper},
    records::{Position, Records},
    row::Rules,
};
use crate::failure::Failure;

/// A file that is being read.
pub struct Source {
    /// What made the file.
    pub origin: Origin,
    /// Whether nobody had to say so.
    pub was_detected: bool,
    /// The first hash of each kind that was read, to measure what checking it costs.
    pub samples: BTreeMap<String, PasswordHash>,
    records: Records,
    keys: Keys,
    rules: Rules,
}

/// A row, as an account or as none.
pub struct Parsed {
    /// The line on which it begins.
    pub line: u64,
    /// Where the next one begins.
    pub end: Position,
    /// The e-mail that stands there, if it is a text at all, to find the row by.
    pub email: Option<String>,
    /// The account, or why there is none.
    pub account: Result<Account, String>,
}

/// More kinds than any one source has.
const MOST_SAMPLES: usize = 20;

impl Source {
    /// Opens the file and finds out its format. Errors: it can't be read, or nobody can tell what made it.
    pub fn open(asked: &ImportFile, rules: Rules) -> Result<Self, Failure> {
        let path = &asked.file;
        let mut records = Records::open(path).map_err(|error| unreadable(path, &error))?;
        let origin = match asked.format {
            Some(origin) => origin,
            None => detect(&mut records).map_err(|error| unreadable(path, &error))?.ok_or_else(|| {
                let heading = match &records {
                    Records::Csv(csv) => format!(" Its first row is {:?}.", csv.columns().join(",")),
                    Records::Json(_) => String::new(),
                };
                let path = path.display();
                Failure::Usage(format!("nobody can tell what made {path}: name it with --format.{heading}"))
            })?,
        };
        let keys = Keys {
            hash_config: match &asked.hash_config {
                Some(path) => {
                    let config = HashConfig::parse(&secret(path)?);
                    Some(config.map_err(|why| Failure::Usage(format!("{} {why}", path.display())))?)
                }
                None => None,
            },
            pepper: match &asked.pepper {
                Some(path) => {
                    let empty =
                        || Failure::Usage(format!("{} is empty: it should hold the pepper", path.display()));
                    Some(Pepper::new(&secret(path)?).ok_or_else(empty)?)
                }
                None => None,
            },
        };
        Ok(Self {
            origin,
            was_detected: asked.format.is_none(),
            samples: BTreeMap::new(),
            records,
            keys,
            rules,
        })
    }

    /// The next row; `None` behind the last.
    pub fn next(&mut self) -> io::Result<Option<Parsed>> {
        let Some(record) = self.records.next()? else { return Ok(None) };
        let (mut email, rules, origin) = (None, self.rules, self.origin);
        let account = record.content.and_then(|fields| {
            let row = formats::row(origin, &fields, &self.keys, rules.now)?;
            email.clone_from(&row.email);
            row.account(origin, rules)
        });
        if let Ok(Account { password_hash: Some(hash), .. }) = &account
            && self.samples.len() < MOST_SAMPLES
        {
            self.samples.entry(hash.kind()).or_insert_with(|| hash.clone());
        }
        Ok(Some(Parsed { line: record.line, end: record.end, email, account }))
    }

    /// Where the next row begins.
    pub fn position(&self) -> Position {
        self.records.position()
    }

    /// Goes on from where a row ended.
    pub fn go_to(&mut self, position: Position) -> io::Result<()> {
        self.records.go_to(position)
    }
}

/// By the first row that can be read; then begins again.
fn detect(records: &mut Records) -> io::Result<Option<Origin>> {
    let start = records.position();
    let is_csv = matches!(records, Records::Csv(_));
    let mut found = None;
    for _ in 0..10 {
        match records.next()? {
            Some(record) => found = record.content.ok().and_then(|fields| formats::detect(&fields, is_csv)),
            None => break,
        }
        if found.is_some() {
            break;
        }
    }
    records.go_to(start)?;
    Ok(found)
}

fn secret(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| unreadable(path, &error))
}

/// A file that the operator named.
pub fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let path = path.display();
    match error.kind() {
        // Our own words about what stands in it.
        io::ErrorKind::InvalidData => Failure::Usage(format!("{path} {error}")),
        _ => Failure::Usage(format!("{path} can't be read: {error}")),
    }
}
