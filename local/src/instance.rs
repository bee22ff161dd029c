//! One instance of a function: the real binary in a process of its own, which sees nothing but its own environment.

use std::{
    path::PathBuf,
    process::{ExitStatus, Stdio},
    time::{Duration, Instant, SystemTime},
};

use axum::body::Bytes;
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    net::TcpListener,
    process::{Child, Command},
    sync::{mpsc, watch},
    task::JoinHandle,
    time::timeout,
};

use crate::{
    console,
    runtime_api::{self, Invocation, Report},
};

/// Lambda gives a function this long from its start to its first request for an event.
const INIT_LIMIT: Duration = Duration::from_secs(10);

/// How to start a function.
#[derive(Debug, Clone)]
pub struct Launch {
    /// The function's short name, before each line of its log.
    pub name: String,
    /// Its binary.
    pub binary: PathBuf,
    /// All of its environment but the address of its Runtime API.
    pub environment: Vec<(String, String)>,
    /// Becomes true when everything stops.
    pub stopping: watch::Receiver<bool>,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Failure {
    /// The binary could not be started.
    Start(std::io::Error),
    /// The function told that it can't start, or did not get ready in time.
    Init(String),
    /// The process ended.
    Exit(ExitStatus),
    /// It took longer than the template allows, and was killed.
    Timeout(Duration),
    /// It posted an error instead of an answer. The process lives on.
    Error(String),
    /// We are stopping.
    Stopping,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Start(error) => write!(f, "can't be started: {error}"),
            Self::Init(why) => write!(f, "failed at its start: {why}"),
            Self::Exit(status) => write!(f, "stopped before it answered ({status})"),
            Self::Timeout(limit) => write!(f, "took longer than its {} s and was killed", limit.as_secs()),
            Self::Error(why) => write!(f, "answered with an error: {why}"),
            Self::Stopping => write!(f, "is stopping"),
        }
    }
}

/// A running process. Dropping it kills the process.
pub struct Instance {
    child: Child,
    api: JoinHandle<()>,
    logs: [JoinHandle<()>; 2],
    invocations: mpsc::UnboundedSender<Invocation>,
    reports: mpsc::UnboundedReceiver<Report>,
    stopping: watch::Receiver<bool>,
    binary: PathBuf,
    built: Option<SystemTime>,
    ready_after: Duration,
}

impl Instance {
    /// Starts a process and waits until it asks for its first event.
    ///
    /// # Errors
    /// When it never asks.
    pub async fn start(launch: &Launch) -> Result<Self, Failure> {
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(Failure::Start)?;
        let address = listener.local_addr().map_err(Failure::Start)?;
        let begin = Instant::now();
        let mut child = Command::new(&launch.binary)
            .env_clear()
            .envs(launch.environment.iter().map(|(name, value)| (name, value)))
            .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // Ctrl-C in the terminal is ours to handle: a request under way must not look like a crash.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(Failure::Start)?;
        let (invocations, waiting) = mpsc::unbounded_channel();
        let (reporter, reports) = mpsc::unbounded_channel();
        let logs = [show(&launch.name, child.stdout.take()), show(&launch.name, child.stderr.take())];
        let mut instance = Self {
            child,
            api: runtime_api::serve(listener, waiting, reporter),
            logs,
            invocations,
            reports,
            stopping: launch.stopping.clone(),
            binary: launch.binary.clone(),
            built: built(&launch.binary),
            ready_after: Duration::ZERO,
        };
        let report = instance.report(INIT_LIMIT).await;
        instance.ready_after = begin.elapsed();
        match report {
            Ok(Report::Ready) => Ok(instance),
            Ok(Report::InitError(error)) => Err(instance.end(Failure::Init(message(&error))).await),
            Ok(_) => Err(instance.end(Failure::Init("it answered before it was asked".into())).await),
            Err(Failure::Timeout(_)) => {
                let why = format!("not ready within {} s", INIT_LIMIT.as_secs());
                Err(instance.end(Failure::Init(why)).await)
            }
            Err(failure) => Err(instance.end(failure).await),
        }
    }

    /// Hands over one event and waits for its answer. After any failure but [`Failure::Error`] the process is gone.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn invoke(&mut self, invocation: Invocation, limit: Duration) -> Result<Bytes, Failure> {
        let id = invocation.id.clone();
        let begin = Instant::now();
        _ = self.invocations.send(invocation);
        let failure = loop {
            match self.report(limit.saturating_sub(begin.elapsed())).await {
                Ok(Report::Answer(of, answer)) if of == id => return Ok(answer),
                Ok(Report::Error(of, error)) if of == id => return Err(Failure::Error(message(&error))),
                Ok(_) => {}
                Err(Failure::Timeout(_)) => break Failure::Timeout(limit),
                Err(failure) => break failure,
            }
        };
        Err(self.end(failure).await)
    }

    /// Whether the process still waits, and is of the binary as it is now: a fresh build takes effect at once.
    pub fn is_usable(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None)) && built(&self.binary) == self.built
    }

    /// The time from the start of the process to its first poll for an event.
    pub fn ready_after(&self) -> Duration {
        self.ready_after
    }

    /// The most memory that the process has held, in kilobytes, where the system tells.
    pub fn peak_memory(&self) -> Option<u64> {
        peak_memory_of(self.child.id()?)
    }

    /// Kills the process, and waits until it is gone and its last words are shown.
    pub async fn end(&mut self, why: Failure) -> Failure {
        _ = self.child.kill().await;
        for log in &mut self.logs {
            // A process of its own making could hold the pipe open.
            _ = timeout(Duration::from_millis(500), log).await;
        }
        why
    }

    async fn report(&mut self, limit: Duration) -> Result<Report, Failure> {
        tokio::select! {
            // An answer counts, even if the process ends with it.
            biased;
            Some(report) = self.reports.recv() => Ok(report),
            status = self.child.wait() => Err(status.map_or_else(Failure::Start, Failure::Exit)),
            _ = self.stopping.wait_for(|stopping| *stopping) => Err(Failure::Stopping),
            () = tokio::time::sleep(limit) => Err(Failure::Timeout(limit)),
        }
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.api.abort();
    }
}

/// The most memory that a running process has held, in kilobytes, where the system tells.
pub fn peak_memory_of(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

fn show(name: &str, pipe: Option<impl AsyncRead + Unpin + Send + 'static>) -> JoinHandle<()> {
    let name = name.to_owned();
    tokio::spawn(async move {
        let Some(pipe) = pipe else { return };
        let mut lines = BufReader::new(pipe).split(b'\n');
        while let Ok(Some(line)) = lines.next_segment().await {
            console::function_line(&name, &String::from_utf8_lossy(&line));
        }
    })
}

fn built(binary: &PathBuf) -> Option<SystemTime> {
    std::fs::metadata(binary).and_then(|file| file.modified()).ok()
}

fn message(error: &Value) -> String {
    let kind = error["errorType"].as_str().unwrap_or("error");
    format!("{kind}: {}", error["errorMessage"].as_str().unwrap_or("without a message"))
}
