//! `cargo dev`: the cloud on one machine, in one command.

use std::{
    env,
    io::{Write, stdout},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use clap::Parser;
use latchkey_local::{
    Error,
    account::{EMAIL, PASSWORD},
    cloud::{Cloud, Options, Ports},
};
use serde_json::json;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Runs Latchkey on this machine: the real functions, with a DynamoDB, an inbox and a gateway of its own.
///
/// A setting in the environment, such as LOCKOUT_MINUTES=1, reaches the functions and wins over template.yaml.
#[derive(Parser)]
#[command(name = "cargo dev", bin_name = "cargo dev", version)]
struct Arguments {
    /// Port of the API (under /api/v1) and the inbox (at /inbox); 0 takes any free one
    #[arg(long, default_value_t = 9000)]
    port: u16,
    /// Port of DynamoDB; 0 takes any free one
    #[arg(long, default_value_t = 8000)]
    dynamodb_port: u16,
    /// Folder where users and sessions are kept [default: target/latchkey]
    #[arg(long, value_name = "DIR", conflicts_with = "memory")]
    data: Option<PathBuf>,
    /// Keep nothing: begin empty, and forget all at the end
    #[arg(long)]
    memory: bool,
    /// Print one line of JSON with the URLs when ready, and nothing else, on stdout
    #[arg(long)]
    json: bool,
    /// Instances of one function that may run at the same time; further requests wait
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    concurrency: u16,
    /// How long the outbox waits before it tries a failed mail again, in milliseconds; doubled each time, up to 10 s
    #[arg(long, value_name = "MS", default_value_t = 100)]
    retry_after: u64,
    /// Leave out the account to try
    #[arg(long)]
    no_account: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Error> {
    let mut end = End::new()?;
    let binaries = env::current_exe()?.parent().map(Path::to_path_buf).ok_or("this program lies nowhere")?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the workspace is gone")?;
    let ports = Ports::take(arguments.port, arguments.dynamodb_port).await?;
    let kept = || arguments.data.clone().unwrap_or_else(|| root.join("target/latchkey"));
    let options = Options {
        template: root.join("template.yaml"),
        contract: root.join("openapi.yaml"),
        mails: root.join("functions/mailer/mails"),
        pages: root.join("web/pages/dist"),
        binaries,
        data: (!arguments.memory).then(kept),
        concurrency: arguments.concurrency.into(),
        first_wait: Duration::from_millis(arguments.retry_after),
        account: !arguments.no_account,
    };
    let cloud = tokio::select! {
        cloud = Cloud::start(&options, ports) => cloud?,
        () = end.signal() => return Ok(()),
    };
    let welcome = if arguments.json { ready(&cloud) } else { welcome(&cloud, &options) };
    writeln!(stdout(), "{welcome}")?;
    stdout().flush()?;
    end.signal().await;
    cloud.stop().await;
    Ok(())
}

/// Ctrl-C, or a polite kill.
struct End {
    interrupt: Signal,
    terminate: Signal,
}

impl End {
    fn new() -> Result<Self, Error> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn signal(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

fn ready(cloud: &Cloud) -> String {
    json!({ "api": cloud.api, "inbox": cloud.inbox, "dynamodb": cloud.dynamodb }).to_string()
}

fn welcome(cloud: &Cloud, options: &Options) -> String {
    let Cloud { api, docs, inbox, dynamodb, .. } = cloud;
    let pages = match cloud.has_pages {
        true => api.trim_end_matches("/api/v1"),
        false => "not built: `cd web && npm ci && npm run build --workspace pages`",
    };
    let data = match &options.data {
        Some(folder) => format!("kept in {}", folder.display()),
        None => "in memory".to_owned(),
    };
    let account = match cloud.has_account {
        true => format!("{EMAIL}  {PASSWORD}  (until you reset its password; --memory begins anew)"),
        false => "none; `latchkey user create` makes one".to_owned(),
    };
    let warning = match &cloud.complaint {
        Some(complaint) => format!("\nBut functions will not start with these settings:\n{complaint}\n"),
        None => String::new(),
    };
    let call = "curl -sS -w '\\n' -H 'content-type: application/json'";
    // curl sends Secure cookies over http to localhost and 127.0.0.1, as browsers do.
    let jar = options.binaries.with_file_name("latchkey.cookies");
    let jar = jar.display();
    format!(
        r#"
Latchkey is running. Ctrl-C stops it.

  Pages     {pages}
  API       {api}
  Docs      {docs}
  Inbox     {inbox}
  DynamoDB  {dynamodb}  (data {data})
  Account   {account}
{warning}
Log in, and keep the refresh cookie in a jar:
{call} -c {jar} {api}/auth/login -d '{{"email":"{EMAIL}","password":"{PASSWORD}","delivery":"cookie"}}'

Exchange it for the next one:
{call} -b {jar} -c {jar} {api}/auth/refresh -d '{{}}'

Ask for a reset, then look at the inbox:
{call} {api}/auth/forgot-password -d '{{"email":"{EMAIL}"}}'
"#
    )
}
