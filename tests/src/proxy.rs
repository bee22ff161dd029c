//! Stands between the SDK and the engine: counts what DynamoDB would bill, and breaks what a test wants broken.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

/// A running proxy; it stops when this is dropped.
pub struct Proxy {
    /// What the SDK takes for DynamoDB.
    pub url: String,
    inner: Arc<Inner>,
    server: JoinHandle<()>,
}

struct Inner {
    engine: String,
    http: reqwest::Client,
    state: Mutex<Records>,
}

#[derive(Default)]
struct Records {
    calls: Vec<Call>,
    faults: Vec<Fault>,
    delay: Duration,
}

/// One call that passed.
#[derive(Clone, Debug)]
struct Call {
    action: String,
    table: String,
    units: f64,
    started: Instant,
    ended: Instant,
}

/// Which calls fail, how, and how often.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The API's action, such as `UpdateItem`.
    pub action: &'static str,
    /// The end of the table's name, such as `Sessions`.
    pub table: &'static str,
    /// What happens.
    pub kind: FaultKind,
    /// To how many calls.
    pub times: usize,
}

/// What happens to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// 400 ProvisionedThroughputExceededException.
    Throttled,
    /// 500 InternalServerError.
    Broken,
    /// No answer for longer than anybody waits.
    Silent,
    /// It is carried out, and the answer is lost.
    AnswerLost,
    /// 400 AccessDeniedException.
    Denied,
    /// Nothing but a short wait.
    Slow,
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

impl Proxy {
    /// Stands in front of the engine at `engine`.
    pub async fn start(engine: &str) -> Self {
        let inner = Arc::new(Inner {
            engine: engine.to_owned(),
            http: reqwest::Client::new(),
            state: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let app = Router::new().fallback(pass).with_state(Arc::clone(&inner));
        let server = tokio::spawn(async move { axum::serve(listener, app).await.expect("serves") });
        Self { url, inner, server }
    }

    /// Lets calls fail from now on.
    pub fn break_calls(&self, fault: Fault) {
        self.inner.lock().faults.push(fault);
    }

    /// As [`Proxy::break_calls`], but lets the first `passing` calls of that kind through.
    pub fn break_calls_after(&self, passing: usize, fault: Fault) {
        self.inner.lock().faults.push(Fault { kind: FaultKind::Slow, times: passing, ..fault.clone() });
        self.break_calls(fault);
    }

    /// Ends all faults.
    pub fn mend(&self) {
        self.inner.lock().faults.clear();
    }

    /// Forgets what was counted, and slows each call down so that those of one round overlap for sure.
    pub fn start_counting(&self) {
        let mut state = self.inner.lock();
        state.calls.clear();
        state.delay = Duration::from_millis(200);
    }

    /// What passed since then.
    pub fn cost(&self) -> Cost {
        let state = self.inner.lock();
        let units = |read: bool| {
            state.calls.iter().filter(|call| is_read(&call.action) == read).map(|call| call.units).sum()
        };
        Cost { read: units(true), write: units(false), rounds: rounds(&state.calls) }
    }

    /// How many calls of an action on a table (by the end of its name) passed.
    pub fn count(&self, action: &str, table: &str) -> usize {
        let state = self.inner.lock();
        state.calls.iter().filter(|call| call.action == action && call.table.ends_with(table)).count()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, Records> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next_fault(&self, action: &str, body: &str) -> Option<FaultKind> {
        let mut state = self.lock();
        let hit = state
            .faults
            .iter_mut()
            .find(|f| f.times > 0 && f.action == action && body.contains(&format!("{}\"", f.table)))?;
        hit.times -= 1;
        Some(hit.kind)
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

fn is_read(action: &str) -> bool {
    matches!(action, "GetItem" | "Query" | "Scan" | "BatchGetItem" | "TransactGetItems")
}

async fn pass(State(inner): State<Arc<Inner>>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|t| t.to_str().ok()).unwrap_or_default().to_owned();
    let action = target.rsplit('.').next().unwrap_or_default().to_owned();
    let text = String::from_utf8_lossy(&body).into_owned();
    let fault = inner.next_fault(&action, &text);
    match fault {
        Some(FaultKind::Throttled) => return refusal(400, "ProvisionedThroughputExceededException"),
        Some(FaultKind::Broken) => return refusal(500, "InternalServerError"),
        Some(FaultKind::Denied) => return refusal(400, "AccessDeniedException"),
        Some(FaultKind::Silent) => tokio::time::sleep(Duration::from_secs(60)).await,
        Some(FaultKind::Slow) => tokio::time::sleep(Duration::from_millis(5)).await,
        Some(FaultKind::AnswerLost) | None => {}
    }
    let started = Instant::now();
    let delay = inner.lock().delay;
    tokio::time::sleep(delay).await;
    let mut request: Value = serde_json::from_str(&text).expect("the SDK sends JSON");
    request["ReturnConsumedCapacity"] = json!("TOTAL");
    let answer = inner
        .http
        .post(&inner.engine)
        .headers(forwarded(&headers))
        .body(request.to_string())
        .send()
        .await
        .expect("the engine answers");
    let (status, bytes) = (answer.status().as_u16(), answer.bytes().await.expect("a body"));
    let units = units(&serde_json::from_slice(&bytes).unwrap_or(Value::Null));
    let table = request["TableName"].as_str().unwrap_or_default().to_owned();
    inner.lock().calls.push(Call { action, table, units, started, ended: Instant::now() });
    if fault == Some(FaultKind::AnswerLost) {
        return refusal(500, "InternalServerError");
    }
    let status = StatusCode::from_u16(status).expect("a status");
    (status, [("content-type", "application/x-amz-json-1.0")], bytes).into_response()
}

fn forwarded(headers: &HeaderMap) -> HeaderMap {
    let kept = ["authorization", "content-type", "x-amz-date", "x-amz-target"];
    headers
        .iter()
        .filter(|(name, _)| kept.contains(&name.as_str()))
        .map(|(n, v)| (n.clone(), v.clone()))
        .collect()
}

/// What the answer says that it consumed; a refused conditional write says nothing and costs one unit all the same.
fn units(answer: &Value) -> f64 {
    if answer["__type"].as_str().is_some_and(|t| t.ends_with("ConditionalCheckFailedException")) {
        return 1.0;
    }
    match &answer["ConsumedCapacity"] {
        Value::Array(tables) => tables.iter().filter_map(|t| t["CapacityUnits"].as_f64()).sum(),
        table => table["CapacityUnits"].as_f64().unwrap_or(0.0),
    }
}

fn refusal(status: u16, code: &str) -> Response {
    let body = json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{code}"), "message": "broken by a test" });
    let status = StatusCode::from_u16(status).expect("a status");
    (status, [("content-type", "application/x-amz-json-1.0")], body.to_string()).into_response()
}
