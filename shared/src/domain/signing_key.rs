//! The keys that sign tokens, and what becomes of each with time.

use std::{cmp::Reverse, fmt, str::FromStr, time::Duration};

use rand::{TryRng, rngs::SysRng};
use serde::{Serialize, Serializer};
use zeroize::Zeroizing;

use super::{Algorithm, Timestamp};

/// A key's name, `kid` in a token's header: of a managed key the thumbprint of its public half (RFC 7638), so that one
/// name can't mean two keys.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KeyId(String);

/// A text that can't be a key's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be the name of a key, as `latchkey keys list` shows it")]
pub struct InvalidKeyId;

/// The public half of a key: a row of the table's part `public`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// Keys are counted from 1; no two have one number.
    pub number: u64,
    /// Its name.
    pub id: KeyId,
    /// The one algorithm that it is for.
    pub algorithm: Algorithm,
    /// The public half as a JWK: its required members alone, in the order of their names.
    pub jwk: String,
    /// When it was made, and published from then on.
    pub created_at: Timestamp,
    /// From when on it signs, until another one does.
    pub signs_from: Timestamp,
}

/// The private half of the key with that number: a row of the part `private`. It has no Debug and no Serialize.
pub struct PrivateKey {
    /// Which key's.
    pub number: u64,
    /// PKCS #8, version 1.
    pub pkcs8: Zeroizing<Vec<u8>>,
}

/// What signs refresh and device tokens: a row of the part `session`. Only we read those, and one row of Sessions must
/// give one refresh token to the byte (promise RT2), so it is a secret for HMAC. It has no Debug and no Serialize.
pub struct SessionSecret {
    /// The one in force has the highest number.
    pub number: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// Random bytes.
    pub bytes: Zeroizing<[u8; 32]>,
}

/// What a key does at a time. All but a dead one are published, and verify.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyState {
    /// It will sign: whoever caches keys learns of it first.
    Pending,
    /// It signs new tokens.
    Signing,
    /// Another one signs; tokens that it signed may still live.
    Retired,
    /// The last of those is dead.
    Dead,
}

/// All keys of the table, the next to sign first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublicKeys(Vec<PublicKey>);

impl KeyState {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Signing => "signing",
            Self::Retired => "retired",
            Self::Dead => "dead",
        }
    }
}

impl PublicKeys {
    /// A function that can't read the table goes on with keys so old, and no older ones.
    pub const LONGEST_CACHED: Duration = Duration::from_secs(3600);

    /// How long a key is published before it signs: what we publish may be an hour old, and API Gateway's authorizer keeps
    /// it for two more.
    pub const LEAD: Duration = Duration::from_secs(3 * 3600);

    /// How far clocks may differ.
    const CLOCK_SKEW: Duration = Duration::from_secs(5);

    /// These, in whatever order they come.
    pub fn new(mut keys: Vec<PublicKey>) -> Self {
        keys.sort_by_key(|key| Reverse((key.signs_from, key.number)));
        Self(keys)
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &PublicKey> {
        self.0.iter()
    }

    /// The one with the highest number.
    pub fn newest(&self) -> Option<&PublicKey> {
        self.0.iter().max_by_key(|key| key.number)
    }

    /// The one of that name.
    pub fn find(&self, id: &KeyId) -> Option<&PublicKey> {
        self.0.iter().find(|key| key.id == *id)
    }

    /// The one that signs. Before the first one's time (another machine's clock, which made it, runs ahead): the first.
    pub fn signing(&self, now: Timestamp) -> Option<&PublicKey> {
        self.0.iter().find(|key| key.signs_from <= now).or_else(|| self.0.last())
    }

    /// Those that sign now or later.
    pub fn signers(&self, now: Timestamp) -> impl Iterator<Item = &PublicKey> {
        let signing = self.signing(now).map_or(0, |key| key.number);
        let end = self.0.iter().position(|key| key.number == signing).map_or(0, |index| index + 1);
        self.0[..end].iter()
    }

    /// The one that signs after it, or already does.
    pub fn successor(&self, key: &PublicKey) -> Option<&PublicKey> {
        self.0.iter().take_while(|other| other.number != key.number).last()
    }

    /// When the last token dies that a key signed, if those live so long and another one is to take over: from then on
    /// it is of no use.
    pub fn dies_at(&self, key: &PublicKey, lifetime: Duration) -> Option<Timestamp> {
        Some(self.successor(key)?.signs_from + Self::LONGEST_CACHED + lifetime + Self::CLOCK_SKEW)
    }

    /// What a key does, if access tokens live so long.
    pub fn state(&self, key: &PublicKey, now: Timestamp, lifetime: Duration) -> KeyState {
        if self.dies_at(key, lifetime).is_some_and(|end| end <= now) {
            KeyState::Dead
        } else if self.signing(now).is_some_and(|signing| signing.number == key.number) {
            KeyState::Signing
        } else if key.signs_from > now {
            KeyState::Pending
        } else {
            KeyState::Retired
        }
    }
}

impl SessionSecret {
    /// A new one, from the operating system's randomness. Panics where that has none: there is no weaker secret.
    pub fn generate(number: u64, created_at: Timestamp) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        SysRng.try_fill_bytes(bytes.as_mut_slice()).expect("the operating system gives randomness");
        Self { number, created_at, bytes }
    }

    /// Its name.
    pub fn id(&self) -> KeyId {
        KeyId(format!("session-{}", self.number))
    }
}

impl KeyId {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Longer than any name of ours.
const LONGEST_KEY_ID: usize = 64;

impl FromStr for KeyId {
    type Err = InvalidKeyId;

    fn from_str(text: &str) -> Result<Self, InvalidKeyId> {
        let is_name = (1..=LONGEST_KEY_ID).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        if is_name { Ok(Self(text.to_owned())) } else { Err(InvalidKeyId) }
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for KeyId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);
    const LIFETIME: Duration = Duration::from_secs(15 * 60);
    const START: Timestamp = Timestamp::from_epoch_seconds(1_800_000_000);

    fn key(number: u64, signs_from: Timestamp) -> PublicKey {
        let id = format!("key-{number}").parse().expect("a name");
        PublicKey {
            number,
            id,
            algorithm: Algorithm::Es256,
            jwk: String::new(),
            created_at: START,
            signs_from,
        }
    }

    fn states(keys: &PublicKeys, now: Timestamp) -> Vec<(u64, &'static str)> {
        let states = keys.iter().map(|key| (key.number, keys.state(key, now, LIFETIME).as_str()));
        let mut states: Vec<_> = states.collect();
        states.sort_unstable();
        states
    }

    // KY2
    #[test]
    fn a_key_is_published_before_it_signs_and_until_its_last_token_is_dead() {
        let takes_over = START + PublicKeys::LEAD;
        let keys = PublicKeys::new(vec![key(1, START), key(2, takes_over)]);
        let second = Duration::from_secs(1);
        let dies = takes_over + PublicKeys::LONGEST_CACHED + LIFETIME + 5 * second;
        for (now, first_is, second_is) in [
            (START - second, "signing", "pending"),
            (START, "signing", "pending"),
            (takes_over - second, "signing", "pending"),
            (takes_over, "retired", "signing"),
            (dies - second, "retired", "signing"),
            (dies, "dead", "signing"),
            (dies + 900 * MINUTE, "dead", "signing"),
        ] {
            assert_eq!(states(&keys, now), [(1, first_is), (2, second_is)], "{now}");
        }
    }

    #[test]
    fn the_replacement_of_a_leaked_key_signs_until_the_one_that_was_to_follow_it() {
        // 1 was revoked while 2 was to follow it: 3 signs at once.
        let keys = PublicKeys::new(vec![key(2, START + PublicKeys::LEAD), key(3, START)]);
        assert_eq!(states(&keys, START), [(2, "pending"), (3, "signing")]);
        assert_eq!(states(&keys, START + PublicKeys::LEAD), [(2, "signing"), (3, "retired")]);
        assert_eq!(keys.newest().map(|key| key.number), Some(3));
        assert_eq!(PublicKeys::default().signing(START), None);
    }

    #[test]
    fn of_two_keys_of_one_second_the_later_signs() {
        let keys = PublicKeys::new(vec![key(2, START), key(1, START)]);
        assert_eq!(states(&keys, START), [(1, "retired"), (2, "signing")]);
    }
}
