//! Rows that go into the tables in one call, and those between them that were refused at once.

use std::{collections::HashSet, io};

use shared::domain::Account;

use super::{
    records::{Position, Whereabouts},
    rejects::Refused,
    source::{Parsed, Source},
};

/// Some rows that follow each other in the file.
#[derive(Default)]
pub struct Batch {
    /// Those that may become accounts, with where they stand.
    pub accounts: Vec<(Whereabouts, Account)>,
    /// Those that can't.
    pub refused: Vec<Refused>,
    /// How many rows it has.
    pub rows: u64,
    /// Where the row behind them begins.
    pub end: Position,
}

/// So many refused rows fill a batch, too: they shall be told soon.
const MOST_ROWS: u64 = 500;

/// Makes batches of a file.
pub struct Batches<'a> {
    source: &'a mut Source,
    /// A row that was read and must wait for an earlier one of the same user; or why there are no more, which waits for
    /// all before it.
    held: Option<io::Result<Parsed>>,
    /// E-mails and ids that are on their way: of two rows with the same one, the first in the file comes first.
    on_the_way: HashSet<String>,
}

impl<'a> Batches<'a> {
    /// From where the file stands.
    pub fn of(source: &'a mut Source) -> Self {
        Self { source, held: None, on_the_way: HashSet::new() }
    }

    /// At most so many accounts, no two of one e-mail or id. An empty batch: a row has to wait until another batch has
    /// arrived. `None`: there are no more.
    pub fn next(&mut self, most: usize) -> io::Result<Option<Batch>> {
        let mut batch = Batch::default();
        while batch.accounts.len() < most && batch.rows < MOST_ROWS {
            let row = match self.held.take().or_else(|| self.source.next().transpose()) {
                None => break,
                Some(Err(error)) if batch.rows > 0 => {
                    self.held = Some(Err(error));
                    break;
                }
                Some(row) => row?,
            };
            if let Ok(account) = &row.account {
                let keys = keys(account);
                if keys.iter().any(|key| self.on_the_way.contains(key)) {
                    self.held = Some(Ok(row));
                    return Ok(Some(batch));
                }
                self.on_the_way.extend(keys);
            }
            batch.add(row);
        }
        Ok((batch.rows > 0).then_some(batch))
    }

    /// Its accounts are not on their way any more.
    pub fn arrived(&mut self, batch: &Batch) {
        let keys = batch.accounts.iter().flat_map(|(_, account)| keys(account));
        keys.for_each(|key| _ = self.on_the_way.remove(&key));
    }
}

impl Batch {
    fn add(&mut self, row: Parsed) {
        self.rows += 1;
        self.end = row.end;
        match row.account {
            Ok(account) => self.accounts.push((row.at, account)),
            Err(reason) => self.refused.push(Refused { at: row.at, email: row.email, reason }),
        }
    }
}

fn keys(account: &Account) -> [String; 2] {
    [account.user.email.to_string(), account.user.id.to_string()]
}
