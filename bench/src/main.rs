//! Measures what the README says:
//!
//! ```sh
//! cargo build --release                                  # the functions, lean as they are deployed
//! cargo build --release -p latchkey -p latchkey-bench
//! target/release/latchkey-bench moving 100000
//! target/release/latchkey-bench cold-starts
//! target/release/latchkey-bench hashes
//! ```

#![expect(clippy::print_stdout, reason = "a program for a terminal")]

mod cold_starts;
mod hashes;
mod moving;
mod process;

use anyhow::{Result, bail};

const TEMPLATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../template.yaml");

#[tokio::main]
async fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["moving"] => moving::measure(100_000).await,
        ["moving", users] => moving::measure(users.parse()?).await,
        ["hashes"] => hashes::measure().await,
        ["cold-starts"] => cold_starts::measure(30).await,
        ["cold-starts", rounds] => cold_starts::measure(rounds.parse()?).await,
        _ => bail!("say `moving`, `moving USERS`, `hashes`, `cold-starts` or `cold-starts ROUNDS`"),
    }
}
