//! The trails of several subjects as one: of an e-mail and of everybody who has or had it.

use futures::future::try_join_all;

use super::{Audit, AuditCursor, AuditPage};
use crate::{
    domain::{Subject, Timestamp},
    error::Result,
};

impl Audit {
    /// As [`Audit::page_of`], of all these subjects together; each entry once.
    pub async fn page_of_many(
        &self,
        subjects: &[Subject],
        since: Timestamp,
        before: Option<&AuditCursor>,
        limit: usize,
    ) -> Result<AuditPage> {
        let pages = subjects.iter().map(|subject| self.page_of(subject, since, before, limit));
        Ok(merged(try_join_all(pages).await?, limit))
    }
}

/// Where one page ends and more follows, what the others have behind it must wait.
fn merged(pages: Vec<AuditPage>, limit: usize) -> AuditPage {
    let read_to = pages.iter().filter_map(|page| page.next.clone()).max();
    let entries = pages.into_iter().flat_map(|page| page.entries);
    let mut rows: Vec<_> = entries.map(|entry| (AuditCursor::of(&entry), entry)).collect();
    rows.sort_by(|(one, _), (other, _)| other.cmp(one));
    rows.dedup_by(|(one, _), (other, _)| one == other);
    rows.retain(|(place, _)| read_to.as_ref().is_none_or(|read_to| place >= read_to));
    let is_cut = rows.len() > limit;
    rows.truncate(limit);
    let last = rows.last().map(|(place, _)| place.clone());
    let next = if is_cut { last } else { read_to };
    AuditPage { entries: rows.into_iter().map(|(_, entry)| entry).collect(), next }
}
