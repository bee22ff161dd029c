//! What tests set up, and nothing that they show.
//!
//! [`world::World`] is every function in this process on a real engine of its own; [`stage::Stage`] is `cargo dev` with
//! the real binaries.

mod account;
mod asked;
pub mod call;
mod cost;
mod functions;
pub mod look;
mod managers;
mod people;
pub mod pool;
pub mod proxy;
pub mod stage;
pub mod world;
