//! `latchkey keys rotate`: makes the next key.

use std::fmt;

use serde::Serialize;
use shared::{
    domain::{Algorithm, KeyId, Timestamp},
    keys::rotation::{self, Rotated},
};

use crate::{desk::Desk, failure::Failure};

/// The key that waits to sign.
#[derive(Serialize)]
pub struct Next {
    kid: KeyId,
    algorithm: Algorithm,
    signs_from: Timestamp,
    /// Whether this command made it.
    made: bool,
}

/// Makes it; again is the same key while that one waits. Errors: there is no key at all.
pub async fn rotate(desk: &Desk, algorithm: Option<Algorithm>) -> Result<Next, Failure> {
    let (key, made) = match rotation::rotate(&desk.store, algorithm, desk.now, |event| desk.entry(event))
        .await?
    {
        Rotated::Made(key) => (key, true),
        Rotated::Waiting(key) => (key, false),
        Rotated::NoKeyYet => {
            return Err(Failure::Refused(
                    "there is no key yet, so nothing was done: the first login makes one. Where a SECRET_KEY signs \
                     tokens, deploy the stack with another one."
                        .to_owned(),
                ));
        }
    };
    Ok(Next { kid: key.id, algorithm: key.algorithm, signs_from: key.signs_from, made })
}

impl fmt::Display for Next {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kid, algorithm, signs_from, made } = self;
        if *made {
            write!(f, "The key {kid} ({algorithm}) is published from now on, and signs from {signs_from}.")
        } else {
            write!(
                f,
                "Nothing was done: the key {kid} ({algorithm}) waits already, and signs from {signs_from}."
            )
        }
    }
}
