//! The mails that the functions sent, newest first.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::SecondsFormat;
use serde::Serialize;

use crate::clock;

/// As many as a person looks at; the oldest go first.
const KEPT: usize = 1000;

/// One captured mail.
#[derive(Debug, Clone, Serialize)]
pub struct Mail {
    /// The message id that the sender got.
    pub id: String,
    /// All recipients.
    pub to: Vec<String>,
    /// The sender.
    pub from: String,
    /// The subject.
    pub subject: String,
    /// The body as text.
    pub text: String,
    /// The body as HTML.
    pub html: String,
    /// When it came, RFC 3339 in UTC.
    pub received_at: String,
}

/// Captured mails, in memory.
#[derive(Debug, Default)]
pub struct Inbox(Mutex<Vec<Mail>>);

impl Inbox {
    /// Keeps a mail, stamped with the time of now.
    pub fn receive(&self, mut mail: Mail) {
        mail.received_at = clock::now().to_rfc3339_opts(SecondsFormat::Millis, true);
        let mut mails = self.lock();
        mails.insert(0, mail);
        mails.truncate(KEPT);
    }

    /// All mails, newest first.
    pub fn all(&self) -> Vec<Mail> {
        self.lock().clone()
    }

    /// Forgets all mails.
    pub fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Mail>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
