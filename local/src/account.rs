//! The account to try: made by the operator's own command, so that it is like any other.

use std::{collections::BTreeMap, path::Path, process::Stdio};

use serde_json::json;
use tokio::{io::AsyncWriteExt, process::Command};

use crate::{Error, dynamodb::Engine};

/// The account's e-mail.
pub const EMAIL: &str = "ada@example.com";
/// The account's password.
pub const PASSWORD: &str = "Correct-Horse-7-Staple";

/// Creates the account unless it is there. `settings` are a function's, so that both agree on tables and hashes.
///
/// # Errors
/// When the `latchkey` command, which lies in `folder`, can't create it; says why.
pub async fn ensure(
    engine: &Engine,
    folder: &Path,
    settings: &BTreeMap<String, String>,
) -> Result<(), Error> {
    let table = format!("{}Credentials", settings.get("TABLE_PREFIX").map_or("", String::as_str));
    let exists = || engine.has(&table, &json!({ "email": { "S": EMAIL } }));
    if exists() {
        return Ok(());
    }
    let mut command = Command::new(folder.join("latchkey"))
        .args(["user", "create", EMAIL, "--name", "Ada Lovelace", "--role", "admin"])
        .args(["--password-stdin", "--endpoint-url", &engine.url, "--operator", "cargo dev"])
        .env_clear()
        .envs(settings.iter().filter(|(name, _)| *name != "SECRET_KEY"))
        .envs(crate::launch::CREDENTIALS)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| format!("the command `latchkey` can't be run: {error}"))?;
    if let Some(mut input) = command.stdin.take() {
        // A command that ends before it has read its input says why itself.
        _ = input.write_all(format!("{PASSWORD}\n").as_bytes()).await;
    }
    let output = command.wait_with_output().await?;
    if exists() {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&output.stderr);
    Err(format!("`latchkey user create` made no account ({}): {}", output.status, words.trim()).into())
}
