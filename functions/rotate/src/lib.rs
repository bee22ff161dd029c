//! Called once a day: makes a new signing key in time, and removes those whose tokens are dead.

use lambda_runtime::LambdaEvent;
use serde::de::IgnoredAny;
use shared::{
    app::KeylessApp,
    config::Config,
    domain::{Algorithm, AuditEntry, KeyId, PublicKeys, Timestamp},
    error::Result,
    event::Event,
    keys::rotation::{self, Rotated},
};

/// What was done.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// A key that was made.
    pub made: Option<KeyId>,
    /// Keys that were removed.
    pub removed: Vec<KeyId>,
}

/// Does it for an event of the schedule, whose content tells nothing. Errors: DynamoDB can't be reached; Lambda then
/// tries twice more.
pub async fn handle(
    app: &KeylessApp,
    _: LambdaEvent<IgnoredAny>,
) -> std::result::Result<(), lambda_runtime::Error> {
    let turned = turn(app, Timestamp::now()).await.inspect_err(|error| {
        Event::failure("rotate_keys", "unavailable").caused_by(error).log_without_caller();
    });
    Ok(turned.map(|_| ())?)
}

/// The rule. A key that is not old enough stays; one that was made before and waits to sign is enough. Where a SECRET_KEY
/// signs, keys are not ours.
pub async fn turn(app: &KeylessApp, now: Timestamp) -> Result<Turn> {
    let (store, config) = (&app.store, &app.config);
    let mut turn = Turn::default();
    if config.algorithm == Algorithm::Hs256 {
        return Ok(turn);
    }
    let entry = |event: Event| -> AuditEntry { event.entry_without_caller(now) };
    if is_due(&store.signing_keys.public().await?, config, now) {
        let rotated = rotation::rotate(store, Some(config.algorithm), now, entry).await?;
        if let Rotated::Made(key) = rotated {
            Event::success("create_key").because("rotation").key(key.id.clone()).log_without_caller();
            turn.made = Some(key.id);
        }
    }
    turn.removed = rotation::remove_dead(store, config.access_token.lifetime, now, entry).await?;
    for id in &turn.removed {
        Event::success("delete_key").because("tokens_dead").key(id.clone()).log_without_caller();
    }
    Ok(turn)
}

/// Whether the newest key is too old, or not of the algorithm that is wanted now.
fn is_due(keys: &PublicKeys, config: &Config, now: Timestamp) -> bool {
    keys.newest().is_some_and(|newest| {
        let is_old = !config.key_rotation.is_zero() && now.since(newest.created_at) >= config.key_rotation;
        is_old || newest.algorithm != config.algorithm
    })
}
