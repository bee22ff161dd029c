//! Users: people, their roles and what ends their sessions. Key: user_id.

use aws_sdk_dynamodb::types::ReturnValue;

use super::{
    Table, failure,
    item::{Item, Reader, n, s, time},
    unless_refused,
};
use crate::{
    domain::{Status, Timestamp, User, UserId},
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

    /// Ends every session and token of one generation of the user, all that are alive, in one write (promises RT9,
    /// RT10). Done before, or a generation that ended otherwise: nothing.
    pub async fn end_generation(&self, id: UserId, generation: u64) -> Result<()> {
        let result = self
            .0
            .update()
            .key("user_id", s(id))
            .update_expression("SET generation = :next")
            .condition_expression("generation = :ended")
            .expression_attribute_values(":ended", n(generation))
            .expression_attribute_values(":next", n(generation + 1))
            .send()
            .await;
        unless_refused(&self.0, result).map(|_| ())
    }

    /// Lets the user log in again. The user as they are then; `None` if there is none.
    pub async fn enable(&self, id: UserId) -> Result<Option<User>> {
        self.set_status(id, Status::Active, 0).await
    }

    /// Ends all sessions of the user and lets no login succeed. The user as they are then; `None` if there is none.
    pub async fn disable(&self, id: UserId) -> Result<Option<User>> {
        self.set_status(id, Status::Inactive, 1).await
    }

    async fn set_status(&self, id: UserId, status: Status, ended_generations: u64) -> Result<Option<User>> {
        let result = self
            .0
            .update()
            .key("user_id", s(id))
            .update_expression("SET #status = :status ADD generation :ended")
            .condition_expression("attribute_exists(user_id)")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":status", s(status))
            .expression_attribute_values(":ended", n(ended_generations))
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        let updated = unless_refused(&self.0, result)?;
        updated.and_then(|output| output.attributes).map(|item| self.user(&item)).transpose()
    }

    /// All users, a page at a time: at most `limit`, from behind `after`. For operators, not for functions.
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

    fn user(&self, item: &Item) -> Result<User> {
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

/// The attributes of a new user.
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
    item
}
