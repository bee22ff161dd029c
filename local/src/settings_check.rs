//! A look at the settings before a function meets them, by the operator's own command.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use tokio::process::Command;

use crate::function::Function;

/// What `latchkey settings`, which lies in `folder`, says against the functions' settings; `None` if they are right, or
/// it can't be asked.
pub async fn complaint(folder: &Path, functions: &[Arc<Function>]) -> Option<String> {
    let settings: BTreeMap<_, _> = functions.iter().flat_map(|function| &function.spec.environment).collect();
    let output =
        Command::new(folder.join("latchkey")).arg("settings").env_clear().envs(settings).output().await;
    let output = output.ok().filter(|output| !output.status.success())?;
    let words = String::from_utf8_lossy(&output.stderr);
    Some(words.lines().filter(|line| !line.starts_with("error:")).collect::<Vec<_>>().join("\n"))
}
