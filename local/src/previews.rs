//! What mails say, as their templates are now: rendered by the operator's own command, so that nothing is built anew.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use axum::{
    Json,
    body::Body,
    http::{Response, StatusCode, header},
    response::IntoResponse,
};
use serde_json::json;
use tokio::process::Command;

use crate::function::Function;

/// How to ask for every mail in every language.
#[derive(Default)]
pub struct Previews {
    command: PathBuf,
    templates: PathBuf,
    settings: BTreeMap<String, String>,
}

impl Previews {
    /// By the command `latchkey` in the folder `binaries`, of the folder `templates`, with the mailer's settings.
    pub fn new(binaries: &Path, templates: &Path, functions: &[Arc<Function>]) -> Self {
        let mailer = functions.iter().find(|function| function.spec.name == "mailer");
        Self {
            command: binaries.join("latchkey"),
            templates: templates.to_owned(),
            settings: mailer.map(|mailer| mailer.spec.environment.clone()).unwrap_or_default(),
        }
    }

    /// The mails as JSON; or 422 with what is wrong with a template.
    pub async fn answer(&self) -> Response<Body> {
        match self.rendered().await {
            Ok(mails) => ([(header::CONTENT_TYPE, "application/json")], mails).into_response(),
            Err(message) => {
                (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "message": message }))).into_response()
            }
        }
    }

    async fn rendered(&self) -> Result<Vec<u8>, String> {
        let output = Command::new(&self.command)
            .args(["mail", "preview", "--json", "--from"])
            .arg(&self.templates)
            .env_clear()
            .envs(&self.settings)
            .kill_on_drop(true)
            .output()
            .await
            .map_err(|error| format!("the command `latchkey` can't be run: {error}"))?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let words = String::from_utf8_lossy(&output.stderr);
        Err(words.trim().trim_start_matches("error: ").to_owned())
    }
}
