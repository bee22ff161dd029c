//! Reads the audit trail page by page, and puts the trails of several subjects together into one.

use std::collections::VecDeque;

use shared::{
    domain::{AuditEntry, AuditId, Subject, Timestamp},
    store::{Audit, AuditCursor},
};

use crate::failure::Failure;

/// Entries in one read: about 50 KB.
const PAGE: usize = 100;

/// From when until when, both included.
#[derive(Clone, Copy)]
pub struct Range {
    /// The first second.
    pub since: Timestamp,
    /// The last second; not before `since`.
    pub until: Timestamp,
}

/// Entries one after another, the newest first. It holds a page of each subject, and no more.
pub struct Trail<'a> {
    audit: &'a Audit,
    range: Range,
    sources: Vec<Source>,
}

/// What is there of one subject, or of everybody.
struct Source {
    subject: Option<Subject>,
    ahead: VecDeque<AuditEntry>,
    /// Where the next page begins; `None` behind the last.
    next: Option<AuditCursor>,
}

impl<'a> Trail<'a> {
    /// Of these subjects; of everybody if there are none.
    pub fn new(audit: &'a Audit, subjects: &[Subject], range: Range) -> Self {
        // Behind all entries of the last second.
        let next = format!("{}~", range.until).parse::<AuditCursor>().ok();
        let source = |subject| Source { subject, ahead: VecDeque::new(), next: next.clone() };
        let sources = if subjects.is_empty() {
            vec![source(None)]
        } else {
            subjects.iter().map(|subject| source(Some(subject.clone()))).collect()
        };
        Self { audit, range, sources }
    }

    /// The next one, which is older or of the same second.
    pub async fn next(&mut self) -> Result<Option<AuditEntry>, Failure> {
        for source in &mut self.sources {
            source.fill(self.audit, self.range).await?;
        }
        let Some((_, id)) = self.sources.iter().filter_map(Source::place).max() else { return Ok(None) };
        // What an admin did to the own e-mail stands in both trails.
        let same = self.sources.iter_mut().filter_map(|source| source.take(&id));
        Ok(same.last())
    }
}

impl Source {
    /// Reads until there is an entry, or none any more: pages of days without any are empty.
    async fn fill(&mut self, audit: &Audit, Range { since, until }: Range) -> Result<(), Failure> {
        while self.ahead.is_empty() {
            let Some(cursor) = &self.next else { break };
            let page = match &self.subject {
                Some(subject) => audit.page_of(subject, since, Some(cursor), PAGE).await?,
                None => audit.page(since, until, Some(cursor), PAGE).await?,
            };
            self.ahead.extend(page.entries);
            self.next = page.next;
        }
        Ok(())
    }

    fn place(&self) -> Option<(Timestamp, String)> {
        self.ahead.front().map(|entry| (entry.at, entry.id.to_string()))
    }

    fn take(&mut self, id: &str) -> Option<AuditEntry> {
        let is_it = |entry: &AuditEntry| entry.id.to_string() == id;
        if self.ahead.front().is_some_and(is_it) { self.ahead.pop_front() } else { None }
    }
}

/// What was shown already, so that reading the same seconds again shows nothing twice.
#[derive(Default)]
pub struct Shown(Vec<(Timestamp, AuditId)>);

impl Shown {
    /// Whether it is new; from now on it is not.
    pub fn add(&mut self, entry: &AuditEntry) -> bool {
        let place = (entry.at, entry.id);
        let is_new = !self.0.contains(&place);
        if is_new {
            self.0.push(place);
        }
        is_new
    }

    /// The time of the newest.
    pub fn newest(&self) -> Option<Timestamp> {
        self.0.iter().map(|(at, _)| *at).max()
    }

    /// Forgets what won't be read again. The newest is kept.
    pub fn forget_before(&mut self, time: Timestamp) {
        let newest = self.newest();
        self.0.retain(|(at, _)| *at >= time || Some(*at) == newest);
    }
}
