//! The event source mapping: reads a table's stream and calls a function with what it finds, as Lambda's own does.

use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::body::Bytes;
use chrono::SecondsFormat;
use dynoxide::actions::{
    get_records::GetRecordsRequest, get_shard_iterator::GetShardIteratorRequest,
    list_streams::ListStreamsRequest,
};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::{
    Error, clock, console,
    dynamodb::Database,
    filter,
    function::Function,
    instance::Failure,
    template::{
        EventSourceSpec,
        intrinsics::{ACCOUNT, REGION},
    },
};

/// How often the stream is looked at: a mail starts within this time.
const POLL: Duration = Duration::from_millis(50);
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// What could not be delivered, as JSON for people.
#[derive(Debug, Default)]
pub struct DeadLetters(Mutex<Vec<Value>>);

impl DeadLetters {
    /// All of them, oldest first.
    pub fn all(&self) -> Vec<Value> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn add(&self, letter: Value) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(letter);
    }
}

/// Reads one stream into one function.
pub struct Pump {
    /// The mapping's settings.
    pub source: EventSourceSpec,
    /// Where the stream is.
    pub db: Database,
    /// Who gets the records.
    pub function: Arc<Function>,
    /// Who gets what fails for good.
    pub dead_letters: Arc<DeadLetters>,
    /// How long to wait before a failed delivery is tried again; doubled each time.
    pub first_wait: Duration,
    /// Remembers how far it came, over restarts. None: from the beginning.
    pub position: Option<PathBuf>,
    /// Becomes true when everything stops.
    pub stopping: watch::Receiver<bool>,
}

struct Batch {
    records: Vec<Value>,
    attempts: u32,
}

impl Pump {
    /// Pumps until everything stops.
    pub async fn run(mut self) {
        let mut stopping = self.stopping.clone();
        tokio::select! {
            // A delivery that ends because we stop is no reason to go on behind it.
            biased;
            _ = stopping.wait_for(|stopping| *stopping) => {}
            result = self.pump() => {
                if let Err(error) = result {
                    console::note(&format!("the stream of {} can't be read: {error}", self.source.table));
                }
            }
        }
    }

    async fn pump(&mut self) -> Result<(), Error> {
        let mut iterator = self.first_iterator()?;
        loop {
            let request: GetRecordsRequest =
                serde_json::from_value(json!({ "ShardIterator": iterator, "Limit": 100 }))?;
            let db = self.db.clone();
            let found = tokio::task::spawn_blocking(move || db.get_records(request)).await??;
            let records = serde_json::to_value(&found.records)?;
            let records = records.as_array().cloned().unwrap_or_default();
            let last = records.last().and_then(|record| record["dynamodb"]["SequenceNumber"].as_str());
            let last = last.map(str::to_owned);
            let matching = records.into_iter().filter(|record| filter::passes(&self.source.filters, record));
            let matching: Vec<Value> = matching.map(|record| as_event(record, &self.source.table)).collect();
            for batch in matching.chunks(self.source.batch_size) {
                self.deliver(batch.to_vec()).await;
            }
            match last {
                // A position that can't be kept costs a second look at old records, which the mailer knows.
                Some(last) => _ = self.position.as_ref().map(|file| std::fs::write(file, last)),
                None => tokio::time::sleep(POLL).await,
            }
            iterator = found.next_shard_iterator.ok_or("it ended")?;
        }
    }

    fn first_iterator(&self) -> Result<String, Error> {
        let request: ListStreamsRequest = serde_json::from_value(json!({ "TableName": self.source.table }))?;
        let streams = self.db.list_streams(request)?.streams;
        let stream = streams.into_iter().next().ok_or("the table has no stream")?;
        let shard = dynoxide::streams::shard_id(&self.source.table);
        let mut request = json!({
            "StreamArn": stream.stream_arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"
        });
        let kept = self.position.as_ref().and_then(|file| std::fs::read_to_string(file).ok());
        if let Some(position) = kept {
            request["ShardIteratorType"] = json!("AFTER_SEQUENCE_NUMBER");
            request["SequenceNumber"] = json!(position.trim());
        }
        let request: GetShardIteratorRequest = serde_json::from_value(request)?;
        Ok(self.db.get_shard_iterator(request)?.shard_iterator.ok_or("it has no shard")?)
    }

    /// Calls the function until each record is done or given up.
    async fn deliver(&self, records: Vec<Value>) {
        let mut waiting = VecDeque::from([Batch { records, attempts: 0 }]);
        while let Some(mut batch) = waiting.pop_front() {
            let failure = match self.call(&batch.records).await {
                Ok(None) => continue,
                Ok(Some(first_failed)) => {
                    batch.records.drain(..first_failed);
                    format!("the function reports {} as failed", sequence_number(&batch.records[0]))
                }
                Err(Failure::Stopping) => return,
                Err(failure) => format!("the function {failure}"),
            };
            if self.source.bisect && batch.records.len() > 1 {
                let second = batch.records.split_off(batch.records.len() / 2);
                waiting.push_front(Batch { records: second, attempts: batch.attempts });
                waiting.push_front(batch);
            } else if batch.attempts >= self.source.retries {
                self.give_up(batch, &failure);
                continue;
            } else {
                batch.attempts += 1;
                waiting.push_front(batch);
            }
            let attempts = waiting.front().map_or(0, |batch| batch.attempts);
            tokio::time::sleep(
                LONGEST_WAIT.min(self.first_wait * 2_u32.pow(attempts.saturating_sub(1).min(16))),
            )
            .await;
        }
    }

    /// One call. The index of the first record that failed, if one did.
    async fn call(&self, records: &[Value]) -> Result<Option<usize>, Failure> {
        let event = Bytes::from(json!({ "Records": records }).to_string());
        let invoked = self.function.invoke(event).await;
        let failed = match &invoked.outcome {
            Ok(answer) if self.source.reports_failures => first_failure(answer, records),
            _ => None,
        };
        let status = if invoked.outcome.is_ok() && failed.is_none() { "ok" } else { "failed" };
        let what = format!("outbox ×{}", records.len());
        console::invocation(&what, status, &self.function.spec.name, &invoked);
        invoked.outcome.map(|_| failed)
    }

    fn give_up(&self, batch: Batch, why: &str) {
        let attempts = batch.attempts + 1;
        console::note(&format!("{} record(s) given up after {attempts} calls: {why}", batch.records.len()));
        self.dead_letters.add(json!({
            "time": clock::now().to_rfc3339_opts(SecondsFormat::Millis, true),
            "function": self.function.spec.name,
            "attempts": attempts,
            "reason": why,
            "records": batch.records,
        }));
    }
}

/// A record as the mapping hands it on: with this account's names in place of the engine's own.
fn as_event(mut record: Value, table: &str) -> Value {
    record["awsRegion"] = json!(REGION);
    record["eventSourceARN"] =
        json!(format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}/stream/local"));
    let created = &mut record["dynamodb"]["ApproximateCreationDateTime"];
    *created = json!(created.as_f64().unwrap_or_default() as i64);
    record
}

/// Where to begin again: the earliest record that the answer names. An id that names none fails all of them.
fn first_failure(answer: &[u8], records: &[Value]) -> Option<usize> {
    let answer: Value = serde_json::from_slice(answer).unwrap_or_default();
    let failures = answer["batchItemFailures"].as_array()?;
    let index = |failure: &Value| {
        let id = failure["itemIdentifier"].as_str()?;
        records.iter().position(|record| sequence_number(record) == id)
    };
    failures.iter().map(|failure| index(failure).unwrap_or(0)).min()
}

fn sequence_number(record: &Value) -> &str {
    record["dynamodb"]["SequenceNumber"].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earliest_failure_counts() {
        let records = ["100", "101", "102"].map(|number| json!({"dynamodb": {"SequenceNumber": number}}));
        let cases = [
            (json!(null), None),
            (json!({}), None),
            (json!({"batchItemFailures": []}), None),
            (json!({"batchItemFailures": [{"itemIdentifier": "102"}, {"itemIdentifier": "101"}]}), Some(1)),
            (json!({"batchItemFailures": [{"itemIdentifier": "102"}]}), Some(2)),
            (json!({"batchItemFailures": [{"itemIdentifier": ""}]}), Some(0)),
            (json!({"batchItemFailures": [{"itemIdentifier": "7"}]}), Some(0)),
            (json!({"batchItemFailures": [{}]}), Some(0)),
        ];
        for (answer, expected) in cases {
            assert_eq!(first_failure(answer.to_string().as_bytes(), &records), expected, "{answer}");
        }
    }
}
