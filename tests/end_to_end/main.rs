//! The real binaries behind the gateway of `cargo dev`, as a front end, an operator and an attacker meet them.

mod account;
mod api_gateway;
mod authorizer;
mod first_spec;
mod foreign;
mod gateway;
mod house;
mod journey;
mod keys;
mod logs;
mod operator;
mod outbox;
mod races;
mod start;
mod verify_tokens;
