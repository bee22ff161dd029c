//! Credentials: who logs in with which e-mail and password. Key: email.
//!
//! Attributes: user_id, password_hash (absent until the first password is set), password_version,
//! password_changed_at, reset_token_hash (the only live one), reset_requested_at, email_change_token_hash (the only live
//! one), email_change_requested_at, unlocks (how often; part of the key by which a device's attempts are counted),
//! device_locked_until (of the device that locked itself last); of a user who was imported without a hash, until there is
//! one: must_reset (where from), old_username.

use aws_sdk_dynamodb::types::AttributeValue;

use super::{
    Table, failure,
    item::{Item, Reader, n, s, time},
    unless_refused,
};
use crate::{
    domain::{Email, Newcomer, PasswordHash, ResetTokenHash, Timestamp, UserId, VerificationTokenHash},
    error::Result,
};

/// The table.
pub struct Credentials(pub(super) Table);

/// What an e-mail and a password are checked against.
#[derive(Clone)]
pub struct Credential {
    /// Whose it is.
    pub user_id: UserId,
    /// Absent while an invited person has chosen no password.
    pub password_hash: Option<PasswordHash>,
    /// Which password this is; the user has the same number, moved in the same transaction.
    pub password_version: u64,
    /// The one reset token that works, if there is one.
    pub reset_token_hash: Option<String>,
    /// The one token that may move the account to another address, if there is one.
    pub email_change_token_hash: Option<String>,
    /// When the password was last changed; links that were asked for before are void.
    pub password_changed_at: Option<Timestamp>,
    /// When that token was asked for; one that was asked for before is void.
    pub email_change_requested_at: Option<Timestamp>,
    /// Set for who was imported without a hash and has none yet.
    pub newcomer: Option<Newcomer>,
    /// How often the user was unlocked: each time every device begins anew.
    pub unlocks: u64,
    /// Until when the device is locked that locked itself last, if one did since the last unlock or new password.
    pub device_locked_until: Option<Timestamp>,
}

impl Credentials {
    /// What is stored of the e-mail.
    pub async fn get(&self, email: &Email) -> Result<Option<Credential>> {
        let output =
            self.0.get().key("email", s(email)).send().await.map_err(|error| failure(&self.0, error))?;
        output.item.map(|item| self.credential(&item)).transpose()
    }

    pub(super) fn credential(&self, item: &Item) -> Result<Credential> {
        let item = Reader::new(&self.0.name, item);
        let newcomer = match item.optional("must_reset")? {
            Some(origin) => Some(Newcomer { origin, username: item.optional("old_username")? }),
            None => None,
        };
        Ok(Credential {
            user_id: item.parsed("user_id")?,
            password_hash: item.optional("password_hash")?.map(PasswordHash::from_stored),
            password_version: item.parsed("password_version")?,
            reset_token_hash: item.optional("reset_token_hash")?,
            email_change_token_hash: item.optional("email_change_token_hash")?,
            password_changed_at: item.optional_time("password_changed_at")?,
            email_change_requested_at: item.optional_time("email_change_requested_at")?,
            unlocks: item.optional("unlocks")?.unwrap_or_default(),
            device_locked_until: item.optional_time("device_locked_until")?,
            newcomer,
        })
    }

    /// Whose e-mail it is, without reading the hash: all that the mailer's policy allows.
    pub async fn find_user(&self, email: &Email) -> Result<Option<UserId>> {
        let name = &self.0.name;
        let output = self
            .0
            .get()
            .key("email", s(email))
            .projection_expression("user_id")
            .send()
            .await
            .map_err(|error| failure(&self.0, error))?;
        output.item.map(|item| Reader::new(name, &item).parsed("user_id")).transpose()
    }

    /// Whether who has the e-mail came from another system without a password, and has chosen none yet.
    pub async fn is_newcomer(&self, email: &Email) -> Result<bool> {
        let request = self.0.get().key("email", s(email)).projection_expression("must_reset");
        let output = request.send().await.map_err(|error| failure(&self.0, error))?;
        Ok(output.item.is_some_and(|item| item.contains_key("must_reset")))
    }

    /// Until when a device of this e-mail's user is locked, if one is. For those who look after accounts.
    pub async fn device_locked_until(&self, email: &Email, now: Timestamp) -> Result<Option<Timestamp>> {
        let request = self.0.get().key("email", s(email)).projection_expression("device_locked_until");
        let output = request.send().await.map_err(|error| failure(&self.0, error))?;
        let Some(item) = output.item else { return Ok(None) };
        let until = Reader::new(&self.0.name, &item).optional_time("device_locked_until")?;
        Ok(until.filter(|until| *until > now))
    }

    /// Notes that a device locked itself, so that it can be seen. Does nothing if the lock has ended meanwhile, by an
    /// unlock or a new password.
    pub async fn note_device_lock(
        &self,
        email: &Email,
        credential: &Credential,
        until: Timestamp,
    ) -> Result<()> {
        let result = self
            .0
            .update()
            .key("email", s(email))
            .update_expression("SET device_locked_until = :until")
            .condition_expression(
                "user_id = :user AND password_version = :version AND NOT (unlocks > :unlocks)",
            )
            .expression_attribute_values(":until", time(until))
            .expression_attribute_values(":user", s(credential.user_id))
            .expression_attribute_values(":version", n(credential.password_version))
            .expression_attribute_values(":unlocks", n(credential.unlocks))
            .send()
            .await;
        unless_refused(&self.0, result).map(|_| ())
    }

    /// Makes a reset token the only live one of this e-mail. `false`, and nothing changed, when the account is gone,
    /// its password was changed at or after the request, or a newer request has its token already (promise RS5).
    pub async fn set_reset_token(
        &self,
        email: &Email,
        token: &ResetTokenHash,
        requested_at: Timestamp,
    ) -> Result<bool> {
        let result = self
            .0
            .update()
            .key("email", s(email))
            .update_expression("SET reset_token_hash = :token, reset_requested_at = :requested")
            .condition_expression(
                "attribute_exists(email) \
                 AND (attribute_not_exists(password_changed_at) OR password_changed_at < :requested) \
                 AND (attribute_not_exists(reset_requested_at) OR reset_requested_at <= :requested)",
            )
            .expression_attribute_values(":token", s(token.as_str()))
            .expression_attribute_values(":requested", time(requested_at))
            .send()
            .await;
        Ok(unless_refused(&self.0, result)?.is_some())
    }

    /// Makes a token the only one that may move this account to another address. `false`, and nothing changed, when the
    /// account has moved or is gone, its password was changed at or after the request, or a newer request has its token
    /// already.
    pub async fn set_email_change_token(
        &self,
        email: &Email,
        user_id: UserId,
        token: &VerificationTokenHash,
        requested_at: Timestamp,
    ) -> Result<bool> {
        let result = self
            .0
            .update()
            .key("email", s(email))
            .update_expression("SET email_change_token_hash = :token, email_change_requested_at = :requested")
            .condition_expression(
                "user_id = :user \
                 AND (attribute_not_exists(password_changed_at) OR password_changed_at < :requested) \
                 AND (attribute_not_exists(email_change_requested_at) \
                      OR email_change_requested_at <= :requested)",
            )
            .expression_attribute_values(":token", s(token.as_str()))
            .expression_attribute_values(":user", s(user_id))
            .expression_attribute_values(":requested", time(requested_at))
            .send()
            .await;
        Ok(unless_refused(&self.0, result)?.is_some())
    }

    /// Replaces the hash of an unchanged password by one of today's cost. Does nothing if the password was changed
    /// meanwhile, or the address has another owner by now.
    pub async fn rehash(
        &self,
        email: &Email,
        user_id: UserId,
        password_version: u64,
        hash: &PasswordHash,
    ) -> Result<()> {
        let result = self
            .0
            .update()
            .key("email", s(email))
            .update_expression("SET password_hash = :hash")
            .condition_expression("user_id = :user AND password_version = :version")
            .expression_attribute_values(":hash", s(hash.expose()))
            .expression_attribute_values(":user", s(user_id))
            .expression_attribute_values(":version", n(password_version))
            .send()
            .await;
        unless_refused(&self.0, result).map(|_| ())
    }
}

/// The attributes that mark a newcomer.
pub(super) fn marks(newcomer: Option<&Newcomer>) -> impl Iterator<Item = (String, AttributeValue)> {
    let origin = newcomer.map(|newcomer| ("must_reset".to_owned(), s(newcomer.origin)));
    let username = newcomer.and_then(|newcomer| newcomer.username.as_ref());
    origin.into_iter().chain(username.map(|name| ("old_username".to_owned(), s(name))))
}
