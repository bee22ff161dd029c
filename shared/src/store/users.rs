//! Users: people, their roles and what ends their sessions. Key: user_id.

use super::{
    Table, failure,
    item::{Item, Reader, n, s, time},
    unless_refused,
};
use crate::{
    domain::{Timestamp, User, UserId},
    error::Result,
};

/// The table.
pub struct Users(pub(super) Table);

impl Users {
    /// The user as they are now.
    pub async fn get(&self, id: UserId) -> Result<Option<User>> {
        let output =
            self.0.get().key("user_id", s(id)).send().await.map_err(|error| failure(&self.0, error))?;
        output.item.map(|item| self.user(&item)).transpose()
    }

    /// Records a login (promise LG11). A user who was deleted meanwhile is not made again.
    pub async fn record_login(&self, id: UserId, now: Timestamp) -> Result<()> {
        let result = self
            .0
            .update()
            .key("user_id", s(id))
            .update_expression("SET last_login = :now")
            .condition_expression("attribute_exists(user_id)")
            .expression_attribute_values(":now", time(now))
            .send()
            .await;
        unless_refused(&self.0, result).map(|_| ())
    }

    /// An active admin with a password other than this one, if there is one. Reads the whole table at worst: for operators, not for
    /// functions.
    pub async fn another_admin(&self, than: UserId) -> Result<Option<UserId>> {
        let mut after = None;
        loop {
            let (users, next) = self.page(after, 1000).await?;
            let is_one = |user: &&User| user.id != than && user.is_active_admin();
            if let Some(admin) = users.iter().find(is_one) {
                return Ok(Some(admin.id));
            }
            match next {
                Some(_) => after = next,
                None => return Ok(None),
            }
        }
    }

    /// All users, a page at a time: at most `limit`, from behind `after`. In no order.
    pub async fn page(&self, after: Option<UserId>, limit: i32) -> Result<(Vec<User>, Option<UserId>)> {
        let name = &self.0.name;
        let output = self
            .0
            .client
            .scan()
            .table_name(&self.0.name)
            .limit(limit)
            .set_exclusive_start_key(after.map(|id| Item::from([("user_id".to_owned(), s(id))])))
            .send()
            .await
            .map_err(|error| failure(&self.0, error))?;
        let users = output.items().iter().map(|item| self.user(item)).collect::<Result<_>>()?;
        let next =
            output.last_evaluated_key().map(|key| Reader::new(name, key).parsed("user_id")).transpose()?;
        Ok((users, next))
    }

    pub(super) fn user(&self, item: &Item) -> Result<User> {
        let item = Reader::new(&self.0.name, item);
        Ok(User {
            id: item.parsed("user_id")?,
            email: item.parsed("email")?,
            name: item.optional("name")?,
            role: item.parsed("role")?,
            status: item.parsed("status")?,
            created_at: item.time("created_at")?,
            last_login: item.optional_time("last_login")?,
            generation: item.parsed("generation")?,
            password_version: item.parsed("password_version")?,
        })
    }
}

/// The attributes of a user who is new here.
pub(super) fn item(user: &User) -> Item {
    let mut item = Item::from([
        ("user_id".to_owned(), s(user.id)),
        ("email".to_owned(), s(&user.email)),
        ("role".to_owned(), s(user.role)),
        ("status".to_owned(), s(user.status)),
        ("created_at".to_owned(), time(user.created_at)),
        ("generation".to_owned(), n(user.generation)),
        ("password_version".to_owned(), n(user.password_version)),
    ]);
    item.extend(user.name.as_ref().map(|name| ("name".to_owned(), s(name))));
    item.extend(user.last_login.map(|at| ("last_login".to_owned(), time(at))));
    item
}
