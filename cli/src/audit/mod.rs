//! `latchkey audit`: what happened. [`trail`] reads, [`people`] knows e-mails, [`told`] puts an entry into words, and
//! [`follow`] goes on with what happens.

mod follow;
mod people;
mod recent;
mod told;
mod trail;

use std::time::Duration;

use shared::domain::{AuditEntry, Outcome, Subject, Timestamp, UserId};

use crate::{
    args::AuditQuery,
    desk::Desk,
    failure::Failure,
    output::{Output, remark},
    values::Person,
};
use people::People;
pub use recent::{Recent, recent};
use told::Table;
use trail::{Range, Trail};

/// Clocks differ a little: what a function wrote a moment ago may be from the future here.
const CLOCK_SKEW: Duration = Duration::from_secs(300);

/// What is looked for.
struct Search<'a> {
    desk: &'a Desk,
    query: &'a AuditQuery,
    /// Empty: everybody.
    subjects: Vec<Subject>,
}

/// Entries, the oldest first, and whether there are older ones beyond the limit.
struct Found {
    entries: Vec<AuditEntry>,
    is_cut: bool,
}

/// Prints what was asked for, and with `--follow` what happens from then on. Errors: `--since` is in the future,
/// or `--until` before it.
pub async fn run(query: &AuditQuery, desk: &Desk, output: &mut Output) -> Result<(), Failure> {
    let since = query.since.before(desk.now);
    let latest = desk.now + CLOCK_SKEW;
    if since > latest {
        return Err(Failure::Usage(format!("--since {since} is in the future")));
    }
    let until = query.until.map_or(latest, |until| until.before(desk.now).min(latest));
    if until < since {
        return Err(Failure::Usage(format!("--until {until} is before --since {since}")));
    }
    let mut people = People::new(&desk.store);
    let subjects = subjects(desk, query.user.as_ref(), &mut people).await?;
    let search = Search { desk, query, subjects };
    if query.follow {
        return follow::follow(&search, Range { since, until }, &mut people, output).await;
    }
    let found = search.find(Range { since, until }, query.limit).await?;
    people.meet(&found.entries).await?;
    if output.json {
        output.array(found.entries.iter().map(|entry| people.told(entry)))?;
    } else if found.entries.is_empty() {
        output.line(format_args!("Nothing of that kind happened since {since}."))?;
    } else {
        Table::default().print(&found.entries, &people, output)?;
    }
    found.tell_if_cut();
    Ok(())
}

/// Under which names the trail has this person: the id of who has the e-mail, of each who had it before, and the
/// e-mail's hash from when it had no account.
async fn subjects(
    desk: &Desk,
    person: Option<&Person>,
    people: &mut People<'_>,
) -> Result<Vec<Subject>, Failure> {
    let (mut ids, email) = match person {
        None => return Ok(Vec::new()),
        Some(Person::Email(email)) => {
            let user = desk.store.credentials.find_user(email).await?;
            let former = desk.store.audit.former_owners(&email.hash()).await?;
            people.ask_for(email.clone(), &former);
            (user.into_iter().chain(former).collect(), Some(email.clone()))
        }
        Some(Person::Id(id)) => {
            let email = desk.store.users.get(*id).await?.map(|user| user.email);
            email.iter().for_each(|email| people.ask_for(email.clone(), &[]));
            (vec![*id], email)
        }
    };
    // Who moved away and back is one.
    ids.sort_by_key(UserId::to_string);
    ids.dedup();
    let hash = email.map(|email| Subject::EmailHash(email.hash()));
    Ok(ids.into_iter().map(Subject::UserId).chain(hash).collect())
}

impl Search<'_> {
    /// The newest ones within the range, `limit` at most.
    async fn find(&self, range: Range, limit: usize) -> Result<Found, Failure> {
        let mut trail = Trail::new(&self.desk.store.audit, &self.subjects, range);
        let mut found = Found { entries: Vec::new(), is_cut: false };
        while let Some(entry) = trail.next().await? {
            if !self.is_wanted(&entry) {
                continue;
            }
            if found.entries.len() == limit {
                found.is_cut = true;
                break;
            }
            found.entries.push(entry);
        }
        found.entries.reverse();
        Ok(found)
    }

    fn is_wanted(&self, entry: &AuditEntry) -> bool {
        let AuditQuery { events, failures, .. } = self.query;
        (events.is_empty() || events.contains(&entry.event))
            && (!failures || entry.outcome == Outcome::Failure)
    }
}

impl Found {
    /// On standard error, where no script stumbles over it.
    fn tell_if_cut(&self) {
        if let (true, Some(oldest)) = (self.is_cut, self.oldest()) {
            let count = self.entries.len();
            remark(format_args!(
                "Only the newest {count} are shown. For older ones: --until {oldest}, or a higher --limit."
            ));
        }
    }

    fn oldest(&self) -> Option<Timestamp> {
        self.entries.first().map(|entry| entry.at)
    }
}
