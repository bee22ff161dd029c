//! What the functions share: the domain, the store, the tokens and the HTTP edge. It knows no function.
//!
//! Arrows run one way: `domain` <- `config`, `error` <- `caller`, `event_names`, `event` <- `store`, `mailer`, `token` <-
//! `keys` <- `app` <- `guard`, `http`, `password_check`, `mail_request`.
//! A function is a rule (`functions/<name>/src/lib.rs`) that takes an [`app::App`], a decoded request and a
//! [`caller::Caller`], and answers a value or an [`error::Error`].

pub mod app;
pub mod aws;
pub mod caller;
pub mod config;
pub mod domain;
pub mod error;
pub mod event;
pub mod event_names;
pub mod guard;
pub mod hashing;
pub mod http;
pub mod keys;
pub mod mail_request;
pub mod mailer;
mod newcomer;
mod old_pool;
pub mod password_check;
pub mod store;
pub mod token;
