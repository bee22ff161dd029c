//! Reads vitest's JSON report: each test by its file and title, as the scan of the sources names it.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{
    results::{Outcome, TestResult},
    workspace::Workspace,
};

/// What one run of vitest reported.
pub struct Report {
    /// Each test.
    pub tests: Vec<TestResult>,
    /// Files that failed without a test of theirs: they could not be read, or not be prepared.
    pub broken_files: usize,
}

/// Reads a report.
pub fn read(json: &str, workspace: &Workspace) -> Result<Report> {
    let report: Value = serde_json::from_str(json).context("vitest's report isn't JSON")?;
    let files = report["testResults"].as_array().context("vitest's report has no testResults")?;
    let mut read = Report { tests: Vec::new(), broken_files: 0 };
    for file in files {
        let path = workspace.relative(Path::new(file["name"].as_str().unwrap_or_default()));
        let results = file["assertionResults"].as_array().into_iter().flatten();
        let tests: Vec<_> = results.map(|result| test(&path, result)).collect();
        let has_failed = tests.iter().any(|test| test.outcome == Outcome::Failed);
        read.broken_files += usize::from(file["status"] == "failed" && !has_failed);
        read.tests.extend(tests);
    }
    Ok(read)
}

fn test(path: &str, result: &Value) -> TestResult {
    let outcome = match result["status"].as_str() {
        Some("passed") => Outcome::Passed,
        Some("failed") => Outcome::Failed,
        _ => Outcome::Ignored,
    };
    TestResult { name: format!("{path}::{}", result["title"].as_str().unwrap_or_default()), outcome }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_is_named_by_its_file_and_title_and_a_broken_file_counts() {
        let workspace = Workspace { root: "/house".into(), target: "/house/target".into() };
        let json = r#"{"testResults": [
            {"name": "/house/web/a.test.ts", "status": "failed", "assertionResults": [
                {"title": "holds", "status": "passed"}, {"title": "breaks", "status": "failed"},
                {"title": "waits", "status": "pending"}]},
            {"name": "/house/web/b.test.ts", "status": "failed", "assertionResults": [
                {"title": "never ran", "status": "skipped"}]}]}"#;
        let report = read(json, &workspace).expect("a report");
        let found: Vec<_> = report.tests.iter().map(|test| (test.name.as_str(), test.outcome)).collect();
        assert_eq!(
            found,
            [
                ("web/a.test.ts::holds", Outcome::Passed),
                ("web/a.test.ts::breaks", Outcome::Failed),
                ("web/a.test.ts::waits", Outcome::Ignored),
                ("web/b.test.ts::never ran", Outcome::Ignored),
            ]
        );
        assert_eq!(report.broken_files, 1);
        assert!(read("{}", &workspace).is_err());
    }
}
