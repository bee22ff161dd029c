//! The real binaries behind the gateway of `cargo dev`, as a front end, an operator and an attacker meet them.

mod account;
mod first_spec;
mod gateway;
mod house;
mod journey;
mod logs;
mod moving;
mod operator;
mod outbox;
mod races;
mod start;
