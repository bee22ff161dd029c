//! `GET /admin/audit`: who did what to whom, from where (promise AU4).

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use futures::{StreamExt, TryStreamExt, stream};
use serde::Serialize;
use shared::{
    app::VerifierApp,
    domain::{Actor, AuditEntry, Email, Role, Subject, Timestamp, UserId},
    error::Result,
    guard,
    http::{Caller, Decode, Fields, Reply},
    store::AuditCursor,
};
use tokio::try_join;

use crate::limit::Limit;

/// The request: `?user_id=...` or `?email=...` or neither for all, `&since=...&until=...&limit=50&cursor=...`.
pub(crate) struct Read {
    whose: Whose,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    limit: Limit<200>,
    cursor: Option<AuditCursor>,
}

enum Whose {
    Everybodys,
    OfUser(UserId),
    OfEmail(Email),
}

impl Decode for Read {
    fn decode(fields: &mut Fields) -> Option<Self> {
        let whose = match (fields.optional("user_id"), fields.optional("email")) {
            (None, None) => Whose::Everybodys,
            (Some(id), None) => Whose::OfUser(id),
            (None, Some(email)) => Whose::OfEmail(email),
            (Some(_), Some(_)) => {
                fields.refuse("email", "can't be given together with user_id");
                return None;
            }
        };
        let (since, until) = (fields.optional("since"), fields.optional("until"));
        if matches!((since, until), (Some(since), Some(until)) if since > until) {
            fields.refuse("until", "must not be before since");
        }
        let limit = fields.optional("limit").unwrap_or_default();
        Some(Self { whose, since, until, limit, cursor: fields.optional("cursor") })
    }
}

/// How far back an answer goes that nobody gave a `since`.
const LAST_DAYS: Duration = Duration::from_secs(7 * 86_400);

/// The answer, the newest entry first. A page may have fewer entries than were asked for, even none, while there are
/// more: `next_cursor` tells.
#[derive(Serialize)]
struct Trail {
    entries: Vec<Shown>,
    next_cursor: Option<String>,
}

/// An entry with the e-mails that its users have now; null of who is gone.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    entry: AuditEntry,
    email: Option<Email>,
    actor_email: Option<Email>,
}

/// The rule: for admins alone.
pub(crate) async fn read(app: &VerifierApp, request: Read, caller: Caller) -> Result<Reply> {
    guard::require(app, &caller, &[Role::Admin]).await?;
    let (since, until) = within_what_is_kept(app, &request, caller.now);
    let end = AuditCursor::end_of(until);
    let before = request.cursor.map_or(end.clone(), |cursor| cursor.min(end));
    let limit = request.limit.get().into();
    let audit = &app.store.audit;
    let page = match request.whose {
        Whose::Everybodys => audit.page(since, until, Some(&before), limit).await?,
        Whose::OfUser(id) => audit.page_of(&Subject::UserId(id), since, Some(&before), limit).await?,
        Whose::OfEmail(email) => {
            audit.page_of_many(&subjects_of(app, &email).await?, since, Some(&before), limit).await?
        }
    };
    let emails = emails_in(app, &page.entries).await?;
    let email_of = |id: Option<UserId>| id.and_then(|id| emails.get(&id).cloned());
    let shown = |entry: AuditEntry| Shown {
        email: email_of(user_in(&entry)),
        actor_email: email_of(actor_in(&entry)),
        entry,
    };
    let next_cursor = page.next.map(|cursor| cursor.to_string());
    Ok(Reply::ok(&Trail { entries: page.entries.into_iter().map(shown).collect(), next_cursor }))
}

/// From when until when, without the years in which there can be nothing: an answer walks through days one by one.
fn within_what_is_kept(app: &VerifierApp, request: &Read, now: Timestamp) -> (Timestamp, Timestamp) {
    let until = request.until.map_or(now, |until| until.min(now));
    let since = request.since.unwrap_or(until - LAST_DAYS);
    (since.max(now - app.config.audit_retention), until)
}

/// Whom an e-mail's entries are about: who has it, who had it before, and while nobody did itself.
async fn subjects_of(app: &VerifierApp, email: &Email) -> Result<Vec<Subject>> {
    let hash = email.hash();
    let (user, former) =
        try_join!(app.store.credentials.find_user(email), app.store.audit.former_owners(&hash))?;
    let owners: HashSet<_> = user.into_iter().chain(former).collect();
    Ok(owners.into_iter().map(Subject::UserId).chain([Subject::EmailHash(hash)]).collect())
}

/// How many users are read at once.
const AT_ONCE: usize = 20;

/// The e-mails of all users in these entries who are not gone.
async fn emails_in(app: &VerifierApp, entries: &[AuditEntry]) -> Result<HashMap<UserId, Email>> {
    let ids = entries.iter().flat_map(|entry| [user_in(entry), actor_in(entry)]).flatten();
    let ids: HashSet<UserId> = ids.collect();
    let users = stream::iter(ids).map(|id| app.store.users.get(id)).buffer_unordered(AT_ONCE);
    users.try_filter_map(async |user| Ok(user.map(|user| (user.id, user.email)))).try_collect().await
}

fn user_in(entry: &AuditEntry) -> Option<UserId> {
    match &entry.subject {
        Subject::UserId(id) => Some(*id),
        Subject::EmailHash(_) | Subject::KeyId(_) => None,
    }
}

fn actor_in(entry: &AuditEntry) -> Option<UserId> {
    match &entry.actor {
        Some(Actor::UserId(id)) => Some(*id),
        _ => None,
    }
}
