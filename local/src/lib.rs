//! The cloud on one machine: runs Latchkey's real function binaries over the Lambda Runtime API, behind an API
//! Gateway, a DynamoDB and an SES of its own. All of it is read from `template.yaml`, so that what works here is
//! what gets deployed.
//!
//! Begin at [`cloud`], which starts everything. Tests of single functions need just [`dynamodb::start_in_memory`].

pub mod account;
pub mod answer;
pub mod clock;
pub mod cloud;
pub mod console;
pub mod contract;
pub mod cors;
pub mod data;
pub mod dynamodb;
pub mod event;
pub mod filter;
pub mod function;
pub mod gateway;
pub mod inbox;
pub mod instance;
pub mod launch;
pub mod outbox;
pub mod pages;
pub mod previews;
pub mod route;
pub mod runtime_api;
pub mod sample;
pub mod ses;
pub mod settings_check;
pub mod site;
pub mod template;

/// Whatever went wrong, in words for the person at the terminal.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
