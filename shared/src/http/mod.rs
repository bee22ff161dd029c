//! The HTTP edge: decode, rule, encode. Every function's `main` hands its rule to [`handle`].

mod caller;
mod cookie;
mod fields;
mod origin;
mod reply;
mod run;

use std::{convert::Infallible, panic::AssertUnwindSafe};

use futures::FutureExt;
use lambda_http::{Body, Request, Response};

pub use self::{
    cookie::REFRESH_COOKIE,
    fields::{Decode, Fields, NoBody},
    reply::Reply,
    run::run,
};
pub use crate::caller::{Caller, Delivery};
use crate::{
    app::App,
    domain::Timestamp,
    error::{Error, Result},
    event::Event,
};

/// Answers a request by a rule: an `async fn(&App, R, Caller) -> Result<Reply>`. The clock is read here, once.
pub async fn handle<'a, T, R, F, Fut>(
    app: &'a App<T>,
    rule: F,
    request: Request,
) -> std::result::Result<Response<Body>, Infallible>
where
    T: Sync,
    R: Decode,
    F: FnOnce(&'a App<T>, R, Caller) -> Fut,
    Fut: Future<Output = Result<Reply>>,
{
    Ok(handle_at(app, rule, request, Timestamp::now()).await)
}

/// As [`handle`], at a given time.
pub async fn handle_at<'a, T, R, F, Fut>(
    app: &'a App<T>,
    rule: F,
    request: Request,
    now: Timestamp,
) -> Response<Body>
where
    T: Sync,
    R: Decode,
    F: FnOnce(&'a App<T>, R, Caller) -> Fut,
    Fut: Future<Output = Result<Reply>>,
{
    if request.method() == "OPTIONS" {
        return Reply::no_content().allow(R::METHOD).encode(&app.config.browser);
    }
    let caller = caller::caller_of(&request, now);
    let for_log = caller.clone();
    let answer = async {
        origin::check(&request, &caller, &app.config.browser)?;
        let decoded = fields::decode(&request)?;
        rule(app, decoded, caller).await
    };
    // A panic answers 500, and the function lives on for the next request (promise OP8).
    let result = AssertUnwindSafe(answer).catch_unwind().await.unwrap_or_else(|_| {
        Err(Error::Internal("the function panicked; its place is in the line before".to_owned()))
    });
    result.unwrap_or_else(|error| refusal(&error, &for_log)).encode(&app.config.browser)
}

/// Logs what only we may know, once, here at the edge, and answers what the client may.
fn refusal(error: &Error, caller: &Caller) -> Reply {
    match error {
        Error::Unavailable(_) => Event::failure("request", "unavailable").caused_by(error).log(caller),
        Error::Internal(_) => Event::failure("request", "internal_error").caused_by(error).log(caller),
        Error::ForeignOrigin => Event::failure("request", "foreign_origin").log(caller),
        _ => {}
    }
    Reply::problem(error)
}
