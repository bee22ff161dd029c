//! What comparisons find, and what they cost.

use super::*;
use crate::domain::BcryptCost;

fn bcrypt(cost: u32) -> HashMethod {
    HashMethod::Bcrypt(BcryptCost::new(cost).expect("a cost"))
}

fn password(text: &str) -> Password {
    text.parse().expect("valid")
}

fn hash_of(text: &str, method: HashMethod) -> Option<PasswordHash> {
    Some(PasswordHash::of(&password(text), method).expect("hashes"))
}

/// PBKDF2 of a password that nobody knows.
fn pbkdf2(iterations: u32) -> Option<PasswordHash> {
    let salt_and_digest = "c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let text = format!("$pbkdf2-sha256$i={iterations}${salt_and_digest}");
    Some(PasswordHash::foreign(&text).expect("a hash"))
}

// PW8 PW9 LG2
#[tokio::test]
async fn each_kind_of_stored_hash_has_its_comparison() {
    let (right, other) = ("Vr7#kqzmwTpx", "Vr7#kqzmwTpy");
    let junk = Some(PasswordHash::from_stored("junk".to_owned()));
    let outdated = Comparison::Right { outdated: true };
    for (stored, typed, method, expected) in [
        (hash_of(right, bcrypt(10)), right, bcrypt(11), outdated),
        (hash_of(right, bcrypt(11)), right, bcrypt(10), outdated),
        (hash_of(right, bcrypt(10)), right, bcrypt(10), Comparison::Right { outdated: false }),
        (hash_of(right, bcrypt(10)), right, HashMethod::Argon2id, outdated),
        (hash_of(right, HashMethod::Argon2id), right, bcrypt(10), outdated),
        (
            hash_of(right, HashMethod::Argon2id),
            right,
            HashMethod::Argon2id,
            Comparison::Right { outdated: false },
        ),
        (hash_of(right, bcrypt(10)), other, bcrypt(11), Comparison::Wrong),
        (hash_of(right, HashMethod::Argon2id), other, bcrypt(10), Comparison::Wrong),
        (None, right, bcrypt(10), Comparison::Wrong),
        (None, right, HashMethod::Argon2id, Comparison::Wrong),
        (junk.clone(), right, bcrypt(10), Comparison::Malformed),
        (junk, right, HashMethod::Argon2id, Comparison::Malformed),
    ] {
        let kind = stored.as_ref().map(PasswordHash::kind);
        assert_eq!(
            compare(stored, password(typed), method).await.ok(),
            Some(expected),
            "{kind:?} {method:?}"
        );
    }
}

// PW3 PW8
#[tokio::test]
async fn a_password_too_long_for_bcrypt_keeps_the_hash_that_it_has() {
    let long = "Kestrel ".repeat(10);
    let stored = hash_of(&long, HashMethod::Argon2id);
    let kept = Comparison::Right { outdated: false };
    assert_eq!(compare(stored, password(&long), bcrypt(10)).await.ok(), Some(kept));
    assert!(hash(password(&long), bcrypt(10)).await.is_err(), "it is never cut");
}

/// How much longer a wrong password takes against one hash than against another. They are measured in turns, and the least
/// of each counts: what disturbs a processor or its memory only ever adds.
#[cfg(target_os = "linux")]
fn ratio(
    stored: &Option<PasswordHash>,
    other: &Option<PasswordHash>,
    method: HashMethod,
    rounds: u32,
) -> f64 {
    let time = |stored: &Option<PasswordHash>| {
        let began = processor_time();
        compare_here(stored.clone(), &password("Vr7#kqzmwTpy"), method);
        processor_time() - began
    };
    let mut least = (Duration::MAX, Duration::MAX);
    for _ in 0..rounds {
        least = (least.0.min(time(stored)), least.1.min(time(other)));
    }
    least.0.as_secs_f64() / least.1.as_secs_f64()
}

// LG2
#[cfg(target_os = "linux")]
#[test]
fn whatever_is_stored_a_wrong_password_costs_one_hash_of_todays_method() {
    let right = "Vr7#kqzmwTpx";
    let todays = hash_of(right, bcrypt(11));
    for (stored, what) in [
        (None, "no hash"),
        (hash_of(right, bcrypt(10)), "bcrypt of a lower cost"),
        (hash_of(right, HashMethod::Argon2id), "Argon2id"),
        (pbkdf2(1), "next to nothing"),
        (pbkdf2(100_000), "a cheap hash of another family"),
        (Some(PasswordHash::from_stored("junk".to_owned())), "a malformed hash"),
    ] {
        let ratio = ratio(&stored, &todays, bcrypt(11), 4);
        assert!((0.8..1.25).contains(&ratio), "{what}: {ratio} of the time of bcrypt 11");
    }
}

// LG2
#[cfg(target_os = "linux")]
#[test]
fn with_argon2id_cheaper_hashes_cost_about_as_much_and_dearer_ones_more() {
    let todays = hash_of("Vr7#kqzmwTpx", HashMethod::Argon2id);
    let ratio = |stored| ratio(&stored, &todays, HashMethod::Argon2id, 10);
    let unknown = ratio(None);
    assert!((0.75..1.35).contains(&unknown), "no hash: {unknown}");
    let cheap = ratio(pbkdf2(1));
    assert!((0.5..2.0).contains(&cheap), "next to nothing: {cheap}");
    let dear = ratio(hash_of("Vr7#kqzmwTpx", bcrypt(11)));
    assert!(dear > 1.35, "bcrypt takes longer, as the promise says: {dear}");
}
