//! One request on its way to the rule of its route.

use std::{convert::Infallible, panic::AssertUnwindSafe, time::Duration};

use futures::FutureExt;
use lambda_http::{Body, Request, RequestExt, Response};
use tokio::time::timeout;

use super::{caller, fields, origin, refusal, reply::Reply};
use crate::{
    app::App,
    caller::Caller,
    domain::Timestamp,
    error::{Error, Result},
    http::Decode,
};

/// What a function's `answer` gives: always a response, whatever happens.
pub type Answer = std::result::Result<Response<Body>, Infallible>;

/// Every path of ours begins with it; what stands before (a stage, the base path of a domain) is the deployment's.
const BASE: &str = "/api/v1";

/// But those of documents that other software looks for (RFC 8615): they lie at the root.
const WELL_KNOWN: &str = "/.well-known/";

/// A request, when it came, and which of the function's routes it is for: see [`routes!`](crate::routes).
pub struct Call {
    request: Request,
    now: Timestamp,
    path: String,
    parameters: Vec<(&'static str, String)>,
    /// The methods of the routes whose path was the right one.
    methods: Vec<&'static str>,
}

impl Call {
    /// A request that came at `now`.
    pub fn new(request: Request, now: Timestamp) -> Self {
        let path = request.raw_http_path();
        let path = match (path.find(BASE), path.find(WELL_KNOWN)) {
            (Some(base), _) => &path[base + BASE.len()..],
            (None, Some(start)) => &path[start..],
            (None, None) => path,
        };
        let path = path.to_owned();
        Self { request, now, path, parameters: Vec::new(), methods: Vec::new() }
    }

    /// Whether it is for this route; `{name}` in its path stands for one segment.
    pub fn is(&mut self, method: &'static str, path: &'static str) -> bool {
        let Some(parameters) = parameters(path, &self.path) else { return false };
        self.methods.push(method);
        self.parameters = parameters;
        self.request.method() == method
    }

    /// Answers it by a rule: an `async fn(&App, R, Caller) -> Result<Reply>`.
    pub async fn answer<'a, T, R, F, Fut>(self, app: &'a App<T>, rule: F) -> Answer
    where
        T: Sync,
        R: Decode,
        F: FnOnce(&'a App<T>, R, Caller) -> Fut,
        Fut: Future<Output = Result<Reply>>,
    {
        let caller = caller::caller_of(&self.request, self.now);
        let for_log = caller.clone();
        let answer = async {
            origin::check(&self.request, &caller, &app.config.browser)?;
            let decoded = fields::decode(&self.request, self.parameters)?;
            // On the heap: a rule's future holds those of its calls to AWS, and would be copied with each layer around it.
            Box::pin(rule(app, decoded, caller)).await
        };
        // Cut off by Lambda, the caller would get the gateway's words and no 503 (promise OP6).
        let deadline = app.config.request_deadline;
        let answer =
            async { timeout(deadline, answer).await.unwrap_or_else(|_| Err(took_too_long(deadline))) };
        // A panic answers 500, and the function lives on for the next request (promise OP8).
        let result = AssertUnwindSafe(answer).catch_unwind().await.unwrap_or_else(|_| {
            Err(Error::Internal("the function panicked; its place is in the line before".to_owned()))
        });
        Ok(result.unwrap_or_else(|error| refusal(&error, &for_log)).encode(&app.config.browser))
    }

    /// Answers what is for no route: which methods the path takes, or that there is no such path.
    pub fn answer_no_route<T>(self, app: &App<T>) -> Answer {
        let reply = match &self.methods[..] {
            [] => Reply::problem(&Error::NotFound("route")),
            methods if self.request.method() == "OPTIONS" => Reply::no_content().allow(&methods.join(", ")),
            methods => Reply::problem(&Error::MethodNotAllowed(methods.join(", "))),
        };
        Ok(reply.encode(&app.config.browser))
    }
}

fn took_too_long(deadline: Duration) -> Error {
    Error::Unavailable(format!(
        "no answer within {} s: what is behind the function is slow",
        deadline.as_secs()
    ))
}

/// The values of a route's parameters, if the path is the route's.
fn parameters(route: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let (mut wanted, mut given) = (route.split('/'), path.split('/'));
    let mut parameters = Vec::new();
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(parameters),
            (Some(wanted), Some(given)) => {
                match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                    Some(name) if !given.is_empty() => parameters.push((name, given.to_owned())),
                    None if wanted == given => {}
                    _ => return None,
                }
            }
            _ => return None,
        }
    }
}

/// The routes of a function, each with its rule: what its `answer` is made of.
///
/// ```ignore
/// routes! { app, request, now;
///     GET "/auth/sessions" => list,
///     DELETE "/auth/sessions/{session_id}" => end,
/// }
/// ```
#[macro_export]
macro_rules! routes {
    ($app:expr, $request:expr, $now:expr; $($method:ident $path:literal => $rule:expr),+ $(,)?) => {{
        let mut call = $crate::http::Call::new($request, $now);
        $(
            if call.is(stringify!($method), $path) {
                return call.answer($app, $rule).await;
            }
        )+
        call.answer_no_route($app)
    }};
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_finds_its_route_and_gives_its_parameters() {
        for (route, path, expected) in [
            ("/auth/login", "/auth/login", Some(vec![])),
            ("/auth/login", "/auth/login/", None),
            ("/auth/login", "/auth", None),
            ("/admin/users/{user_id}", "/admin/users/7", Some(vec![("user_id", "7".to_owned())])),
            ("/admin/users/{user_id}", "/admin/users/", None),
            ("/admin/users/{user_id}/unlock", "/admin/users/7/lock", None),
        ] {
            assert_eq!(parameters(route, path), expected, "{path} for {route}");
        }
    }
}
