//! What tests set up, and nothing that they show.
//!
//! [`world::World`] is every function in this process on a real engine of its own; [`stage::Stage`] is `cargo dev` with
//! the real binaries.

mod account;
mod asked;
pub mod call;
pub mod contract;
mod cost;
mod functions;
pub mod gateways;
pub mod keys;
pub mod look;
mod managers;
mod people;
pub mod pool;
pub mod proxy;
mod sample;
pub mod stage;
pub mod world;
