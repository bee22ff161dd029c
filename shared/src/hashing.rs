//! Hashing passwords, off the thread that serves the network, and at the same price for everybody.

use std::time::Duration;

use crate::{
    domain::{HashMethod, NotHashed, Password, PasswordHash, spend_bcrypt},
    error::{Error, Result},
};

/// How a password compared with what is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// It is the one.
    Right {
        /// Whether it should be hashed anew: its hash is not as today's method makes them, and that can hash it whole.
        outdated: bool,
    },
    /// It is another, or there is none.
    Wrong,
    /// What is stored can't be read. An operator should look.
    Malformed,
}

/// Compares a password with the stored hash, if there is one. Whatever is stored, a comparison that does not end in
/// [`Comparison::Right`] costs one hash of `method` (promise LG2): without a hash, one is computed for nothing; behind a
/// cheaper one, the rest is paid. Only a dearer one, imported or made before the settings changed, costs more, until
/// that user's next login (docs/decisions/0012).
pub async fn compare(
    stored: Option<PasswordHash>,
    password: Password,
    method: HashMethod,
) -> Result<Comparison> {
    off_thread(move || compare_here(stored, &password, method)).await
}

fn compare_here(stored: Option<PasswordHash>, password: &Password, method: HashMethod) -> Comparison {
    let Some(hash) = stored else {
        method.spend(password);
        return Comparison::Wrong;
    };
    let began = processor_time();
    match hash.verify(password) {
        Ok(true) => Comparison::Right { outdated: !hash.is_of(method) && method.takes(password) },
        Ok(false) => {
            if !hash.is_of(method) {
                pay_rest(&hash, processor_time().saturating_sub(began), password, method);
            }
            Comparison::Wrong
        }
        Err(_) => {
            method.spend(password);
            Comparison::Malformed
        }
    }
}

/// Pays what a hash of `method` costs beyond the other one, which took `spent`.
fn pay_rest(other: &PasswordHash, spent: Duration, password: &Password, method: HashMethod) {
    match (other.bcrypt_cost(), method) {
        // 2^c + 2^c + 2^(c+1) + ... + 2^(cost-1) = 2^cost rounds in all.
        (Some(lower), HashMethod::Bcrypt(cost)) => {
            (lower..cost.get()).for_each(|cost| spend_bcrypt(cost, password));
        }
        _ => pay_in_coins(method_in_coins(method), spent, password),
    }
}

/// A bcrypt of this cost is what the rest is paid in: about 2 ms.
const COIN: u32 = 5;

/// What a hash of the method costs, in coins. For Argon2id the number is a measured one, right to about a third: memory
/// and bcrypt's rounds are not equally fast everywhere.
const fn method_in_coins(method: HashMethod) -> u32 {
    match method {
        HashMethod::Bcrypt(cost) => 1 << (cost.get() - COIN),
        HashMethod::Argon2id => 13,
    }
}

/// Pays coin by coin until as much was spent in all as `price` coins cost. What one costs on this processor is measured
/// on the way, so that it does not matter how fast other families of hashes are on it.
fn pay_in_coins(price: u32, spent: Duration, password: &Password) {
    let began = processor_time();
    for paid in 1..=price {
        spend_bcrypt(COIN, password);
        let all = processor_time().saturating_sub(began);
        let coin = all / paid;
        if spent + all + coin / 2 >= coin * price {
            return;
        }
    }
}

/// Time that this thread spent on a processor: what other threads and programs do meanwhile doesn't count.
#[cfg(unix)]
pub fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
}

/// The functions, where it matters, run on Linux.
#[cfg(not(unix))]
pub fn processor_time() -> Duration {
    Duration::ZERO
}

/// Hashes a password with a fresh salt: one hash of the method's cost. Errors: the method can't tell it from others, so
/// long is it; who chose it was told so before.
pub async fn hash(password: Password, method: HashMethod) -> Result<PasswordHash> {
    off_thread(move || PasswordHash::of(&password, method))
        .await?
        .map_err(|error: NotHashed| Error::Internal(error.to_string()))
}

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Error::Internal("the thread that hashes passwords panicked".to_owned()))
}

#[cfg(test)]
mod tests;
