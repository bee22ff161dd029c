//! Files of users, and what an import says of them.

use std::{fs, path::PathBuf};

use latchkey_local::dynamodb::Engine;
use serde_json::Value;

use crate::bench::{run, text};

/// A file of a source.
pub fn source(name: &str) -> String {
    format!("{}/tests/sources/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// A folder of its own, gone when this is dropped.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        let path = std::env::temp_dir().join(format!("latchkey-import-{}", uuid::Uuid::new_v4()));
        fs::create_dir(&path).expect("a folder");
        Self(path)
    }

    pub fn file(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("UTF-8").to_owned()
    }

    pub fn write(&self, name: &str, contents: &str) -> String {
        fs::write(self.file(name), contents).expect("written");
        self.file(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

/// What the command says and what it refuses.
pub async fn import(engine: &Engine, arguments: &str, code: i32) -> (Value, Vec<String>) {
    let output = run(engine, &format!("user import {arguments} --json"), "").await;
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments}: {told}");
    let refused = told.lines().filter(|line| line.starts_with("line ")).map(str::to_owned).collect();
    let summary = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{arguments}: {told}"));
    (summary, refused)
}

/// How many rows each table has.
pub fn everything(engine: &Engine) -> Vec<(String, i64)> {
    let tables = engine.db.table_stats().expect("a count");
    tables.into_iter().map(|table| (table.table_name, table.item_count)).collect()
}
