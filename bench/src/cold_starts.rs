//! Cold starts of the release binaries: from the start of the process to its first poll for an event.

use std::{path::Path, time::Duration};

use anyhow::{Result, ensure};
use latchkey_local::{
    dynamodb::{self, Engine},
    instance::{Failure, Instance, Launch},
    launch::launches,
    template::Template,
};
use tokio::sync::watch;

use crate::TEMPLATE;

/// What one function's starts took.
struct Starts {
    median: Duration,
    most: Duration,
    /// The most memory at the first poll, in MiB.
    memory: f64,
    /// Of the binary.
    bytes: u64,
}

/// Prints a table of all functions, each started `rounds` times, with managed keys and with a secret.
pub async fn measure(rounds: usize) -> Result<()> {
    ensure!(rounds > 0, "say how many rounds");
    let template = Template::read(TEMPLATE).map_err(anyhow::Error::from_boxed)?.with_local_values(9000);
    let secret = template.clone().with("SecretKey", "0123456789abcdef0123456789abcdef");
    for (what, template) in [("managed keys", template), ("a SECRET_KEY", secret)] {
        println!("with {what}");
        let engine = dynamodb::start_in_memory(&template).await.map_err(anyhow::Error::from_boxed)?;
        measure_all(&template, &engine, rounds).await?;
    }
    Ok(())
}

async fn measure_all(template: &Template, engine: &Engine, rounds: usize) -> Result<()> {
    let (_running, stopping) = watch::channel(false);
    let endpoints = [("AWS_ENDPOINT_URL_DYNAMODB", engine.url.clone())];
    let here = std::env::current_exe()?;
    let binaries = here.parent().unwrap_or(Path::new("."));
    let launches = launches(template, binaries, &endpoints, &stopping).map_err(anyhow::Error::from_boxed)?;
    for (spec, launch) in launches {
        match starts(&launch, rounds).await {
            Ok(Starts { median, most, memory, bytes }) => println!(
                "    {:12} {:5.1} ms, {:5.1} ms at most; {memory:4.1} MiB; {:4.1} MB",
                spec.name,
                median.as_secs_f64() * 1e3,
                most.as_secs_f64() * 1e3,
                bytes as f64 / 1e6
            ),
            // The authorizer, with a secret.
            Err(failure) => println!("    {:12} {failure}", spec.name),
        }
    }
    Ok(())
}

/// The first start is not counted: it reads the binary from the disk, and makes the first key.
async fn starts(launch: &Launch, rounds: usize) -> Result<Starts, Failure> {
    let mut times = Vec::with_capacity(rounds);
    let mut memory = 0.0_f64;
    for round in 0..=rounds {
        let mut instance = Instance::start(launch).await?;
        memory = memory.max(instance.peak_memory().unwrap_or_default() as f64 / 1024.0);
        if round > 0 {
            times.push(instance.ready_after());
        }
        instance.end(Failure::Stopping).await;
    }
    times.sort_unstable();
    let bytes = std::fs::metadata(&launch.binary).map(|file| file.len()).unwrap_or_default();
    Ok(Starts {
        median: times[times.len() / 2],
        most: times.last().copied().unwrap_or_default(),
        memory,
        bytes,
    })
}
