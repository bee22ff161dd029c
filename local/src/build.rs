//! Builds the functions' binaries with cargo, in view of the person who waits.

use std::{env, io::ErrorKind, path::Path};

use tokio::process::Command;

use crate::Error;

/// Builds all binaries of the workspace at `root` into `folder`, where this program itself lies, so that cargo
/// finds everything else built already.
///
/// # Errors
/// When cargo is missing, or the build fails.
pub async fn binaries(root: &Path, folder: &Path) -> Result<(), Error> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(&cargo);
    build.args(["build", "--workspace", "--bins"]).current_dir(root).kill_on_drop(true);
    match folder.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => {}
        Some(profile) => _ = build.args(["--profile", profile]),
    }
    let status = build.status().await.map_err(|error| match error.kind() {
        ErrorKind::NotFound => {
            format!("{} is not here: install Rust from https://rustup.rs", cargo.display())
        }
        _ => format!("can't run {}: {error}", cargo.display()),
    })?;
    if status.success() {
        return Ok(());
    }
    let hint = match has_c_compiler() {
        true => "its messages are above",
        false => "a C compiler is missing: install gcc or clang (Debian: `apt install build-essential`)",
    };
    Err(format!("the functions can't be built: {hint}").into())
}

fn has_c_compiler() -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::var_os("CC").is_some()
        || env::split_paths(&path)
            .any(|folder| ["cc", "gcc", "clang"].iter().any(|name| folder.join(name).exists()))
}
