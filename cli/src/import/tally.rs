//! What was counted, and how it is told in the end.

use std::{
    collections::BTreeMap,
    fmt,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};
use shared::domain::{Account, HashMethod, Origin, Password, PasswordHash, Role};

use crate::output::aligned;

/// Rows of a file by what became of them, also over several runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Tally {
    pub read: u64,
    pub imported: u64,
    /// Before, or by an earlier row of the same user.
    pub there_already: u64,
    pub refused: u64,
    /// Of those who came or were there: who has no hash, and gets a reset mail at the first login.
    pub without_hash: u64,
    /// Of those who came or were there: how many have which kind of hash.
    pub hashes: BTreeMap<String, u64>,
    /// Of those who came or were there: how many may administer users, by their role. What a file calls an admin need not
    /// be one here.
    pub managers: BTreeMap<String, u64>,
}

impl Tally {
    /// One more account that came or was there.
    pub fn count_kind(&mut self, account: &Account) {
        if account.user.role != Role::Member {
            *self.managers.entry(account.user.role.to_string()).or_default() += 1;
        }
        match &account.password_hash {
            Some(hash) => *self.hashes.entry(hash.kind()).or_default() += 1,
            None => self.without_hash += u64::from(account.newcomer.is_some()),
        }
    }
}

/// What is told in the end.
#[derive(Serialize)]
pub struct Summary {
    format: Origin,
    dry_run: bool,
    read: u64,
    imported: u64,
    /// None in a dry run, which does not ask the tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    there_already: Option<u64>,
    /// Of a dry run: users who stand in the file once more.
    #[serde(skip_serializing_if = "Option::is_none")]
    repeated: Option<u64>,
    refused: u64,
    without_hash: u64,
    hashes: BTreeMap<String, u64>,
    managers: BTreeMap<String, u64>,
    /// Of a dry run: what checking a hash of each kind takes on this machine; `today` is what a wrong password or an
    /// unknown e-mail takes.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    milliseconds: BTreeMap<String, u64>,
    write_units: u64,
    seconds: u64,
}

/// Where [`Summary::milliseconds`] has today's method.
const TODAY: &str = "today";

impl Summary {
    /// Of an import that used so many units and took so long.
    pub fn of_import(format: Origin, tally: Tally, units: f64, took: Duration) -> Self {
        Self { write_units: units.ceil() as u64, ..Self::new(format, false, tally, took) }
    }

    /// Of a dry run. Measures a hash of each kind: once, and at most a second or two.
    pub fn of_rehearsal(
        format: Origin,
        tally: Tally,
        samples: &BTreeMap<String, PasswordHash>,
        method: HashMethod,
        took: Duration,
    ) -> Self {
        let password: Password = "a password to measure with".parse().expect("it is one");
        let measure = |work: &dyn Fn()| {
            let began = Instant::now();
            work();
            began.elapsed().as_millis() as u64
        };
        let samples = samples.iter();
        let measured = samples.map(|(kind, hash)| (kind.clone(), measure(&|| _ = hash.verify(&password))));
        let today = (TODAY.to_owned(), measure(&|| method.spend(&password)));
        let milliseconds = measured.chain([today]).collect();
        Self { milliseconds, ..Self::new(format, true, tally, took) }
    }

    fn new(format: Origin, dry_run: bool, tally: Tally, took: Duration) -> Self {
        let Tally { read, imported, there_already, refused, without_hash, hashes, managers } = tally;
        Self {
            format,
            dry_run,
            read,
            imported,
            there_already: (!dry_run).then_some(there_already),
            repeated: dry_run.then_some(there_already),
            refused,
            without_hash,
            hashes,
            managers,
            milliseconds: BTreeMap::new(),
            write_units: 0,
            seconds: took.as_secs(),
        }
    }

    /// Kinds that take a third longer than today's method: their users are told from unknown e-mails by the clock.
    fn dearer(&self) -> Vec<&str> {
        let today = self.milliseconds.get(TODAY).copied().unwrap_or_default();
        let is_dearer = |(kind, took): &(&String, &u64)| *kind != TODAY && **took * 3 > today * 4;
        self.milliseconds.iter().filter(is_dearer).map(|(kind, _)| kind.as_str()).collect()
    }

    fn rows(&self) -> Vec<[String; 3]> {
        let Self { read, imported, there_already, repeated, refused, without_hash, hashes, managers, .. } =
            self;
        let done = if self.dry_run { "could be imported" } else { "imported" };
        let row =
            |what: &str, users: &u64, remark: &str| [what.to_owned(), users.to_string(), remark.to_owned()];
        let mut rows = vec![row("users in the file", read, ""), row(done, imported, "")];
        rows.extend(there_already.map(|users| row("there already", &users, "")));
        let repeated = repeated.filter(|users| *users > 0);
        rows.extend(repeated.map(|users| row("once more", &users, "the same user in another row")));
        rows.extend([row("refused", refused, ""), Default::default()]);
        rows.extend(hashes.iter().map(|(kind, users)| {
            let took = self.milliseconds.get(kind).map(|took| format!("{took} ms a check"));
            row(kind, users, &took.unwrap_or_default())
        }));
        if *without_hash > 0 {
            rows.push(row("without a password", without_hash, "the first login has a reset mail sent"));
        }
        let managers = managers.iter();
        rows.extend(managers.map(|(role, users)| row(&format!("as {role}"), users, "may administer users")));
        rows
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", aligned(&self.rows()).trim_end())?;
        let dearer = self.dearer();
        if !dearer.is_empty() {
            let today = self.milliseconds.get(TODAY).copied().unwrap_or_default();
            write!(
                f,
                "\n\nUntil they log in, a wrong password of these takes longer than one of an unknown e-mail ({today} ms), \
                 which tells that there is an account: {}. A higher BCRYPT_COST hides it.",
                dearer.join("; ")
            )?;
        }
        if !self.dry_run {
            write!(f, "\n\n{} write units in {} s.", self.write_units, self.seconds)?;
        }
        Ok(())
    }
}
