//! The contract of the HTTP API, `openapi.yaml`.

use std::{fmt::Display, fs, path::PathBuf};

use serde_yaml_ng::Value;

/// Where the contract lies. It is read each time, so that an edit shows at the next look.
#[derive(Default)]
pub struct Contract {
    path: PathBuf,
}

impl Contract {
    /// The contract in a file.
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// As it is written.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn yaml(&self) -> Result<String, String> {
        fs::read_to_string(&self.path).map_err(|error| format!("{}: {error}", self.path.display()))
    }

    /// The same as JSON, in the same order.
    ///
    /// # Errors
    /// When the file can't be read, or is no YAML; says where it isn't.
    pub fn json(&self) -> Result<String, String> {
        let said = |error: &dyn Display| format!("{}: {error}", self.path.display());
        let content: Value = serde_yaml_ng::from_str(&self.yaml()?).map_err(|error| said(&error))?;
        serde_json::to_string(&content).map_err(|error| said(&error))
    }
}
