//! What must be installed before anything can run, and how to install it.

use std::{env, ffi::OsString, path::Path, process::Command};

use anyhow::{Result, bail};

use crate::{command, python};

/// The oldest compiler that the workspace supports (`rust-version`).
const RUST_VERSION: &str = env!("CARGO_PKG_RUST_VERSION");

/// Refuses to test while something is missing, and names all of it at once.
pub fn check(with_python: bool) -> Result<()> {
    let python = if with_python { python::missing() } else { None };
    refuse_without(&[rust(), components(), c_compiler(), python])
}

/// Refuses to build while something is missing.
pub fn check_compilers() -> Result<()> {
    refuse_without(&[rust(), c_compiler()])
}

fn refuse_without(missing: &[Option<String>]) -> Result<()> {
    let missing: Vec<&str> = missing.iter().flatten().map(String::as_str).collect();
    if !missing.is_empty() {
        bail!("this machine lacks something:\n  - {}", missing.join("\n  - "));
    }
    Ok(())
}

fn rust() -> Option<String> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| OsString::from("rustc"));
    let told = command::stdout(Command::new(rustc).arg("--version")).ok()?;
    let found = told.split_whitespace().nth(1)?;
    (version(found)? < version(RUST_VERSION)?)
        .then(|| format!("Rust {RUST_VERSION} or newer (this is {found}): `rustup update stable`"))
}

/// The numbers of `1.95.0`, `1.96.0-nightly`, `3.11.7`, so that versions can be compared.
pub fn version(text: &str) -> Option<Vec<u32>> {
    let release = text.split(['-', '+']).next()?;
    release.split('.').map(|part| part.parse().ok()).collect()
}

fn components() -> Option<String> {
    let has = |name: &str| command::succeeds(command::cargo().args([name, "--version"]));
    (!has("fmt") || !has("clippy"))
        .then(|| "rustfmt and clippy: `rustup component add rustfmt clippy`".to_owned())
}

/// On Windows the compiler comes with the linker that Rust itself wants.
fn c_compiler() -> Option<String> {
    let chosen = env::var_os("CC");
    let known = ["cc", "gcc", "clang"].map(OsString::from);
    let mut candidates = chosen.into_iter().chain(known);
    let found = candidates.any(|name| command::succeeds(Command::new(Path::new(&name)).arg("--version")));
    (!found && cfg!(unix)).then(|| {
        "a C compiler: `apt install build-essential`, `dnf install gcc` or `xcode-select --install`"
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_their_numbers() {
        for (older, newer) in
            [("1.94.1", "1.95.0"), ("1.94.1", "1.100.0-nightly"), ("3.9.2", "3.10"), ("3", "3.1")]
        {
            assert!(version(older) < version(newer), "{older} {newer}");
        }
        assert_eq!(version("unknown"), None);
    }
}
