//! The command itself, on a real engine of its own: what operators and their scripts see.

mod admins;
mod audit;
mod bench;
mod files;
mod follow;
mod imports;
mod imports_of_ones_own;
mod keys;
mod list;
mod moving;
mod sessions;
mod set_email;
mod sources;
mod unlock;
mod users;
