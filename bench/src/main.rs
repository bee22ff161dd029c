//! Measures what the README says:
//!
//! ```sh
//! cargo build --release -p latchkey -p latchkey-bench
//! target/release/latchkey-bench moving 100000
//! target/release/latchkey-bench hashes
//! ```

#![expect(clippy::print_stdout, reason = "a program for a terminal")]

mod hashes;
mod moving;
mod process;

use anyhow::{Result, bail};

#[tokio::main]
async fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["moving"] => moving::measure(100_000).await,
        ["moving", users] => moving::measure(users.parse()?).await,
        ["hashes"] => hashes::measure().await,
        _ => bail!("say `moving`, `moving USERS` or `hashes`"),
    }
}
