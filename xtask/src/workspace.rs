//! Where things are, as cargo tells it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::command;

/// The repository and the folder that cargo builds into.
pub struct Workspace {
    /// The repository's root.
    pub root: PathBuf,
    /// Usually `target`.
    pub target: PathBuf,
}

impl Workspace {
    /// Asks cargo; needs no network.
    pub fn load() -> Result<Self> {
        let metadata = metadata(&["--no-deps"])?;
        let path = |key: &str| {
            metadata[key]
                .as_str()
                .map(PathBuf::from)
                .with_context(|| format!("cargo metadata tells no {key}"))
        };
        Ok(Self { root: path("workspace_root")?, target: path("target_directory")? })
    }

    /// A path below the root as a person would write it.
    pub fn relative(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }
}

/// `cargo metadata` with further arguments.
pub fn metadata(arguments: &[&str]) -> Result<Value> {
    let json = command::stdout(command::cargo().args(["metadata", "--format-version", "1"]).args(arguments))?;
    serde_json::from_str(&json).context("cargo metadata isn't JSON")
}
