//! `openapi.yaml`, and whether requests and answers are as it says (promise OP10).

mod check;
mod document;
mod schemas;

pub use check::Exchange;
pub use document::{Document, Operation};
