//! `latchkey keys`.

use latchkey_local::dynamodb::Engine;
use serde_json::{Value, json};
use shared::{config::Config, domain::Timestamp, keys::KeySet, token::Tokens};

use crate::bench::{OPERATOR, column, done, done_json, engine, refused, run, store, text};

/// What a first login does.
async fn make_first_key(engine: &Engine) {
    let config = Config::from_pairs(&[]).expect("defaults");
    Tokens::read(&store(engine).await, &config, Timestamp::now()).await.expect("a key");
}

/// The events of keys, the oldest first: event, reason, key.
async fn trail(engine: &Engine) -> Vec<[String; 3]> {
    let entries = done_json(engine, "audit").await;
    let entries = entries.as_array().expect("an array").iter();
    let words = |entry: &Value| {
        ["event", "reason", "key_id"].map(|name| entry[name].as_str().unwrap_or_default().to_owned())
    };
    entries.map(words).collect()
}

// KY2 KY6
#[tokio::test]
async fn a_key_is_listed_rotated_and_revoked_and_all_of_it_is_in_the_trail() {
    let engine = engine().await;
    make_first_key(&engine).await;
    let keys = done_json(&engine, "keys list").await;
    assert_eq!(column(&keys, "state"), ["signing", "signing"]);
    assert_eq!(column(&keys, "algorithm"), ["ES256", "HS256"]);
    assert_eq!((&keys[0]["signs"], &keys[1]["kid"]), (&json!("access"), &json!("session-1")));
    let first = keys[0]["kid"].as_str().expect("a name").to_owned();

    let next = done_json(&engine, "keys rotate --algorithm EdDSA").await;
    assert_eq!((&next["made"], &next["algorithm"]), (&json!(true), &json!("EdDSA")));
    let again = done_json(&engine, "keys rotate").await;
    assert_eq!((&again["made"], &again["kid"]), (&json!(false), &next["kid"]));
    let keys = done_json(&engine, "keys list").await;
    assert_eq!(column(&keys, "state"), ["pending", "signing", "signing"]);
    assert_eq!(keys[1]["signs_until"], next["signs_from"]);
    let time = |value: &Value| value.as_str().expect("a time").parse::<Timestamp>().expect("a time");
    let lead = time(&next["signs_from"]).since(time(&keys[0]["created_at"]));
    assert!(lead.as_secs() >= 2 * 3600, "{lead:?}");
    assert!(time(&keys[1]["verifies_until"]) > time(&keys[1]["signs_until"]));

    let gone = done_json(&engine, &format!("keys revoke {first} --yes")).await;
    let replacement = gone["replacement"].as_str().expect("it signed").to_owned();
    let keys = done_json(&engine, "keys list").await;
    assert_eq!(column(&keys, "state"), ["pending", "signing", "signing"]);
    assert_eq!(keys[1]["kid"], replacement);

    let next = next["kid"].as_str().expect("a name").to_owned();
    let told = trail(&engine).await;
    for expected in [
        ["create_key", "first_use", &first],
        ["create_key", "first_use", "session-1"],
        ["create_key", "rotation", &next],
        ["revoke_key", "", &first],
        ["create_key", "revocation", &replacement],
    ] {
        assert!(told.iter().any(|entry| *entry == expected), "{expected:?} is not in {told:?}");
    }
    assert_eq!(told.len(), 5);
    let table = done(&engine, "audit", "").await;
    let rotation = table.lines().find(|line| line.contains(&format!("key {next}"))).expect("the rotation");
    assert!(rotation.contains(OPERATOR) && rotation.contains("EdDSA, signs from"), "{rotation}");
}

#[tokio::test]
async fn people_read_a_table_without_anything_secret() {
    let engine = engine().await;
    let empty = done(&engine, "keys list", "").await;
    assert!(empty.contains("first login"), "{empty}");
    assert_eq!(done_json(&engine, "keys list").await, json!([]));
    make_first_key(&engine).await;
    done(&engine, "keys rotate", "").await;
    let table = done(&engine, "keys list", "").await;
    for word in ["KID", "STATE", "AGE", "SIGNS FROM", "pending", "signing", "ES256", "session-1"] {
        assert!(table.contains(word), "{word}: {table}");
    }
    let all = done(&engine, "keys list --json", "").await + &table;
    for word in ["pkcs8", "secret", "\"d\"", "jwk"] {
        assert!(!all.contains(word), "{word}: {all}");
    }
}

#[tokio::test]
async fn nothing_is_revoked_without_a_yes_nor_what_is_not_there() {
    let engine = engine().await;
    let none = refused(&engine, "keys rotate", "", 1).await;
    assert!(none.contains("first login"), "{none}");
    make_first_key(&engine).await;
    let before = done_json(&engine, "keys list").await;
    let id = before[0]["kid"].as_str().expect("a name");
    let asked = refused(&engine, &format!("keys revoke {id}"), "", 2).await;
    assert!(asked.contains("--yes") && asked.contains(id), "{asked}");
    let unknown =
        refused(&engine, "keys revoke NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs --yes", "", 1).await;
    assert!(unknown.contains("keys list"), "{unknown}");
    let after = done_json(&engine, "keys list").await;
    assert_eq!(column(&after, "kid"), column(&before, "kid"));

    // A name may begin with a hyphen.
    let odd = run(&engine, "keys revoke -9xNPHyqoJwyTk2sJgHMBIxUbRuhoQsG_PbJZ0MIB0A --yes", "").await;
    assert!(odd.status.code() == Some(1) && text(&odd.stderr).contains("there is no key"), "{odd:?}");
}
