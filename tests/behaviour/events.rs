//! The files in `events/`, for `cargo lambda invoke` and `sam local invoke`: each is an event that its function takes.

use std::fs;

use latchkey_tests::{call::Call, world::World};
use mailer::StreamBatch;

fn event(name: &str) -> String {
    let path = format!("{}/../events/{name}.json", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn each_http_event_is_understood_by_its_function() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    for (name, status, detail) in [
        ("login", 401, "Incorrect email or password"),
        ("refresh", 401, "Invalid refresh token"),
        ("logout", 204, ""),
        ("forgot", 200, ""),
        ("reset", 400, "Invalid or expired reset token"),
        ("me", 401, "Could not validate credentials"),
        ("sessions", 401, "Could not validate credentials"),
        ("account", 401, "Could not validate credentials"),
        ("admin", 401, "Could not validate credentials"),
        ("register", 403, "Registration is closed"),
    ] {
        let answer = world.send(Call::event(&event(name))).await;
        assert_eq!(answer.refusal(), (status, detail), "events/{name}.json");
    }
}

#[test]
fn the_stream_event_is_understood_by_the_mailer() {
    serde_json::from_str::<StreamBatch>(&event("mailer")).expect("events/mailer.json");
}
