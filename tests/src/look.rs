//! What stands in the tables of a world, seen past the code under test.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Map, Value, json};

use crate::world::World;

/// An item as the SDK shows it.
pub type Item = HashMap<String, AttributeValue>;

impl World {
    /// All items of a table.
    pub async fn scan(&self, table: &str) -> Vec<Item> {
        let output =
            self.dynamo.scan().table_name(format!("latchkey-{table}")).consistent_read(true).send().await;
        output.expect("scans").items.unwrap_or_default()
    }

    /// The only item of a table.
    pub async fn only(&self, table: &str) -> Item {
        let mut items = self.scan(table).await;
        assert_eq!(items.len(), 1, "{table} has one item");
        items.remove(0)
    }

    /// Sets one attribute of an item, as an operator or a fault would.
    pub async fn set(&self, table: &str, key: &[(&str, &str)], attribute: &str, value: AttributeValue) {
        let mut update = self
            .dynamo
            .update_item()
            .table_name(format!("latchkey-{table}"))
            .update_expression("SET #a = :v")
            .expression_attribute_names("#a", attribute)
            .expression_attribute_values(":v", value);
        for (name, value) in key {
            update = update.key(*name, AttributeValue::S((*value).to_owned()));
        }
        update.send().await.expect("updates");
    }

    /// All items of accounts, sessions and resets, to see that nothing changed.
    pub async fn everything(&self) -> Value {
        let mut tables = Map::new();
        for table in ["Credentials", "Users", "Lockouts", "Sessions", "ResetTokens", "EmailVerifications"] {
            let mut items: Vec<String> = Vec::new();
            for item in self.scan(table).await {
                let sorted: BTreeMap<_, _> = item.iter().collect();
                items.push(format!("{sorted:?}"));
            }
            items.sort();
            tables.insert(table.to_owned(), json!(items));
        }
        Value::Object(tables)
    }
}

/// A string or number attribute; empty if it isn't there.
pub fn text(item: &Item, name: &str) -> String {
    match item.get(name) {
        Some(AttributeValue::S(text) | AttributeValue::N(text)) => text.clone(),
        _ => String::new(),
    }
}
