//! What has been done, as it is told, counted and kept for a run that goes on.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use shared::{domain::Account, store::Arrived};

use super::{
    args::ImportFile,
    bar::Bar,
    checkpoint::Checkpoint,
    pipeline::Written,
    records::Position,
    rejects::{Refused, Rejects},
    tally::Tally,
};
use crate::failure::Failure;

/// Between two marks of how far it came: so much is looked at again after a power cut.
const MARK_EVERY: Duration = Duration::from_millis(500);

/// What has been done.
pub struct Ledger<'a> {
    pub asked: &'a ImportFile,
    pub rejects: Rejects,
    pub checkpoint: Checkpoint,
    pub bar: Bar,
    /// What was counted, in earlier runs, too.
    pub tally: Tally,
    /// Write units of this run.
    pub units: f64,
    /// Up to where all is done, and the last user before it.
    pub done: Position,
    pub last_user: Option<String>,
    pub marked: Instant,
}

impl Ledger<'_> {
    /// The imported file.
    pub fn file(&self) -> &Path {
        &self.asked.file
    }

    /// Enters a batch that has arrived. They come in the order of the file.
    pub fn enter(&mut self, Written { batch, each, units }: Written) -> Result<(), Failure> {
        let mut refused = batch.refused;
        for ((at, account), arrived) in batch.accounts.iter().zip(each) {
            if let Some(reason) = self.count(account, arrived) {
                let email = Some(account.user.email.to_string());
                refused.push(Refused { at: *at, email, reason });
            }
        }
        refused.sort_by_key(|refused| refused.at);
        if !refused.is_empty() {
            self.bar.wipe();
        }
        for row in &refused {
            self.rejects.tell(row)?;
        }
        self.tally.refused += refused.len() as u64;
        self.tally.read += batch.rows;
        self.units += units;
        if batch.rows > 0 {
            self.done = batch.end;
        }
        self.bar.show(self.done.offset, self.tally.read);
        if self.marked.elapsed() >= MARK_EVERY {
            self.mark()?;
        }
        Ok(())
    }

    /// Counts an account that came, or was there; of another one, why not.
    fn count(&mut self, account: &Account, arrived: Arrived) -> Option<String> {
        let user = &account.user;
        match arrived {
            Arrived::Made => self.tally.imported += 1,
            Arrived::ThereAlready => self.tally.there_already += 1,
            Arrived::EmailTaken(id) => {
                return Some(format!(
                    "the e-mail is that of another account, {id}: it was made here, came by an earlier row, or by another import"
                ));
            }
            Arrived::IdTaken(email) => {
                return Some(format!("the account {} has another e-mail, {email}", user.id));
            }
        }
        self.tally.count_kind(account);
        self.last_user = Some(user.id.to_string());
        None
    }

    /// Keeps how far it came.
    pub fn mark(&mut self) -> Result<(), Failure> {
        let rejects = self.rejects.sync()?;
        self.checkpoint.write(self.done, self.last_user.clone(), rejects, &self.tally)?;
        self.marked = Instant::now();
        Ok(())
    }
}
