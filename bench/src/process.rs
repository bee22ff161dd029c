//! The command `latchkey` as a process of its own: how long it takes, and how much memory at most.

use std::{
    path::PathBuf,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use latchkey_local::instance::peak_memory_of;
use tokio::{process::Command, time::sleep};

/// What a run took.
pub struct Run {
    /// From its start to its end.
    pub took: Duration,
    /// The most memory that it had, in MiB.
    pub peak: f64,
    /// What it said for programs.
    pub answer: serde_json::Value,
}

/// Runs the command beside this program on a database, to its end.
pub async fn latchkey(database: &str, arguments: &[&str]) -> Result<Run> {
    let command: PathBuf = std::env::current_exe()?.with_file_name("latchkey");
    let began = Instant::now();
    let mut child = Command::new(&command)
        .args(arguments)
        .args(["--json", "--endpoint-url", database])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("{} is not built", command.display()))?;
    let id = child.id().unwrap_or_default();
    let mut peak = 0;
    // The kernel keeps the peak itself, until the process is gone.
    while child.try_wait()?.is_none() {
        peak = peak.max(peak_memory_of(id).unwrap_or_default());
        sleep(Duration::from_millis(20)).await;
    }
    let took = began.elapsed();
    let output = child.wait_with_output().await?;
    ensure!(output.status.success(), "latchkey {} failed", arguments.join(" "));
    let peak = peak as f64 / 1024.0;
    Ok(Run { took, peak, answer: serde_json::from_slice(&output.stdout).unwrap_or_default() })
}
