//! What a login's hash costs: processor time, and from it money.

use std::time::Duration;

use anyhow::Result;
use shared::domain::{BcryptCost, HashMethod, Password, PasswordHash};

/// AWS Lambda on arm64, a GB-second in US dollars (us-east-1, first tier, November 2026), and the memory of login.
const PRICE: f64 = 0.000_013_333_4;
const GIGABYTES: f64 = 1769.0 / 1024.0;

/// What is disturbed only ever takes longer: the least of so many counts.
const TIMES: usize = 20;

/// Prints one line for each method.
pub fn measure() -> Result<()> {
    let password: Password = "Kestrel-Orbit-92".parse()?;
    let bcrypt = |cost| BcryptCost::new(cost).map(HashMethod::Bcrypt);
    let methods = [
        ("bcrypt, cost 12", bcrypt(12)),
        ("bcrypt, cost 10", bcrypt(10)),
        ("argon2id", Some(HashMethod::Argon2id)),
    ];
    for (name, method) in methods.into_iter().filter_map(|(name, method)| Some((name, method?))) {
        let hash = PasswordHash::of(&password, method)?;
        let check = least(|| _ = hash.verify(&password));
        let unknown = least(|| method.spend(&password));
        let seconds = check.as_secs_f64();
        let million = seconds * GIGABYTES * PRICE * 1e6;
        println!(
            "{name:16} {:6.1} ms a check, {:6.1} ms for an unknown e-mail; {million:.2} USD a million logins",
            seconds * 1e3,
            unknown.as_secs_f64() * 1e3
        );
    }
    Ok(())
}

fn least(work: impl Fn()) -> Duration {
    let times = (0..TIMES).map(|_| {
        let began = processor_time();
        work();
        processor_time().saturating_sub(began)
    });
    times.min().unwrap_or_default()
}

#[cfg(unix)]
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
}

#[cfg(not(unix))]
fn processor_time() -> Duration {
    Duration::ZERO
}
