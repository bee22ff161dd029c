//! `latchkey keys list`: each key, what it does, and for how long.

use std::time::Duration;

use serde::Serialize;
use shared::domain::{Algorithm, KeyId, KeyState, PublicKey, PublicKeys, SessionSecret, Timestamp};

use crate::{
    desk::Desk,
    failure::Failure,
    output::{Output, aligned},
};

/// A key, as operators see it.
#[derive(Serialize)]
struct Listed {
    kid: KeyId,
    algorithm: Algorithm,
    /// Which tokens: `access`, or `session` for refresh and device tokens.
    signs: &'static str,
    state: KeyState,
    created_at: Timestamp,
    age_seconds: u64,
    signs_from: Timestamp,
    /// When the next one takes over; null while there is none.
    signs_until: Option<Timestamp>,
    /// When its last token is dead; null while it has no successor.
    verifies_until: Option<Timestamp>,
}

/// Prints them, the next to sign first.
pub async fn list(desk: &Desk, output: &mut Output) -> Result<(), Failure> {
    let keys = desk.store.signing_keys.public().await?;
    let secret = desk.store.signing_keys.session().await?;
    let mut listed: Vec<_> = keys.iter().map(|key| as_seen(key, &keys, desk)).collect();
    listed.extend(secret.map(|secret| of_sessions(&secret, desk.now)));
    if output.json {
        return output.array(listed.iter());
    }
    if listed.is_empty() {
        return output
            .line("There is no key yet: the first login makes one, unless a SECRET_KEY signs tokens.");
    }
    let header =
        ["KID", "ALGORITHM", "TOKENS", "STATE", "AGE", "SIGNS FROM", "SIGNS UNTIL", "VERIFIES UNTIL"];
    let mut rows = vec![header.map(str::to_owned)];
    rows.extend(listed.iter().map(Listed::row));
    output.line(aligned(&rows))
}

fn as_seen(key: &PublicKey, keys: &PublicKeys, desk: &Desk) -> Listed {
    let lifetime = desk.config.access_token.lifetime;
    Listed {
        kid: key.id.clone(),
        algorithm: key.algorithm,
        signs: "access",
        state: keys.state(key, desk.now, lifetime),
        created_at: key.created_at,
        age_seconds: desk.now.since(key.created_at).as_secs(),
        signs_from: key.signs_from,
        signs_until: keys.successor(key).map(|successor| successor.signs_from),
        verifies_until: keys.dies_at(key, lifetime),
    }
}

fn of_sessions(secret: &SessionSecret, now: Timestamp) -> Listed {
    Listed {
        kid: secret.id(),
        algorithm: Algorithm::Hs256,
        signs: "session",
        state: KeyState::Signing,
        created_at: secret.created_at,
        age_seconds: now.since(secret.created_at).as_secs(),
        signs_from: secret.created_at,
        signs_until: None,
        verifies_until: None,
    }
}

impl Listed {
    fn row(&self) -> [String; 8] {
        let time = |time: Option<Timestamp>| time.map(|time| time.to_string()).unwrap_or_default();
        [
            self.kid.to_string(),
            self.algorithm.to_string(),
            self.signs.to_owned(),
            self.state.as_str().to_owned(),
            age(Duration::from_secs(self.age_seconds)),
            time(Some(self.signs_from)),
            time(self.signs_until),
            time(self.verifies_until),
        ]
    }
}

/// The largest unit tells enough.
fn age(duration: Duration) -> String {
    match duration.as_secs() {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds @ 60..3_600 => format!("{} min", seconds / 60),
        seconds @ 3_600..172_800 => format!("{} h", seconds / 3_600),
        seconds => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_told_in_one_unit() {
        for (seconds, words) in
            [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3_600, "1 h"), (172_799, "47 h"), (172_800, "2 days")]
        {
            assert_eq!(age(Duration::from_secs(seconds)), words);
        }
    }
}
