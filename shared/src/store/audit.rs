//! Audit: what happened to whom. Key: subject + at.
//!
//! Attributes: subject (`user#<id>`, `email#<hash>` or `key#<id>`), at (time and id: entries sort by it), day (the key of
//! the index ByDay, which has all entries in their order), event, outcome, reason, user_id, email_hash or key_id, actor,
//! change, former_email_hash, session_id, address, user_agent, request_id, expires_at (TTL). What a user did to another is
//! written a second time under his own name, without a day: so each finds it, and the index has it once. An address that
//! a user had is in `former_owners.rs`.

use std::time::Duration;

use aws_sdk_dynamodb::{error::BuildError, operation::query::builders::QueryFluentBuilder, types::Put};

use super::{
    AuditCursor, Table, failure,
    item::{Item, Reader, s, time},
    transaction::Transaction,
};
use crate::{
    domain::{Actor, AuditEntry, KeyId, Subject, Timestamp, UserId},
    error::{Error, Result},
    event_names,
};

/// The table.
pub struct Audit {
    pub(super) table: Table,
    /// How long entries are kept.
    pub(super) retention: Duration,
}

/// Some entries, and where to go on.
pub struct AuditPage {
    /// In the order that was asked for.
    pub entries: Vec<AuditEntry>,
    /// Give it back for the next page; `None` behind the last.
    pub next: Option<AuditCursor>,
}

/// Days without an entry that one call of [`Audit::page`] looks through before it answers with a cursor.
const DAYS_IN_A_CALL: usize = 31;

impl Audit {
    /// Writes an entry beside what it tells of: a login, a failure, a lock.
    pub async fn write(&self, entry: &AuditEntry) -> Result<()> {
        let sent = self.table.put().set_item(Some(self.item(entry))).send().await;
        sent.map(|_| ()).map_err(|error| failure(&self.table, error))
    }

    /// Adds the entry to the transaction that makes the change it tells of.
    pub(super) fn record(&self, transaction: Transaction, entry: &AuditEntry) -> Transaction {
        let transaction = self.remember_owner(transaction, entry);
        let transaction = transaction.put("audit", self.put(self.item(entry)));
        match &entry.actor {
            Some(Actor::UserId(actor)) if entry.subject != Subject::UserId(*actor) => {
                let mut copy = self.item(entry);
                copy.remove("day");
                copy.insert("subject".to_owned(), s(subject_key(&Subject::UserId(*actor))));
                transaction.put("audit", self.put(copy))
            }
            _ => transaction,
        }
    }

    pub(super) fn put(&self, item: Item) -> std::result::Result<Put, BuildError> {
        Put::builder().table_name(&self.table.name).set_item(Some(item)).build()
    }

    /// Entries about one subject (a user: by it, too), the newest first: at most `limit`, not before `since`, from
    /// before the cursor.
    pub async fn page_of(
        &self,
        subject: &Subject,
        since: Timestamp,
        before: Option<&AuditCursor>,
        limit: usize,
    ) -> Result<AuditPage> {
        let query = self
            .table
            .client
            .query()
            .table_name(&self.table.name)
            .consistent_read(true)
            .key_condition_expression("subject = :key AND #at BETWEEN :since AND :before")
            .expression_attribute_values(":key", s(subject_key(subject)));
        self.query(query, since, before, limit).await
    }

    /// Entries about everybody, the newest first: at most `limit`, not before `since`, from before the cursor or else
    /// not after `until`. A page may have fewer, even none, and yet a cursor: days without entries take time, too.
    pub async fn page(
        &self,
        since: Timestamp,
        until: Timestamp,
        before: Option<&AuditCursor>,
        limit: usize,
    ) -> Result<AuditPage> {
        let mut entries = Vec::new();
        let end = AuditCursor::end_of(until);
        let before = before.unwrap_or(&end);
        let mut day = before.time().unwrap_or(until);
        for _ in 0..DAYS_IN_A_CALL {
            let query = self
                .table
                .client
                .query()
                .table_name(&self.table.name)
                .index_name("ByDay")
                .key_condition_expression("#day = :key AND #at BETWEEN :since AND :before")
                .expression_attribute_names("#day", "day")
                .expression_attribute_values(":key", s(day.date()));
            let page = self.query(query, since, Some(before), limit - entries.len()).await?;
            entries.extend(page.entries);
            if page.next.is_some() {
                return Ok(AuditPage { entries, next: page.next });
            }
            if entries.len() == limit {
                let next = entries.last().map(AuditCursor::of);
                return Ok(AuditPage { entries, next });
            }
            let midnight = day.start_of_day();
            if midnight <= since {
                return Ok(AuditPage { entries, next: None });
            }
            day = midnight - Duration::from_secs(1);
        }
        Ok(AuditPage { entries, next: Some(AuditCursor::end_of(day)) })
    }

    async fn query(
        &self,
        query: QueryFluentBuilder,
        since: Timestamp,
        before: Option<&AuditCursor>,
        limit: usize,
    ) -> Result<AuditPage> {
        // BETWEEN takes both ends; the cursor's own entry was on the page before, and is dropped.
        let before_text = before.map_or("~", AuditCursor::as_str);
        // It also wants them in their order. A cursor falls behind a `since` that moves with the clock.
        if before_text < since.to_string().as_str() {
            return Ok(AuditPage { entries: Vec::new(), next: None });
        }
        let output = query
            .expression_attribute_names("#at", "at")
            .expression_attribute_values(":since", s(since))
            .expression_attribute_values(":before", s(before_text))
            .scan_index_forward(false)
            .limit(limit as i32 + 1)
            .send()
            .await
            .map_err(|error| failure(&self.table, error))?;
        let has_more = output.last_evaluated_key().is_some();
        let mut rows: Vec<(AuditCursor, AuditEntry)> = Vec::new();
        for row in output.items() {
            let at: AuditCursor = Reader::new(&self.table.name, row).parsed("at")?;
            if before.is_none_or(|cursor| *cursor != at) {
                rows.push((at, self.entry(row)?));
            }
        }
        let is_cut = rows.len() > limit;
        rows.truncate(limit);
        let last = rows.last().map(|(at, _)| at.clone());
        let next = if is_cut || has_more { last } else { None };
        Ok(AuditPage { entries: rows.into_iter().map(|(_, entry)| entry).collect(), next })
    }

    pub(super) fn item(&self, entry: &AuditEntry) -> Item {
        debug_assert!(event_names::is_audited(&entry.event), "{} is for the log alone", entry.event);
        let mut item = Item::from([
            ("subject".to_owned(), s(subject_key(&entry.subject))),
            ("at".to_owned(), s(AuditCursor::of(entry))),
            ("day".to_owned(), s(entry.at.date())),
            ("event".to_owned(), s(&entry.event)),
            ("outcome".to_owned(), s(entry.outcome.as_str())),
            ("expires_at".to_owned(), time(entry.at + self.retention)),
        ]);
        let (name, value) = match &entry.subject {
            Subject::UserId(id) => ("user_id", id.to_string()),
            Subject::EmailHash(hash) => ("email_hash", hash.to_string()),
            Subject::KeyId(id) => ("key_id", id.to_string()),
        };
        item.insert(name.to_owned(), s(value));
        let optional = [
            ("reason", entry.reason.clone()),
            ("actor", entry.actor.as_ref().map(ToString::to_string)),
            ("change", entry.change.clone()),
            ("former_email_hash", entry.former_email_hash.as_ref().map(ToString::to_string)),
            ("session_id", entry.session_id.map(|id| id.to_string())),
            ("address", entry.address.clone()),
            ("user_agent", entry.user_agent.clone()),
            ("request_id", entry.request_id.clone()),
        ];
        let given = optional.into_iter().filter_map(|(name, text)| Some((name.to_owned(), s(text?))));
        item.extend(given);
        item
    }

    fn entry(&self, item: &Item) -> Result<AuditEntry> {
        let row = Reader::new(&self.table.name, item);
        let (user, key): (Option<UserId>, Option<KeyId>) =
            (row.optional("user_id")?, row.optional("key_id")?);
        let cursor: AuditCursor = row.parsed("at")?;
        let (at, id) = cursor.parts().ok_or_else(|| {
            Error::Internal(format!("an item of table {} has no valid attribute \"at\"", self.table.name))
        })?;
        Ok(AuditEntry {
            id,
            at,
            event: row.parsed("event")?,
            outcome: row.parsed("outcome")?,
            reason: row.optional("reason")?,
            subject: match (user, key) {
                (Some(id), _) => Subject::UserId(id),
                (None, Some(id)) => Subject::KeyId(id),
                (None, None) => Subject::EmailHash(row.parsed("email_hash")?),
            },
            actor: row.optional("actor")?,
            change: row.optional("change")?,
            former_email_hash: row.optional("former_email_hash")?,
            session_id: row.optional("session_id")?,
            address: row.optional("address")?,
            user_agent: row.optional("user_agent")?,
            request_id: row.optional("request_id")?,
        })
    }
}

fn subject_key(subject: &Subject) -> String {
    match subject {
        Subject::UserId(id) => format!("user#{id}"),
        Subject::EmailHash(hash) => format!("email#{hash}"),
        Subject::KeyId(id) => format!("key#{id}"),
    }
}
