//! Stands between the SDK and the engine: refuses what the caller's policy does not grant, counts what DynamoDB would
//! bill, and breaks what a test wants broken.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use latchkey_local::template::{Template, policy::Policy};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::Semaphore, task::JoinHandle};

use crate::{
    asked::Asked,
    cost::{Call, units},
};
pub use crate::{asked::Used, cost::Cost};

/// Who may do everything: tests that set something up, as an operator would.
pub const OPERATOR: &str = "operator";

/// Which function does what on which table or index, and what it touches there.
pub type Uses = BTreeMap<(String, String, String), Used>;

/// A running proxy; it stops when this is dropped. A test in which a policy refused a call fails there: some functions
/// live with a call that fails, and would hide that they may not make it.
pub struct Proxy {
    /// What the SDK takes for DynamoDB; the name of the function that calls follows as its path.
    pub url: String,
    inner: Arc<Inner>,
    server: JoinHandle<()>,
}

struct Inner {
    engine: String,
    http: reqwest::Client,
    policies: BTreeMap<String, Policy>,
    /// The partition key of each table.
    keys: BTreeMap<String, String>,
    state: Mutex<Records>,
    /// One permit for each call that waits to be let go, and one for each that may go.
    held: Semaphore,
    released: Semaphore,
}

#[derive(Default)]
struct Records {
    calls: Vec<Call>,
    uses: Uses,
    refused: BTreeSet<String>,
    faults: Vec<Fault>,
    delay: Duration,
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
    /// It waits until [`Proxy::release`].
    Held,
}

impl Proxy {
    /// Stands in front of the engine at `engine`, with the template's policy for each function.
    pub async fn start(engine: &str, template: &Template) -> Self {
        let tables = template.tables().expect("tables").into_iter();
        let inner = Arc::new(Inner {
            engine: engine.to_owned(),
            http: reqwest::Client::new(),
            policies: template.policies().expect("policies"),
            keys: tables.map(|table| (table.name.clone(), table.partition_key().to_owned())).collect(),
            state: Mutex::default(),
            held: Semaphore::new(0),
            released: Semaphore::new(0),
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

    /// Waits until a call is held: whoever makes it has done all that comes before it.
    pub async fn held(&self) {
        self.inner.held.acquire().await.expect("never closed").forget();
    }

    /// Lets one call go that is held.
    pub fn release(&self) {
        self.inner.released.add_permits(1);
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
        Cost::of(&self.inner.lock().calls)
    }

    /// How many calls of an action on a table (by the end of its name) passed.
    pub fn count(&self, action: &str, table: &str) -> usize {
        let state = self.inner.lock();
        state.calls.iter().filter(|call| call.action == action && call.table.ends_with(table)).count()
    }

    /// What functions used of their policies so far.
    pub fn uses(&self) -> Uses {
        self.inner.lock().uses.clone()
    }

    /// What functions asked for so far that their policies do not grant. Who takes it must judge it.
    pub fn take_refused(&self) -> Vec<String> {
        std::mem::take(&mut self.inner.lock().refused).into_iter().collect()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.server.abort();
        let refused = self.take_refused();
        if !refused.is_empty() {
            let what = format!("template.yaml does not grant {refused:#?}");
            if std::thread::panicking() { eprintln!("{what}") } else { panic!("{what}") }
        }
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, Records> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What IAM does before DynamoDB sees a call.
    fn authorize(&self, function: &str, action: &str, request: &Value) -> bool {
        let mut all_allowed = true;
        for asked in Asked::by(action, request, &self.keys) {
            let policy = self.policies.get(function);
            let allowed = function == OPERATOR || policy.is_some_and(|policy| asked.is_allowed_by(policy));
            let mut state = self.lock();
            if allowed {
                let place = (function.to_owned(), asked.action.clone(), asked.table.clone());
                state.uses.entry(place).or_default().add(asked);
            } else {
                state.refused.insert(format!("{function}: {} on {}", asked.action, asked.table));
            }
            all_allowed &= allowed;
        }
        all_allowed
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

async fn pass(State(inner): State<Arc<Inner>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|t| t.to_str().ok()).unwrap_or_default().to_owned();
    let action = target.rsplit('.').next().unwrap_or_default().to_owned();
    let text = String::from_utf8_lossy(&body).into_owned();
    let mut request: Value = serde_json::from_str(&text).expect("the SDK sends JSON");
    if !inner.authorize(uri.path().trim_matches('/'), &action, &request) {
        return refusal(400, "AccessDeniedException");
    }
    let fault = inner.next_fault(&action, &text);
    match fault {
        Some(FaultKind::Throttled) => return refusal(400, "ProvisionedThroughputExceededException"),
        Some(FaultKind::Broken) => return refusal(500, "InternalServerError"),
        Some(FaultKind::Denied) => return refusal(400, "AccessDeniedException"),
        Some(FaultKind::Silent) => tokio::time::sleep(Duration::from_secs(60)).await,
        Some(FaultKind::Slow) => tokio::time::sleep(Duration::from_millis(5)).await,
        Some(FaultKind::Held) => {
            inner.held.add_permits(1);
            inner.released.acquire().await.expect("never closed").forget();
        }
        Some(FaultKind::AnswerLost) | None => {}
    }
    let started = Instant::now();
    let delay = inner.lock().delay;
    tokio::time::sleep(delay).await;
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

fn refusal(status: u16, code: &str) -> Response {
    let kind = format!("com.amazonaws.dynamodb.v20120810#{code}");
    let body = json!({ "__type": kind, "message": "refused by the tests' proxy" });
    let status = StatusCode::from_u16(status).expect("a status");
    (status, [("content-type", "application/x-amz-json-1.0")], body.to_string()).into_response()
}
