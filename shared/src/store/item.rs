//! Attributes of DynamoDB items, to and from our types.

use std::{collections::HashMap, str::FromStr};

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};

use crate::{
    domain::Timestamp,
    error::{Error, Result},
};

/// An item as the SDK gives it.
pub type Item = HashMap<String, AttributeValue>;

/// A string attribute.
pub fn s(value: impl ToString) -> AttributeValue {
    AttributeValue::S(value.to_string())
}

/// A number attribute.
pub fn n(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// A number attribute: seconds since the epoch, as TTL wants them.
pub fn time(value: Timestamp) -> AttributeValue {
    n(value.epoch_seconds())
}

/// A set of one binary value.
pub fn binary_set(value: &[u8]) -> AttributeValue {
    AttributeValue::Bs(vec![Blob::new(value)])
}

/// Reads attributes out of one item; an attribute that is missing or wrong is our fault, named in the log.
pub struct Reader<'a> {
    table: &'a str,
    item: &'a Item,
}

impl<'a> Reader<'a> {
    pub fn new(table: &'a str, item: &'a Item) -> Self {
        Self { table, item }
    }

    pub fn parsed<T: FromStr>(&self, name: &str) -> Result<T> {
        self.optional(name)?.ok_or_else(|| self.fault(name))
    }

    pub fn time(&self, name: &str) -> Result<Timestamp> {
        self.parsed(name).map(Timestamp::from_epoch_seconds)
    }

    pub fn optional_time(&self, name: &str) -> Result<Option<Timestamp>> {
        Ok(self.optional(name)?.map(Timestamp::from_epoch_seconds))
    }

    pub fn optional<T: FromStr>(&self, name: &str) -> Result<Option<T>> {
        let text = match self.item.get(name) {
            None => return Ok(None),
            Some(AttributeValue::S(text) | AttributeValue::N(text)) => text,
            Some(_) => return Err(self.fault(name)),
        };
        text.parse().map(Some).map_err(|_| self.fault(name))
    }

    fn fault(&self, name: &str) -> Error {
        Error::Internal(format!("an item of table {} has no valid attribute {name:?}", self.table))
    }
}
