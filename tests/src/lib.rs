//! What tests set up, and nothing that they show.
//!
//! [`world::World`] is every function in this process on a real engine of its own; [`stage::Stage`] is `cargo dev` with
//! the real binaries.

pub mod call;
pub mod look;
pub mod proxy;
pub mod stage;
pub mod world;
