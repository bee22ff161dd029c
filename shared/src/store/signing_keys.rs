//! SigningKeys: the keys that sign tokens. Key: part + number.
//!
//! A policy can grant one part and no other (`dynamodb:LeadingKeys`). `public`: kid, algorithm, jwk, created_at,
//! signs_from. `private`: pkcs8, of the public half with the same number. `session`: created_at, secret; the highest
//! number is in force. What a key does follows from times alone (`domain::PublicKeys`): no row is ever changed.

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use zeroize::Zeroizing;

use super::{
    Table, failure,
    item::{Item, Reader, n, s, time},
};
use crate::{
    domain::{PrivateKey, PublicKey, PublicKeys, SessionSecret},
    error::{Error, Result},
};

/// The table.
pub struct SigningKeys(pub(super) Table);

pub(super) const PUBLIC: &str = "public";
pub(super) const PRIVATE: &str = "private";
pub(super) const SESSION: &str = "session";

impl SigningKeys {
    /// The public halves of all keys.
    pub async fn public(&self) -> Result<PublicKeys> {
        let rows = self.part(PUBLIC).await?;
        let keys = rows.iter().map(|row| {
            let row = Reader::new(&self.0.name, row);
            let algorithm = row.parsed("algorithm")?;
            Ok(PublicKey {
                number: row.parsed("number")?,
                id: row.parsed("kid")?,
                algorithm,
                jwk: row.parsed("jwk")?,
                created_at: row.time("created_at")?,
                signs_from: row.time("signs_from")?,
            })
        });
        keys.collect::<Result<_>>().map(PublicKeys::new)
    }

    /// Their private halves: for functions that sign.
    pub async fn private(&self) -> Result<Vec<PrivateKey>> {
        let rows = self.part(PRIVATE).await?;
        let halves = rows.into_iter().map(|mut row| {
            let number = Reader::new(&self.0.name, &row).parsed("number")?;
            Ok(PrivateKey { number, pkcs8: self.take_secret(&mut row, "pkcs8")? })
        });
        halves.collect()
    }

    /// What signs refresh and device tokens, if there is any yet.
    pub async fn session(&self) -> Result<Option<SessionSecret>> {
        let mut rows = self.part(SESSION).await?;
        let Some(mut row) = rows.pop() else { return Ok(None) };
        let read = Reader::new(&self.0.name, &row);
        let (number, created_at) = (read.parsed("number")?, read.time("created_at")?);
        let bytes = self.take_secret(&mut row, "secret")?;
        let bytes = bytes.as_slice().try_into().map_err(|_| self.fault("secret"))?;
        Ok(Some(SessionSecret { number, created_at, bytes: Zeroizing::new(bytes) }))
    }

    /// The rows of a part, the lowest number first.
    async fn part(&self, part: &'static str) -> Result<Vec<Item>> {
        let mut pages = self
            .0
            .client
            .query()
            .table_name(&self.0.name)
            .consistent_read(true)
            .key_condition_expression("part = :part")
            .expression_attribute_values(":part", s(part))
            .into_paginator()
            .items()
            .send();
        let mut rows = Vec::new();
        while let Some(row) = pages.next().await {
            rows.push(row.map_err(|error| failure(&self.0, error))?);
        }
        Ok(rows)
    }

    fn take_secret(&self, row: &mut Item, name: &str) -> Result<Zeroizing<Vec<u8>>> {
        match row.remove(name) {
            Some(AttributeValue::B(bytes)) => Ok(Zeroizing::new(bytes.into_inner())),
            _ => Err(self.fault(name)),
        }
    }

    fn fault(&self, name: &str) -> Error {
        Error::Internal(format!("an item of table {} has no valid attribute {name:?}", self.0.name))
    }
}

pub(super) fn key(part: &str, number: u64) -> Item {
    Item::from([("part".to_owned(), s(part)), ("number".to_owned(), n(number))])
}

pub(super) fn public_item(key_of: &PublicKey) -> Item {
    let mut item = key(PUBLIC, key_of.number);
    item.extend([
        ("kid".to_owned(), s(&key_of.id)),
        ("algorithm".to_owned(), s(key_of.algorithm)),
        ("jwk".to_owned(), s(&key_of.jwk)),
        ("created_at".to_owned(), time(key_of.created_at)),
        ("signs_from".to_owned(), time(key_of.signs_from)),
    ]);
    item
}

pub(super) fn private_item(half: &PrivateKey) -> Item {
    let mut item = key(PRIVATE, half.number);
    item.insert("pkcs8".to_owned(), AttributeValue::B(Blob::new(half.pkcs8.as_slice())));
    item
}

pub(super) fn session_item(secret: &SessionSecret) -> Item {
    let mut item = key(SESSION, secret.number);
    item.insert("created_at".to_owned(), time(secret.created_at));
    item.insert("secret".to_owned(), AttributeValue::B(Blob::new(secret.bytes.as_slice())));
    item
}
