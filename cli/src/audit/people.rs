//! Whose ids and hashes the audit trail names.

use std::collections::HashMap;

use futures::future::try_join_all;
use serde::Serialize;
use shared::{
    domain::{Actor, AuditEntry, Email, EmailHash, Subject, UserId},
    store::Store,
};

use crate::{failure::Failure, output::printable};

/// Users that are looked up at once.
const AT_ONCE: usize = 20;

/// The e-mails of users, as far as they were asked for: each is read once.
pub struct People<'a> {
    store: &'a Store,
    emails: HashMap<UserId, Option<Email>>,
    asked: Option<Email>,
    former_owners: Vec<UserId>,
}

/// An entry, with e-mails for its ids.
#[derive(Serialize)]
pub struct ToldEntry<'a> {
    #[serde(flatten)]
    entry: &'a AuditEntry,
    email: Option<&'a Email>,
    actor_email: Option<&'a Email>,
}

impl<'a> People<'a> {
    /// Nobody is known yet.
    pub fn new(store: &'a Store) -> Self {
        Self { store, emails: HashMap::new(), asked: None, former_owners: Vec::new() }
    }

    /// An e-mail that the operator said: its hash is no riddle, nor is who had it before.
    pub fn ask_for(&mut self, email: Email, former_owners: &[UserId]) {
        self.asked = Some(email);
        self.former_owners = former_owners.to_vec();
    }

    /// Looks up who is in these entries.
    pub async fn meet(&mut self, entries: &[AuditEntry]) -> Result<(), Failure> {
        let mut ids: Vec<_> =
            entries.iter().flat_map(ids).filter(|id| !self.emails.contains_key(id)).collect();
        ids.sort_by_key(UserId::to_string);
        ids.dedup();
        for some in ids.chunks(AT_ONCE) {
            let users = try_join_all(some.iter().map(|id| self.store.users.get(*id))).await?;
            let emails = users.into_iter().map(|user| user.map(|user| user.email));
            self.emails.extend(some.iter().copied().zip(emails));
        }
        Ok(())
    }

    /// The entry with the e-mails of who is known.
    pub fn told<'b>(&'b self, entry: &'b AuditEntry) -> ToldEntry<'b> {
        let actor_email = match &entry.actor {
            Some(Actor::UserId(id)) => self.email(id),
            Some(Actor::Operator(_)) | None => None,
        };
        ToldEntry { entry, email: self.email_of(&entry.subject), actor_email }
    }

    /// Whom it was about, for people: the id of who was deleted, a piece of the hash of an e-mail without an account.
    pub fn subject(&self, subject: &Subject) -> String {
        match (self.email_of(subject), subject) {
            (Some(email), _) => email.to_string(),
            (None, Subject::UserId(id)) => self.user(id),
            (None, Subject::EmailHash(hash)) => format!("unknown e-mail {}", short(hash)),
            (None, Subject::KeyId(id)) => format!("key {id}"),
        }
    }

    /// Who did it, for people; nothing if that is who it was about.
    pub fn actor(&self, actor: Option<&Actor>) -> String {
        match actor {
            None => String::new(),
            Some(Actor::UserId(id)) => self.user(id),
            Some(operator @ Actor::Operator(_)) => printable(&operator.to_string()),
        }
    }

    /// An address that was given up, for people.
    pub fn former(&self, hash: &EmailHash) -> String {
        let asked = self.asked.as_ref().filter(|email| email.hash() == *hash);
        asked.map_or_else(|| format!("e-mail {}", short(hash)), Email::to_string)
    }

    /// The e-mail; the id of who is gone, with the e-mail that the operator knows.
    fn user(&self, id: &UserId) -> String {
        match (self.email(id), &self.asked) {
            (Some(email), _) => email.to_string(),
            (None, Some(asked)) if self.former_owners.contains(id) => format!("{asked} (deleted, {id})"),
            (None, _) => id.to_string(),
        }
    }

    fn email_of(&self, subject: &Subject) -> Option<&Email> {
        match subject {
            Subject::UserId(id) => self.email(id),
            Subject::EmailHash(hash) => self.asked.as_ref().filter(|email| email.hash() == *hash),
            Subject::KeyId(_) => None,
        }
    }

    fn email(&self, id: &UserId) -> Option<&Email> {
        self.emails.get(id)?.as_ref()
    }
}

fn short(hash: &EmailHash) -> String {
    format!("{:.8}…", hash.as_str())
}

fn ids(entry: &AuditEntry) -> impl Iterator<Item = UserId> {
    let subject = match entry.subject {
        Subject::UserId(id) => Some(id),
        Subject::EmailHash(_) | Subject::KeyId(_) => None,
    };
    let actor = match entry.actor {
        Some(Actor::UserId(id)) => Some(id),
        Some(Actor::Operator(_)) | None => None,
    };
    subject.into_iter().chain(actor)
}
