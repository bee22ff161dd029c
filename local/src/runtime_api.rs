//! The Lambda Runtime API, as AWS documents it, for one function instance: a function asks it for its next event
//! and posts its answer to it.

use std::sync::Arc;

use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, Path, State},
    http::{Response, StatusCode},
    routing::{get, post},
};
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    sync::{Mutex, mpsc},
    task::JoinHandle,
};

/// Lambda's own limit of a synchronous answer.
const MAX_ANSWER: usize = 6 * 1024 * 1024;

/// One event on its way to a function.
pub struct Invocation {
    /// The request id.
    pub id: String,
    /// When the function's time is over, in milliseconds since 1970.
    pub deadline: i64,
    /// The function's ARN.
    pub arn: String,
    /// The event.
    pub event: Bytes,
}

/// What a function instance told us.
pub enum Report {
    /// It is ready for an event.
    Ready,
    /// It answered this request.
    Answer(String, Bytes),
    /// It refused this request with an error.
    Error(String, Value),
    /// It failed before it was ready.
    InitError(Value),
}

struct Shared {
    invocations: Mutex<mpsc::UnboundedReceiver<Invocation>>,
    reports: mpsc::UnboundedSender<Report>,
}

/// Serves one instance on `listener` until the task is aborted.
pub fn serve(
    listener: TcpListener,
    invocations: mpsc::UnboundedReceiver<Invocation>,
    reports: mpsc::UnboundedSender<Report>,
) -> JoinHandle<()> {
    let shared = Arc::new(Shared { invocations: Mutex::new(invocations), reports });
    let api = Router::new()
        .route("/invocation/next", get(next))
        .route("/invocation/{id}/response", post(response))
        .route("/invocation/{id}/error", post(error))
        .route("/init/error", post(init_error))
        .layer(DefaultBodyLimit::max(MAX_ANSWER))
        .with_state(shared);
    let api = Router::new().nest("/2018-06-01/runtime", api);
    tokio::spawn(async move { _ = axum::serve(listener, api).await })
}

async fn next(State(shared): State<Arc<Shared>>) -> Response<Body> {
    _ = shared.reports.send(Report::Ready);
    let Some(invocation) = shared.invocations.lock().await.recv().await else {
        // The instance is about to be killed: nobody waits for this answer.
        return std::future::pending().await;
    };
    let trace: String = invocation.id.chars().filter(char::is_ascii_hexdigit).take(24).collect();
    let trace = format!("Root=1-{:08x}-{trace};Sampled=0", invocation.deadline / 1000);
    Response::builder()
        .header("content-type", "application/json")
        .header("lambda-runtime-aws-request-id", &invocation.id)
        .header("lambda-runtime-deadline-ms", invocation.deadline)
        .header("lambda-runtime-invoked-function-arn", &invocation.arn)
        .header("lambda-runtime-trace-id", trace)
        .body(Body::from(invocation.event))
        .unwrap_or_default()
}

async fn response(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    answer: Bytes,
) -> (StatusCode, Json<Value>) {
    accept(&shared, Report::Answer(id, answer))
}

async fn error(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    body: Bytes,
) -> (StatusCode, Json<Value>) {
    accept(&shared, Report::Error(id, diagnosis(&body)))
}

async fn init_error(State(shared): State<Arc<Shared>>, body: Bytes) -> (StatusCode, Json<Value>) {
    accept(&shared, Report::InitError(diagnosis(&body)))
}

fn accept(shared: &Shared, report: Report) -> (StatusCode, Json<Value>) {
    _ = shared.reports.send(report);
    (StatusCode::ACCEPTED, Json(json!({ "status": "OK" })))
}

fn diagnosis(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or_else(|_| json!({ "errorMessage": String::from_utf8_lossy(body) }))
}
