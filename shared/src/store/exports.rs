//! Reads all accounts, a page at a time, for who moves out: for operators, not for functions.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use aws_sdk_dynamodb::types::{KeysAndAttributes, ReturnConsumedCapacity};

use super::{
    Credential, Store, failure,
    item::{Item, Reader, s},
};
use crate::{
    domain::{Account, Email, User, UserId},
    error::{Error, Result},
};

/// Users in one page: as many keys as one batch of reads takes.
pub const PAGE: i32 = 100;

/// Some accounts, and where to go on.
pub struct Departures {
    /// In no order.
    pub accounts: Vec<Account>,
    /// Users without a credential of theirs: rows that somebody changed by hand.
    pub incomplete: Vec<UserId>,
    /// Give it back for the next page; `None` behind the last.
    pub next: Option<UserId>,
    /// Read units that it took.
    pub units: f64,
}

/// Looks at a user whose e-mail is changed while he is read.
const TRIES: u32 = 5;

impl Store {
    /// One page from behind `after`. Every read is strongly consistent; a user who changes meanwhile is read again.
    pub async fn export(&self, after: Option<UserId>) -> Result<Departures> {
        let table = &self.users.0;
        let output = table
            .client
            .scan()
            .table_name(&table.name)
            .consistent_read(true)
            .limit(PAGE)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .set_exclusive_start_key(after.map(|id| Item::from([("user_id".to_owned(), s(id))])))
            .send()
            .await
            .map_err(|error| failure(table, error))?;
        let mut units = output.consumed_capacity().and_then(|used| used.capacity_units()).unwrap_or_default();
        let users: Vec<User> =
            output.items().iter().map(|item| self.users.user(item)).collect::<Result<_>>()?;
        let next = output.last_evaluated_key();
        let next = next.map(|key| Reader::new(&table.name, key).parsed("user_id")).transpose()?;

        let mut credentials = self.credentials_of(&users, &mut units).await?;
        let (mut accounts, mut incomplete) = (Vec::with_capacity(users.len()), Vec::new());
        for user in users {
            let credential = credentials.remove(&user.email);
            match credential.filter(|credential| belongs(credential, &user)) {
                Some(credential) => accounts.push(account(user, credential)),
                None => match self.look_again(user.id, &mut units).await? {
                    Look::Found(account) => accounts.push(*account),
                    Look::Gone => {}
                    Look::Incomplete => incomplete.push(user.id),
                },
            }
        }
        Ok(Departures { accounts, incomplete, next, units })
    }

    /// What is stored under the e-mails of these users.
    async fn credentials_of(&self, users: &[User], units: &mut f64) -> Result<HashMap<Email, Credential>> {
        let table = &self.credentials.0;
        // Each once: of an address that changes hands two rows may tell.
        let emails: HashSet<&Email> = users.iter().map(|user| &user.email).collect();
        let keys = emails.into_iter().map(|email| Item::from([("email".to_owned(), s(email))]));
        let mut open: Vec<Item> = keys.collect();
        let mut found = HashMap::with_capacity(open.len());
        for attempt in 0.. {
            if open.is_empty() {
                break;
            }
            // What DynamoDB leaves out is for later; all of it, and it would have said so.
            tokio::time::sleep(Duration::from_millis(100) * attempt.min(50)).await;
            let keys = KeysAndAttributes::builder().set_keys(Some(open)).consistent_read(true).build();
            let keys = keys.map_err(|error| Error::Internal(format!("export: {error}")))?;
            let request = table.client.batch_get_item().request_items(&table.name, keys);
            let output = request
                .return_consumed_capacity(ReturnConsumedCapacity::Total)
                .send()
                .await
                .map_err(|error| failure(table, error))?;
            let used = output.consumed_capacity().iter().filter_map(|table| table.capacity_units());
            *units += used.sum::<f64>();
            let rows = output.responses().and_then(|tables| tables.get(&table.name));
            for row in rows.into_iter().flatten() {
                let email: Email = Reader::new(&table.name, row).parsed("email")?;
                found.insert(email, self.credentials.credential(row)?);
            }
            let left = output.unprocessed_keys().and_then(|tables| tables.get(&table.name));
            open = left.map(|left| left.keys().to_vec()).unwrap_or_default();
        }
        Ok(found)
    }

    /// A user whose credential did not fit: a change of e-mail or password lies between the two reads.
    async fn look_again(&self, id: UserId, units: &mut f64) -> Result<Look> {
        for _ in 0..TRIES {
            *units += 2.0;
            let Some(user) = self.users.get(id).await? else { return Ok(Look::Gone) };
            let credential = self.credentials.get(&user.email).await?;
            if let Some(credential) = credential.filter(|credential| belongs(credential, &user)) {
                return Ok(Look::Found(Box::new(account(user, credential))));
            }
        }
        Ok(Look::Incomplete)
    }
}

enum Look {
    Found(Box<Account>),
    Gone,
    Incomplete,
}

/// Both have the number of the password, moved in one transaction.
fn belongs(credential: &Credential, user: &User) -> bool {
    credential.user_id == user.id && credential.password_version == user.password_version
}

fn account(user: User, credential: Credential) -> Account {
    let Credential { password_hash, password_changed_at, newcomer, .. } = credential;
    Account { user, password_hash, password_changed_at, newcomer }
}
