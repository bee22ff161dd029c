//! Known vulnerabilities in the dependencies, by `cargo audit` and the RustSec advisory database.

use std::{env, path::Path};

use anyhow::{Result, bail};

use crate::{
    command::{self, cargo},
    steps::Done,
};

/// Fails if a dependency has a known vulnerability. What isn't installed or can't be reached is skipped, and said.
pub fn check() -> Result<Done> {
    if !command::succeeds(cargo().args(["audit", "--version"])) {
        return Ok(Done::Skipped("cargo-audit isn't installed: `cargo install cargo-audit --locked`"));
    }
    let Some(database) = env::var_os("RUSTSEC_DB") else { return with_a_fetched_database() };
    // An empty folder would pass for a database without advisories.
    if !Path::new(&database).join("crates").is_dir() {
        bail!("RUSTSEC_DB={} is no checkout of the advisory database", database.display());
    }
    command::run(cargo().args(["audit", "--no-fetch", "--stale", "--db"]).arg(database))?;
    Ok(Done::Whole)
}

fn with_a_fetched_database() -> Result<Done> {
    let output = command::capture(cargo().arg("audit"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if is_unreachable(&said) {
        return Ok(Done::Skipped(
            "the advisory database can't be reached; RUSTSEC_DB=DIR gives a checkout of it",
        ));
    }
    print!("{}{said}", String::from_utf8_lossy(&output.stdout));
    if !output.status.success() {
        bail!("`cargo audit` ended with {}", output.status);
    }
    Ok(Done::Whole)
}

fn is_unreachable(complaint: &str) -> bool {
    complaint.contains("couldn't fetch advisory database")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_failed_fetch_counts_as_unreachable() {
        for (complaint, expected) in [
            ("error: couldn't fetch advisory database: git operation failed: An IO error occurred", true),
            ("error: 1 vulnerability found!", false),
            ("error: not found: Couldn't load Cargo.lock", false),
        ] {
            assert_eq!(is_unreachable(complaint), expected, "{complaint}");
        }
    }
}
