//! The HTTP edge: decode, rule, encode. Every function's `answer` hands its routes and rules to it.

mod call;
mod caller;
mod cookie;
mod fields;
mod origin;
mod reply;
mod run;

pub use self::{
    call::{Answer, Call},
    cookie::{DEVICE_COOKIE, REFRESH_COOKIE},
    fields::{Decode, Fields, NoFields},
    reply::Reply,
    run::run,
};
pub use crate::{
    caller::{Caller, Delivery},
    routes,
};
use crate::{error::Error, event::Event};

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
