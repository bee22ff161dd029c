//! The command itself, on a real engine of its own: what operators and their scripts see.

mod admins;
mod audit;
mod bench;
mod follow;
mod imports;
mod moving;
mod sessions;
mod sources;
mod users;
