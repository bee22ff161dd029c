//! What a login's hash costs: processor time, and from it money.

use std::time::{Duration, Instant};

use anyhow::Result;
use shared::{
    domain::{BcryptCost, HashMethod, Password, PasswordHash},
    hashing::{self, processor_time},
};

/// AWS Lambda on arm64, a GB-second in US dollars (us-east-1, first tier, November 2026), and the memory of login.
const PRICE: f64 = 0.000_013_333_4;
const GIGABYTES: f64 = 1769.0 / 1024.0;

/// What is disturbed only ever takes longer: the least of so many counts.
const TIMES: usize = 20;

/// Hashes that other systems make, of a password that nobody knows: what a wrong password against them takes.
const FOREIGN: [(&str, &str); 4] = [
    ("bcrypt, cost 10", "$2a$10$YEhPXjU93Oea6VaI1TsJi.Vs9WypLwfIp2LhjijVAdcOVpeYUPS2G"),
    (
        "pbkdf2-sha256, 27500",
        "$pbkdf2-sha256$i=27500$EPgscX9CQz7UnuZDNZxtMw$KqABIiReBuRWbP4pBct3W067pNvYzeN7ILBV+8vT8nu",
    ),
    (
        "argon2id, 7 MiB x 5",
        "$argon2id$v=19$m=7168,t=5,p=1$RJ0aLMQ2qKbZuROs7qQhcA$BuViHNDGmCq80fvpty/QoggTI8NSt0CuNDGgeoa5f5A",
    ),
    (
        "scrypt, 16 MiB",
        "$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw",
    ),
];

/// Prints one line for each method, and how a wrong password against each foreign hash compares with it.
pub async fn measure() -> Result<()> {
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
        for (foreign, hash) in FOREIGN {
            let stored = PasswordHash::foreign(hash)?;
            let (wrong, unknown) = in_turns(stored, &password, method).await?;
            let more = (wrong / unknown - 1.0) * 100.0;
            println!(
                "    wrong against {foreign:22} {:6.1} ms, unknown {:6.1} ms: {more:+.1}%",
                wrong * 1e3,
                unknown * 1e3
            );
        }
    }
    Ok(())
}

/// Seconds of a wrong password and of an unknown e-mail, by the clock, as login compares them.
async fn in_turns(stored: PasswordHash, password: &Password, method: HashMethod) -> Result<(f64, f64)> {
    let mut least = [Duration::MAX; 2];
    for _ in 0..TIMES {
        for (least, stored) in least.iter_mut().zip([Some(stored.clone()), None]) {
            let began = Instant::now();
            hashing::compare(stored, password.clone(), method).await?;
            *least = (*least).min(began.elapsed());
        }
    }
    Ok((least[0].as_secs_f64(), least[1].as_secs_f64()))
}

fn least(work: impl Fn()) -> Duration {
    let times = (0..TIMES).map(|_| {
        let began = processor_time();
        work();
        processor_time().saturating_sub(began)
    });
    times.min().unwrap_or_default()
}
