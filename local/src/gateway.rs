//! API Gateway on one machine: finds the function of a call, hands it the event, and makes a response of its answer.

use std::{collections::BTreeMap, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    body::{Body, Bytes, to_bytes},
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Uri},
    response::IntoResponse,
    serve::ListenerExt,
};
use serde_json::json;
use tokio::{net::TcpListener, sync::watch, time::timeout};
use uuid::Uuid;

use crate::{
    Error, answer, clock, console,
    cors::Cors,
    event,
    function::{Function, Invoked},
    instance::Failure,
    pages::Pages,
    route::Route,
    sample,
};

/// API Gateway's limit of a request's body.
const MAX_BODY: usize = 10 * 1024 * 1024;
/// API Gateway gives up on a function after this time.
const LIMIT: Duration = Duration::from_secs(30);

/// The API with its pages.
pub struct Gateway {
    routes: Vec<(Route, Arc<Function>)>,
    /// Protects the sample of a route that is somebody's own.
    authorizer: Option<Arc<Function>>,
    cors: Cors,
    pages: Arc<Pages>,
}

impl Gateway {
    /// A gateway to these functions.
    pub fn new(functions: &[Arc<Function>], cors: Cors, pages: Arc<Pages>) -> Self {
        let mut routes: Vec<_> = functions
            .iter()
            .flat_map(|function| {
                function.spec.routes.iter().map(|route| (route.clone(), Arc::clone(function)))
            })
            .collect();
        routes.sort_by_key(|(route, _)| std::cmp::Reverse(route.precision()));
        let authorizer = functions.iter().find(|function| function.spec.name == "authorizer").cloned();
        Self { routes, authorizer, cors, pages }
    }

    /// Serves until everything stops.
    ///
    /// # Errors
    /// When the listener fails.
    pub async fn serve(
        self,
        listener: TcpListener,
        mut stopping: watch::Receiver<bool>,
    ) -> Result<(), Error> {
        let listener = listener.tap_io(|connection| _ = connection.set_nodelay(true));
        let service = Router::new()
            .fallback(receive)
            .with_state(Arc::new(self))
            .into_make_service_with_connect_info::<SocketAddr>();
        let stopped = async move { _ = stopping.wait_for(|stopping| *stopping).await };
        Ok(axum::serve(listener, service).with_graceful_shutdown(stopped).await?)
    }

    async fn call(&self, call: Call) -> Response<Body> {
        if self.cors.is_preflight(&call.method, &call.headers) {
            let mut response = StatusCode::NO_CONTENT.into_response();
            response.headers_mut().extend(self.cors.preflight(&call.headers));
            return response;
        }
        let path = call.uri.path();
        let found = self.routes.iter().find_map(|(route, function)| {
            Some((route, function, route.matches(call.method.as_str(), path)?))
        });
        let sample = self.authorizer.as_ref().filter(|_| sample::is_for(&call.method, path));
        let mut response = match (found, sample) {
            (Some((route, function, parameters)), _) => invoke(&call, route, function, &parameters).await,
            (None, Some(authorizer)) => invoke_authorizer(&call, authorizer).await,
            (None, None) => {
                if let Some(page) = self.pages.answer(&call.method, path, &call.headers, &call.body).await {
                    return page;
                }
                console::note(&format!("404 {} {path}: no route of the template", call.method));
                (StatusCode::NOT_FOUND, Json(json!({ "message": "Not Found" }))).into_response()
            }
        };
        self.cors.apply(&call.headers, response.headers_mut());
        if let Ok(id) = HeaderValue::from_str(&call.id) {
            response.headers_mut().insert("apigw-requestid", id);
        }
        response
    }
}

struct Call {
    id: String,
    peer: SocketAddr,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
}

impl Call {
    fn request<'a>(
        &'a self,
        route_key: &'a str,
        path_parameters: &'a BTreeMap<String, String>,
    ) -> event::Request<'a> {
        event::Request {
            route_key,
            path_parameters,
            method: &self.method,
            uri: &self.uri,
            headers: &self.headers,
            body: &self.body,
            source: self.peer.ip(),
            id: &self.id,
            time: clock::now(),
        }
    }
}

async fn receive(
    State(gateway): State<Arc<Gateway>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        return (StatusCode::PAYLOAD_TOO_LARGE, Json(json!({ "message": "Request Entity Too Large" })))
            .into_response();
    };
    let id = Uuid::new_v4().simple().to_string()[..16].to_owned();
    gateway.call(Call { id, peer, method: parts.method, uri: parts.uri, headers: parts.headers, body }).await
}

async fn invoke(
    call: &Call,
    route: &Route,
    function: &Arc<Function>,
    path_parameters: &BTreeMap<String, String>,
) -> Response<Body> {
    let event = event::encode(&call.request(&route.key(), path_parameters));
    let name = &function.spec.name;
    let what = format!("{} {}", call.method, call.uri.path());
    let Ok(invoked) = timeout(LIMIT, function.invoke(Bytes::from(event.to_string()))).await else {
        let why = format!("function `{name}` had no free instance within {} s", LIMIT.as_secs());
        console::note(&format!("503 {what}  {why}"));
        return failed(StatusCode::SERVICE_UNAVAILABLE, name, &why);
    };
    let response = respond(name, &invoked);
    console::invocation(&what, response.status().as_str(), name, &invoked);
    response
}

/// Asks the authorizer about a call of the sample route. Whatever is no answer of its is a 500, as on AWS.
async fn invoke_authorizer(call: &Call, authorizer: &Arc<Function>) -> Response<Body> {
    let Some(event) = sample::question(&call.request(sample::ROUTE_KEY, &BTreeMap::new())) else {
        return sample::unauthorized();
    };
    let name = &authorizer.spec.name;
    let Ok(invoked) = timeout(sample::LIMIT, authorizer.invoke(Bytes::from(event.to_string()))).await else {
        let why = format!("no answer within {} s", sample::LIMIT.as_secs());
        return failed(StatusCode::INTERNAL_SERVER_ERROR, name, &why);
    };
    let answer = invoked.outcome.as_ref().map_err(ToString::to_string);
    let response = answer
        .and_then(sample::respond)
        .unwrap_or_else(|why| failed(StatusCode::INTERNAL_SERVER_ERROR, name, &format!("`{name}` {why}")));
    let what = format!("{} {}", call.method, call.uri.path());
    console::invocation(&what, response.status().as_str(), name, &invoked);
    response
}

fn respond(name: &str, invoked: &Invoked) -> Response<Body> {
    let (status, why) = match &invoked.outcome {
        Ok(returned) => match answer::decode(returned) {
            Ok(response) => return response,
            Err(why) => {
                let why = format!("gave no answer that a gateway takes: {why}");
                console::note(&format!("function `{name}` {why}"));
                (StatusCode::BAD_GATEWAY, why)
            }
        },
        Err(failure @ Failure::Timeout(_)) => (StatusCode::GATEWAY_TIMEOUT, failure.to_string()),
        Err(failure @ Failure::Stopping) => (StatusCode::SERVICE_UNAVAILABLE, failure.to_string()),
        Err(failure) => (StatusCode::BAD_GATEWAY, failure.to_string()),
    };
    failed(status, name, &format!("function `{name}` {why}; its log is in the terminal of `cargo dev`"))
}

/// AWS says only "Internal Server Error"; on one machine the developer may know.
fn failed(status: StatusCode, function: &str, detail: &str) -> Response<Body> {
    let message = status.canonical_reason().unwrap_or("Error");
    (status, Json(json!({ "message": message, "function": function, "detail": detail }))).into_response()
}
