//! What a request to DynamoDB asks of IAM: each action on each table or index, and the attributes that it touches.

use std::collections::{BTreeMap, BTreeSet};

use latchkey_local::template::{
    intrinsics::STACK,
    policy::{Condition, Policy},
};
use serde_json::{Value, json};

use crate::cost::is_read;

/// One action on one table or index.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub action: String,
    pub table: String,
    pub attributes: BTreeSet<String>,
    select: Option<String>,
    return_values: Option<String>,
    /// The values of partition keys; of a scan none.
    leading_keys: BTreeSet<String>,
}

/// What a function touches with one action on one table or index.
#[derive(Clone, Debug, Default)]
pub struct Used {
    /// Attributes.
    pub attributes: BTreeSet<String>,
    /// Values of the partition key.
    pub leading_keys: BTreeSet<String>,
}

impl Used {
    pub(crate) fn add(&mut self, asked: Asked) {
        self.attributes.extend(asked.attributes);
        self.leading_keys.extend(asked.leading_keys);
    }
}

impl Asked {
    /// What a request asks of tables with these partition keys. A transaction is asked for the action of each of its
    /// items, a batch for its own.
    pub fn by(action: &str, request: &Value, keys: &BTreeMap<String, String>) -> Vec<Self> {
        match action {
            "TransactWriteItems" | "TransactGetItems" => {
                let items = request["TransactItems"].as_array().into_iter().flatten();
                items
                    .flat_map(|item| item.as_object().into_iter().flatten())
                    .map(|(kind, item)| Self::once(&format!("{kind}Item"), item, keys))
                    .collect()
            }
            "BatchGetItem" => {
                let tables = request["RequestItems"].as_object().into_iter().flatten();
                tables
                    .map(|(table, read)| {
                        let mut read = read.clone();
                        read["TableName"] = json!(table);
                        Self::once(action, &read, keys)
                    })
                    .collect()
            }
            _ => vec![Self::once(action, request, keys)],
        }
    }

    /// Whether the policy grants it, and its condition holds.
    pub fn is_allowed_by(&self, policy: &Policy) -> bool {
        policy.grants().any(|grant| grant.covers(&self.action, &self.table) && self.meets(&grant.condition))
    }

    fn meets(&self, condition: &Condition) -> bool {
        let within = |value: &Option<String>, list: &Option<Vec<String>>| match (value, list) {
            (Some(value), Some(list)) => list.contains(value),
            _ => true,
        };
        let all_of = |values: &BTreeSet<String>, list: &Option<Vec<String>>| {
            list.as_ref().is_none_or(|list| values.iter().all(|value| list.contains(value)))
        };
        all_of(&self.attributes, &condition.attributes)
            && all_of(&self.leading_keys, &condition.leading_keys)
            && within(&self.select, &condition.select)
            && within(&self.return_values, &condition.return_values)
    }

    fn once(action: &str, request: &Value, keys: &BTreeMap<String, String>) -> Self {
        let table = request["TableName"].as_str().unwrap_or_default();
        let leading_keys = keys.get(table).map(|key| leading_keys(request, key)).unwrap_or_default();
        let table = table.strip_prefix(&format!("{STACK}-")).unwrap_or(table);
        let index = request["IndexName"].as_str().map(|index| format!("/index/{index}"));
        Self {
            action: action.to_owned(),
            table: format!("{table}{}", index.unwrap_or_default()),
            attributes: attributes(request),
            select: is_read(action).then(|| select(request)),
            return_values: request["ReturnValues"].as_str().map(str::to_owned),
            leading_keys,
        }
    }
}

/// The values of the partition key `key` in keys, items and a query's condition.
fn leading_keys(request: &Value, key: &str) -> BTreeSet<String> {
    let keys = request["Keys"].as_array().into_iter().flatten();
    let items = [&request["Key"], &request["Item"]].into_iter().chain(keys);
    let in_items = items.map(|item| &item[key]["S"]);
    let condition = request["KeyConditionExpression"].as_str().unwrap_or_default();
    let names = &request["ExpressionAttributeNames"];
    let equals = condition.split(" AND ").filter_map(|one| one.split_once('='));
    let of_key = equals.filter(|(name, _)| names[name.trim()].as_str().unwrap_or(name.trim()) == key);
    let in_condition = of_key.map(|(_, value)| &request["ExpressionAttributeValues"][value.trim()]["S"]);
    in_items.chain(in_condition).filter_map(Value::as_str).map(str::to_owned).collect()
}

/// A read that doesn't say what it wants wants all.
fn select(request: &Value) -> String {
    let implied =
        if request["ProjectionExpression"].is_string() { "SPECIFIC_ATTRIBUTES" } else { "ALL_ATTRIBUTES" };
    request["Select"].as_str().unwrap_or(implied).to_owned()
}

/// Attributes of keys, items and expressions.
fn attributes(request: &Value) -> BTreeSet<String> {
    let keys = request["Keys"].as_array().into_iter().flatten();
    let items = [&request["Key"], &request["Item"]].into_iter().chain(keys);
    let names = items.flat_map(|item| item.as_object().into_iter().flatten()).map(|(name, _)| name.clone());
    let expressions = [
        "ConditionExpression",
        "FilterExpression",
        "KeyConditionExpression",
        "ProjectionExpression",
        "UpdateExpression",
    ];
    let named =
        expressions.into_iter().filter_map(|expression| request[expression].as_str()).flat_map(names_in);
    let placeholders = &request["ExpressionAttributeNames"];
    names.chain(named.map(|name| placeholders[name].as_str().unwrap_or(name).to_owned())).collect()
}

/// Names and `#placeholders` in an expression: no value, no number, no keyword, no function, no nested field.
fn names_in(expression: &str) -> impl Iterator<Item = &str> {
    const KEYWORDS: [&str; 9] = ["ADD", "AND", "BETWEEN", "DELETE", "IN", "NOT", "OR", "REMOVE", "SET"];
    const FUNCTIONS: [&str; 8] = [
        "attribute_exists",
        "attribute_not_exists",
        "attribute_type",
        "begins_with",
        "contains",
        "if_not_exists",
        "list_append",
        "size",
    ];
    expression
        .split(|c: char| !c.is_ascii_alphanumeric() && !"_#:.".contains(c))
        .filter_map(|path| path.split('.').next())
        .filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic() || "_#".contains(c)))
        .filter(|name| !KEYWORDS.contains(&name.to_uppercase().as_str()) && !FUNCTIONS.contains(name))
}
