//! The accounts in a file, or why a row is none.

use std::{collections::BTreeMap, fs, io, path::Path};

use shared::domain::{Account, Origin, PasswordHash};

use super::{
    args::ImportFile,
    columns::Columns,
    fields::Fields,
    formats::{self, HashConfig, Keys, Pepper},
    records::{Position, Records, Whereabouts},
    row::Rules,
};
use crate::{failure::Failure, output::remark};

/// A file that is being read.
pub struct Source {
    /// What made the file.
    pub origin: Origin,
    /// The first hash of each kind that was read, to measure what checking it costs.
    pub samples: BTreeMap<String, PasswordHash>,
    records: Records,
    /// How many there are before the next one.
    before: u64,
    /// Of a format of our own: no other is without members that we never read.
    columns: Option<Columns>,
    keys: Keys,
    rules: Rules,
}

/// A row, as an account or as none.
pub struct Parsed {
    /// Where it stands.
    pub at: Whereabouts,
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
    /// Opens the file and finds out its format; tells of columns that are not read. Errors: it can't be read, or nobody can
    /// tell what made it; or a column that is not read looks like passwords.
    pub fn open(asked: &ImportFile, rules: Rules) -> Result<Self, Failure> {
        let path = &asked.file;
        let mut records = Records::open(path).map_err(|error| unreadable(path, &error))?;
        let origin = match asked.format {
            Some(origin) => origin,
            None => detected(&mut records, path)?,
        };
        let columns = match formats::is_own(origin) {
            true => Some(columns(&mut records, asked)?),
            false => None,
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
        Ok(Self { origin, samples: BTreeMap::new(), records, before: 0, columns, keys, rules })
    }

    /// The next row; `None` behind the last.
    pub fn next(&mut self) -> io::Result<Option<Parsed>> {
        let Some(record) = self.records.next()? else { return Ok(None) };
        self.before += 1;
        let user = self.records.is_list().then_some(self.before);
        let (mut email, rules, origin) = (None, self.rules, self.origin);
        let account = record.content.and_then(|fields| {
            let fields = match &mut self.columns {
                Some(columns) => columns.read(fields)?,
                None => fields,
            };
            let row = formats::row(origin, &fields, &self.keys, rules.now)?;
            email.clone_from(&row.email);
            row.account(origin, rules)
        });
        if let Ok(Account { password_hash: Some(hash), .. }) = &account
            && self.samples.len() < MOST_SAMPLES
        {
            self.samples.entry(hash.kind()).or_insert_with(|| hash.clone());
        }
        Ok(Some(Parsed { at: Whereabouts { line: record.line, user }, end: record.end, email, account }))
    }

    /// What was not read of the rows so far, if no heading told of it.
    pub fn unread(&self) -> Option<String> {
        self.columns.as_ref()?.remark()
    }

    /// Where the next row begins.
    pub fn position(&self) -> Position {
        self.records.position()
    }

    /// Goes on from where a row ended, behind so many.
    pub fn go_to(&mut self, position: Position, before: u64) -> io::Result<()> {
        self.before = before;
        self.records.go_to(position)
    }
}

/// Which columns there are; tells of those that are not read. Errors: one that looks like passwords is not.
fn columns(records: &mut Records, asked: &ImportFile) -> Result<Columns, Failure> {
    let path = asked.file.display();
    let wrong = |why: String| Failure::Usage(format!("{path} {why}"));
    if let Records::Csv(table) = records {
        let (columns, unread) = Columns::of_table(table, asked.ignore_columns).map_err(wrong)?;
        if let Some(told) = unread {
            remark(format_args!("{path} {told}."));
        }
        return Ok(columns);
    }
    let columns = Columns::of_lines(asked.ignore_columns);
    let refusal = in_first_rows(records, |fields| columns.refusal(fields));
    match refusal.map_err(|error| unreadable(&asked.file, &error))? {
        Some(why) => Err(wrong(why)),
        None => Ok(columns),
    }
}

/// What made the file; tells of it. Errors: nobody can tell.
fn detected(records: &mut Records, path: &Path) -> Result<Origin, Failure> {
    let is_csv = matches!(records, Records::Csv(_));
    let origin = in_first_rows(records, |fields| formats::detect(fields, is_csv));
    let Some(origin) = origin.map_err(|error| unreadable(path, &error))? else {
        let heading = match records {
            // It may hold a hash.
            Records::Csv(csv) if csv.columns().iter().any(|cell| cell.contains(['@', '$'])) => {
                " Its first row is no heading; a table of your own begins with the names of its columns, such as \
                 email,name,password_hash."
                    .to_owned()
            }
            Records::Csv(csv) => {
                let heading = csv.columns().join(",");
                format!(" Its first row is {heading:?}; that of a table of your own names the column email.")
            }
            Records::Json(_) => String::new(),
        };
        let path = path.display();
        return Err(Failure::Usage(format!(
            "nobody can tell what made {path}: name it with --format.{heading}"
        )));
    };
    let what = match origin {
        Origin::Csv => "csv, a table or JSON lines of your own".to_owned(),
        other => other.to_string(),
    };
    remark(format_args!("Read as {what}, by its first user; --format names another format."));
    Ok(origin)
}

/// What the first row tells that can be read and tells it; then begins again.
fn in_first_rows<T>(records: &mut Records, tells: impl Fn(&Fields) -> Option<T>) -> io::Result<Option<T>> {
    let start = records.position();
    let mut found = None;
    for _ in 0..10 {
        match records.next()? {
            Some(record) => found = record.content.ok().and_then(|fields| tells(&fields)),
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
