//! What is read of a file of one's own, and what is not: a column under another name must not be lost without a word.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use strsim::osa_distance;

use super::{csv::CsvRecords, fields::Fields, formats::OWN};
use crate::output::printable;

/// Parts of names under which passwords stand, whether an e-mail was proved, or whether a user may log in. Left out without a
/// word, all would come without a password, and who was blocked as if nothing had been.
const DEAR: [&str; 12] = [
    "pass",
    "pwd",
    "hash",
    "verif",
    "confirm",
    "block",
    "disabl",
    "enabl",
    "banned",
    "deleted",
    "suspend",
    "is_active",
];

/// More names than any table has: what goes beyond is not told.
const MOST_NAMES: usize = 100;

/// Longer is no name.
const LONGEST_NAME: usize = 60;

/// The columns of a table, or the members of its JSON lines.
pub struct Columns {
    /// Whether the operator said so of all that is not read.
    are_ignored: bool,
    /// Whether all of them stand in a heading, and were told of before the first row.
    is_table: bool,
    /// Members that are not read, with how many rows had them.
    unread: BTreeMap<String, u64>,
}

impl Columns {
    /// Those of a table, and a remark about what is not read. Errors: one is there twice, or one that is dear is not read.
    pub fn of_table(table: &CsvRecords, are_ignored: bool) -> Result<(Self, Option<String>), String> {
        let mut names = BTreeSet::new();
        let unread: Vec<&String> = table.columns().iter().filter(|name| known(name).is_none()).collect();
        for name in table.columns().iter().filter_map(|name| known(name)) {
            if !names.insert(name) {
                return Err(format!("has the column {name:?} twice"));
            }
        }
        let unread: Vec<&String> = unread.into_iter().filter(|name| !name.is_empty()).collect();
        let told: Vec<String> =
            unread.iter().map(|name| suggested(name, |name| names.contains(name))).collect();
        let told = match &told[..] {
            [] => None,
            [name] => Some(format!("has a column that is not read: {name}")),
            names => Some(format!("has columns that are not read: {}", names.join(", "))),
        };
        match told {
            Some(told) if !are_ignored && unread.iter().any(|name| is_dear(name)) => Err(refused(&told)),
            told => Ok((Self { are_ignored, is_table: true, unread: BTreeMap::new() }, told)),
        }
    }

    /// Those of JSON lines: nobody knows them before the last row.
    pub fn of_lines(are_ignored: bool) -> Self {
        Self { are_ignored, is_table: false, unread: BTreeMap::new() }
    }

    /// Why JSON lines that begin like this are refused as a whole.
    pub fn refusal(&self, Fields(members): &Fields) -> Option<String> {
        let name = self.dear(members)?;
        Some(refused(&format!("has a member that is not read: {name}")))
    }

    /// A row with the names as we write them. Errors: one is there twice, or one that is dear is not read.
    pub fn read(&mut self, Fields(members): Fields) -> Result<Fields, String> {
        if !self.is_table {
            if let Some(name) = self.dear(&members) {
                return Err(format!("has a member that is not read: {name}; see --ignore-columns"));
            }
            self.count(&members);
        }
        let mut read = Map::new();
        for (name, value) in members {
            if let Some(name) = known(&name)
                && read.insert(name.to_owned(), value).is_some()
            {
                return Err(format!("has the member {name:?} twice"));
            }
        }
        Ok(Fields(read))
    }

    /// The members that were not read, when all rows were seen.
    pub fn remark(&self) -> Option<String> {
        let told = self.unread.iter().map(|(name, rows)| {
            let noun = if *rows == 1 { "row" } else { "rows" };
            format!("{} in {rows} {noun}", suggested(name, |_| false))
        });
        let told = told.collect::<Vec<_>>().join(", ");
        (!told.is_empty()).then(|| format!("has members that are not read: {told}"))
    }

    fn dear(&self, members: &Map<String, Value>) -> Option<String> {
        let name = unread(members).find(|name| !self.are_ignored && is_dear(name))?;
        Some(suggested(name, |name| members.keys().any(|member| known(member) == Some(name))))
    }

    fn count(&mut self, members: &Map<String, Value>) {
        for name in unread(members) {
            if let Some(rows) = self.unread.get_mut(name) {
                *rows += 1;
            } else if self.unread.len() < MOST_NAMES {
                self.unread.insert(name.clone(), 1);
            }
        }
    }
}

/// Members that say something that is not read.
fn unread(members: &Map<String, Value>) -> impl Iterator<Item = &String> {
    members.iter().filter(|(name, value)| !value.is_null() && known(name).is_none()).map(|(name, _)| name)
}

fn refused(told: &str) -> String {
    format!(
        "{told}.\nNothing was done, since that may be passwords, or say who was blocked or never proved the e-mail. Name \
         columns as `latchkey user import --help` does, or leave them out with --ignore-columns."
    )
}

/// The name as we write it.
fn known(name: &str) -> Option<&'static str> {
    OWN.into_iter().find(|own| own.eq_ignore_ascii_case(name.trim()))
}

fn is_dear(name: &str) -> bool {
    let name = name.to_lowercase();
    DEAR.iter().any(|part| name.contains(part))
}

/// The name, with what may have been meant. Where there is no heading, users stand in its place: they are not repeated.
fn suggested(name: &str, is_there: impl Fn(&str) -> bool) -> String {
    if name.chars().count() > LONGEST_NAME || name.contains(['$', '@']) {
        return "what looks like no name".to_owned();
    }
    let name = printable(name);
    match near(&name).filter(|meant| !is_there(meant)) {
        Some(meant) => format!("{name} (did you mean {meant}?)"),
        None => name,
    }
}

/// What differs in a quarter of its letters at most, or is a hash.
fn near(name: &str) -> Option<&'static str> {
    let plain = |name: &str| name.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let name = plain(name);
    let (distance, meant) = OWN.map(|own| (osa_distance(&name, &plain(own)), own)).into_iter().min()?;
    let is_near = distance * 4 <= plain(meant).len().max(name.len());
    if is_near { Some(meant) } else { name.ends_with("hash").then_some("password_hash") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_may_have_been_meant_is_told_and_nothing_far_fetched() {
        for (name, meant) in [
            ("passwordHash", Some("password_hash")),
            ("Password Hash", Some("password_hash")),
            ("hash", Some("password_hash")),
            ("bcrypt_hash", Some("password_hash")),
            ("E-Mail", Some("email")),
            ("mail", Some("email")),
            ("roles", Some("role")),
            ("createdAt", Some("created_at")),
            ("emailVerified", Some("email_verified")),
            ("password", None),
            ("hash_algorithm", None),
            ("username", None),
            ("state", None),
            ("", None),
        ] {
            assert_eq!(near(name), meant, "{name}");
        }
    }

    // MV3
    #[test]
    fn members_of_any_case_are_read_and_others_are_counted() {
        let mut columns = Columns::of_lines(false);
        let mut read = |row: Value| {
            let Value::Object(members) = row else { panic!("{row} is no object") };
            columns.read(Fields(members)).map(|fields| Value::from(fields.0))
        };
        let row = json!({ "Email": "a@b.c", "ROLE": "lead", "roles": ["lead"], "nick": null });
        assert_eq!(read(row), Ok(json!({ "email": "a@b.c", "role": "lead" })));
        assert_eq!(
            read(json!({ "email": "b@b.c", "roles": 1, "nick": "b" })),
            Ok(json!({ "email": "b@b.c" }))
        );
        assert_eq!(
            read(json!({ "email": "a@b.c", "Email": "b@b.c" })),
            Err("has the member \"email\" twice".to_owned())
        );
        assert_eq!(
            columns.remark().as_deref(),
            Some("has members that are not read: nick in 1 row, roles (did you mean role?) in 2 rows")
        );
    }

    // MV3 MV6
    #[test]
    fn a_password_a_proof_or_a_block_under_another_name_is_not_left_out_unasked() {
        for (name, words) in [
            ("passwordHash", "passwordHash (did you mean password_hash?)"),
            ("Password", "member that is not read: Password;"),
            ("pwd", "pwd;"),
            ("emailVerified", "emailVerified (did you mean email_verified?)"),
            ("confirmed_at", "confirmed_at;"),
            ("Blocked", "Blocked;"),
        ] {
            let row = || {
                Fields(Map::from_iter([(name.to_owned(), json!("x")), ("email".to_owned(), json!("a@b.c"))]))
            };
            let told = Columns::of_lines(false).read(row()).err().expect("a refusal");
            assert!(told.contains(words) && told.ends_with("see --ignore-columns"), "{told}");
            assert!(
                Columns::of_lines(false)
                    .refusal(&row())
                    .is_some_and(|told| told.contains("--ignore-columns"))
            );
            assert!(
                Columns::of_lines(true).read(row()).is_ok()
                    && Columns::of_lines(true).refusal(&row()).is_none()
            );
        }
    }

    #[test]
    fn a_user_in_place_of_the_heading_is_not_repeated() {
        for cell in ["ada@example.com", "$2b$06$YEhPXjU93Oea6VaI1TsJi", &"x".repeat(61)] {
            assert_eq!(suggested(cell, |_| false), "what looks like no name");
        }
    }
}
