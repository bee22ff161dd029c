//! `latchkey keys revoke`: asks first.

use std::fmt;

use serde::Serialize;
use shared::{
    domain::{KeyId, Timestamp},
    keys::rotation::{self, Revoked},
};

use crate::{desk::Desk, failure::Failure, output::confirmed};

/// The key that is gone.
#[derive(Serialize)]
pub struct Gone {
    kid: KeyId,
    /// What signs in its place; null if it did not sign.
    replacement: Option<KeyId>,
}

/// Removes the key, if `yes` or the operator types its name. Errors: there is no such key; there is nobody to ask.
pub async fn revoke(desk: &Desk, id: &KeyId, yes: bool) -> Result<Gone, Failure> {
    if !yes {
        let warning = format!(
            "This removes the key {id} at once, and refuses every token that it signed. Services that keep our keys \
             refuse those of a new one until they look again.\nType the key's name to go on: "
        );
        if confirmed(&format!("{id} was not revoked"), &warning)?.trim() != id.as_str() {
            return Err(Failure::Refused(format!("that was another name; {id} was not revoked.")));
        }
    }
    match rotation::revoke(&desk.store, id, Timestamp::now(), |event| desk.entry(event)).await? {
        Some(Revoked { id, replacement }) => Ok(Gone { kid: id, replacement }),
        None => Err(Failure::Refused(format!(
            "there is no key {id}; nothing was changed. `latchkey keys list` shows all."
        ))),
    }
}

impl fmt::Display for Gone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kid, replacement } = self;
        match replacement {
            Some(new) => write!(f, "The key {kid} is gone; {new} signs from now on."),
            None => write!(f, "The key {kid} is gone. It did not sign."),
        }?;
        write!(
            f,
            " Functions that run learn of it within a minute; until then some sign with it, and \
             others refuse what they signed."
        )
    }
}
