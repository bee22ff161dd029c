//! bcrypt, off the thread that serves the network, and at the same price for everybody.

use crate::{
    domain::{BcryptCost, MalformedHash, Password, PasswordHash},
    error::{Error, Result},
};

/// How a password compared with what is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// It is the one.
    Right {
        /// Whether the hash was made with another cost than today's.
        outdated: bool,
    },
    /// It is another, or there is none.
    Wrong,
    /// What is stored can't be read. An operator should look.
    Malformed,
}

/// Compares a password with the stored hash, if there is one. Whatever is stored, a comparison that does not end in
/// [`Comparison::Right`] costs one bcrypt of `cost` (promise LG2): without a hash, nobody's is checked; behind one
/// of lower cost, the rest is. Only behind a hash of a higher cost, made before BCRYPT_COST was lowered, it costs more,
/// until that user's next login.
pub async fn compare(
    stored: Option<PasswordHash>,
    password: Password,
    cost: BcryptCost,
) -> Result<Comparison> {
    off_thread(move || compare_here(stored, &password, cost)).await
}

fn compare_here(stored: Option<PasswordHash>, password: &Password, cost: BcryptCost) -> Comparison {
    let Some(hash) = stored else {
        spend(cost.get(), password);
        return Comparison::Wrong;
    };
    match (hash.verify(password), hash.cost()) {
        (Ok(true), Ok(hash_cost)) => Comparison::Right { outdated: hash_cost != cost.get() },
        (Ok(false), Ok(hash_cost)) => {
            // 2^c + 2^c + 2^(c+1) + ... + 2^(cost-1) = 2^cost rounds in all.
            (hash_cost..cost.get()).for_each(|c| spend(c, password));
            Comparison::Wrong
        }
        _ => {
            spend(cost.get(), password);
            Comparison::Malformed
        }
    }
}

/// Hashes a password with a fresh salt: one bcrypt.
pub async fn hash(password: Password, cost: BcryptCost) -> Result<PasswordHash> {
    off_thread(move || PasswordHash::of(&password, cost))
        .await?
        .map_err(|MalformedHash| Error::Internal("bcrypt refused to hash".to_owned()))
}

fn spend(cost: u32, password: &Password) {
    let _ = std::hint::black_box(PasswordHash::nobodys(cost).verify(password));
}

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Error::Internal("the thread that runs bcrypt panicked".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    // PW8 PW9 LG2
    #[tokio::test]
    async fn each_kind_of_stored_hash_has_its_comparison() {
        let cost = |c| BcryptCost::new(c).expect("a cost");
        let password: Password = "Vr7#kqzmwTpx".parse().expect("valid");
        let other: Password = "Vr7#kqzmwTpy".parse().expect("valid");
        let hash = PasswordHash::of(&password, cost(10)).expect("hashes");
        let compare = |stored, password| compare(stored, password, cost(11));

        assert_eq!(
            compare(Some(hash.clone()), password.clone()).await.ok(),
            Some(Comparison::Right { outdated: true })
        );
        assert_eq!(compare(Some(hash), other).await.ok(), Some(Comparison::Wrong));
        assert_eq!(compare(None, password.clone()).await.ok(), Some(Comparison::Wrong));
        let malformed = PasswordHash::from_stored("junk".to_owned());
        assert_eq!(compare(Some(malformed), password).await.ok(), Some(Comparison::Malformed));
    }

    #[cfg(target_os = "linux")]
    /// Time that this thread spent on a processor: other programs don't count.
    fn processor_time(work: impl FnOnce()) -> u64 {
        let spent = || {
            let stat = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
            stat.split(' ').next().and_then(|text| text.parse::<u64>().ok()).expect("nanoseconds")
        };
        let before = spent();
        work();
        spent() - before
    }

    // LG2
    #[cfg(target_os = "linux")]
    #[test]
    fn whatever_is_stored_a_wrong_password_costs_one_bcrypt_of_the_same_cost() {
        let cost = |c| BcryptCost::new(c).expect("a cost");
        let password: Password = "Vr7#kqzmwTpx".parse().expect("valid");
        let wrong: Password = "Vr7#kqzmwTpy".parse().expect("valid");
        let hash = |c| Some(PasswordHash::of(&password, cost(c)).expect("hashes"));
        // The least of five: what disturbs a processor only ever adds.
        let time = |stored: &Option<PasswordHash>| {
            let times = (0..5).map(|_| processor_time(|| _ = compare_here(stored.clone(), &wrong, cost(11))));
            times.min().expect("five")
        };
        let right_cost = time(&hash(11));
        for (stored, what) in [
            (None, "no hash"),
            (hash(10), "a hash of a lower cost"),
            (Some(PasswordHash::from_stored("junk".to_owned())), "a malformed hash"),
        ] {
            let ratio = time(&stored) as f64 / right_cost as f64;
            assert!((0.7..1.4).contains(&ratio), "{what}: {ratio} of the time of a wrong password");
        }
    }
}
