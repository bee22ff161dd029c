//! What calls cost: units as DynamoDB bills them, and round trips.

use std::time::Instant;

use serde_json::Value;

/// One call that passed.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub action: String,
    pub table: String,
    pub units: f64,
    pub started: Instant,
    pub ended: Instant,
}

/// What a flow cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// Read capacity units.
    pub read: f64,
    /// Write capacity units.
    pub write: f64,
    /// Round trips: calls that ran at the same time are one.
    pub rounds: usize,
}

impl Cost {
    pub(crate) fn of(calls: &[Call]) -> Self {
        let units = |read: bool| {
            calls.iter().filter(|call| is_read(&call.action) == read).map(|call| call.units).sum()
        };
        Self { read: units(true), write: units(false), rounds: rounds(calls) }
    }
}

/// A new round begins with a call that starts after all before it have ended.
fn rounds(calls: &[Call]) -> usize {
    let mut calls = calls.to_vec();
    calls.sort_by_key(|call| call.started);
    let mut rounds = 0;
    let mut round_ends: Option<Instant> = None;
    for call in calls {
        if round_ends.is_none_or(|end| call.started >= end) {
            rounds += 1;
            round_ends = Some(call.ended);
        } else {
            round_ends = round_ends.max(Some(call.ended));
        }
    }
    rounds
}

pub(crate) fn is_read(action: &str) -> bool {
    matches!(action, "GetItem" | "Query" | "Scan" | "BatchGetItem" | "TransactGetItems")
}

/// What the answer says that it consumed; a refused conditional write says nothing and costs one unit all the same.
pub(crate) fn units(answer: &Value) -> f64 {
    if answer["__type"].as_str().is_some_and(|t| t.ends_with("ConditionalCheckFailedException")) {
        return 1.0;
    }
    match &answer["ConsumedCapacity"] {
        Value::Array(tables) => tables.iter().filter_map(|t| t["CapacityUnits"].as_f64()).sum(),
        table => table["CapacityUnits"].as_f64().unwrap_or(0.0),
    }
}
