//! `openapi.yaml`, and whether requests and answers are as it says (promise OP10).

mod check;
mod document;
mod example;
mod scene;
mod schemas;

pub use check::Exchange;
pub use document::{Document, Operation};
pub use example::{DONE, Example};
pub use scene::is_as_shown;
