//! `latchkey user import`: the files of each source, as they are.

use std::fs;

use serde_json::json;
use shared::{
    domain::{Email, Password, Timestamp},
    store::{Credential, Store},
};

use crate::{
    bench::{done_json, engine, store, user},
    files::{import, source},
};

/// What most hashes in cli/tests/sources were made of, by the libraries that shared's vectors name.
const TYPED: &str = "Größe & 4 Käfer?";

async fn credential(store: &Store, email: &str) -> Credential {
    let email: Email = email.parse().expect("an e-mail");
    store.credentials.get(&email).await.expect("it answers").expect("a credential")
}

async fn logs_in(store: &Store, email: &str, password: &str) -> bool {
    let password: Password = password.parse().expect("a password");
    let hash = credential(store, email).await.password_hash.expect("a hash");
    hash.verify(&password).expect("a hash that can be checked")
}

/// File, options, and of each user who comes: e-mail, name, status, password.
type Case =
    (&'static str, &'static str, &'static [(&'static str, &'static str, &'static str, &'static str)], usize);

const CASES: [Case; 13] = [
    ("auth0.ndjson", "", &[("ada@example.com", "", "active", TYPED)], 1),
    (
        "auth0-import.json",
        "",
        &[
            ("ada@example.com", "Ada Lovelace", "active", TYPED),
            ("bob@example.com", "Bob Builder", "inactive", TYPED),
            ("cy@example.com", "", "active", TYPED),
        ],
        1,
    ),
    (
        "firebase.json",
        "--hash-config firebase-hash-config.txt",
        &[
            ("user1@test.com", "Test User 1", "active", "user1password"),
            ("oauth@test.com", "Only Google", "inactive", ""),
        ],
        1,
    ),
    (
        "firebase.csv",
        "--hash-config firebase-hash-config.txt",
        &[
            ("user1@test.com", "Test User 1", "active", "user1password"),
            ("oauth@test.com", "Google, Only", "inactive", ""),
        ],
        0,
    ),
    (
        "supabase.csv",
        "",
        &[
            ("ada@example.com", "Ada Lovelace", "active", TYPED),
            ("bob@example.com", "", "inactive", "mytestpassword"),
        ],
        2,
    ),
    (
        "keycloak.json",
        "",
        &[
            ("alice@strimzi.io", "Alice Liddell", "active", "alice-password"),
            ("peter@example.com", "Peter", "inactive", "iceberg"),
            ("fed@example.com", "", "active", ""),
        ],
        1,
    ),
    (
        "django.json",
        "",
        &[
            ("pbkdf2-sha256@example.com", "Ada Lovelace", "active", TYPED),
            ("pbkdf2-sha1@example.com", "", "inactive", TYPED),
            ("argon2@example.com", "", "active", TYPED),
            ("bcrypt-sha256@example.com", "", "active", TYPED),
            ("bcrypt@example.com", "", "active", TYPED),
            ("scrypt@example.com", "", "active", TYPED),
            ("unusable@example.com", "", "active", ""),
        ],
        2,
    ),
    ("django.csv", "", &[("ada@example.com", "Ada Lovelace", "active", TYPED)], 0),
    ("devise.csv", "--pepper devise-pepper.txt", &[("ada@example.com", "Ada Lovelace", "active", TYPED)], 2),
    (
        "devise.csv",
        "--pepper devise-pepper.txt --unverified reset",
        &[("ada@example.com", "Ada Lovelace", "active", TYPED), ("bob@example.com", "Bob", "active", "")],
        1,
    ),
    (
        "cognito.json",
        "",
        &[("ada@example.com", "Ada Lovelace", "active", ""), ("bob@example.com", "Bob", "inactive", "")],
        1,
    ),
    ("cognito.csv", "", &[("ada@example.com", "Ada Lovelace", "active", "")], 0),
    (
        "own.csv",
        "",
        &[
            ("ada@example.com", "Ada Lovelace", "active", TYPED),
            ("bob@example.com", "Bob, the builder", "inactive", TYPED),
            ("cy@example.com", "", "active", ""),
        ],
        0,
    ),
];

// MV1 MV3
#[tokio::test]
async fn the_files_of_each_source_are_read_as_they_are_and_their_users_keep_their_passwords() {
    for (file, options, users, refusals) in CASES {
        let (engine, here) = (engine().await, source(""));
        let options = options
            .replace("firebase-", &format!("{here}firebase-"))
            .replace("devise-", &format!("{here}devise-"));
        let arguments = format!("{} {options}", source(file));
        let (summary, refused) = import(&engine, &arguments, i32::from(refusals > 0)).await;

        assert_eq!(summary["imported"], users.len(), "{file}: {refused:?}");
        assert_eq!((&summary["refused"], refused.len()), (&json!(refusals), refusals), "{file}: {refused:?}");
        let store = store(&engine).await;
        for (email, name, status, password) in users {
            let user = user(&store, email).await;
            assert_eq!(user.name.as_deref().unwrap_or_default(), *name, "{file}: {email}");
            assert_eq!(user.status.as_str(), *status, "{file}: {email}");
            assert_eq!(user.has_password(), !password.is_empty(), "{file}: {email}");
            if password.is_empty() {
                assert!(
                    credential(&store, email).await.newcomer.is_some(),
                    "{file}: {email} is to be mailed a link"
                );
            } else {
                assert!(logs_in(&store, email, password).await, "{file}: {email}");
                assert!(!logs_in(&store, email, "another").await, "{file}: {email}");
            }
        }
        assert!(
            fs::metadata(format!("{}.latchkey-progress", source(file))).is_err(),
            "nothing is left beside {file}"
        );
    }
}

// MV3
#[tokio::test]
async fn times_ids_roles_and_names_of_old_come_along() {
    let engine = engine().await;
    import(&engine, &format!("{} ", source("supabase.csv")), 1).await;
    let ada = user(&store(&engine).await, "ada@example.com").await;
    assert_eq!(ada.id.to_string(), "8d0fd2b3-9ca7-4d9e-a95f-9e13dded323e");
    assert_eq!(ada.created_at.to_string(), "2024-05-06T07:00:00Z");
    assert_eq!(ada.last_login.map(|at| at.to_string()).as_deref(), Some("2024-06-01T10:00:00Z"));

    let engine = crate::bench::engine().await;
    import(&engine, &source("own.csv"), 0).await;
    let store = store(&engine).await;
    let roles = [("ada@example.com", "admin"), ("bob@example.com", "member"), ("cy@example.com", "lead")];
    for (email, role) in roles {
        assert_eq!(user(&store, email).await.role.as_str(), role, "{email}");
    }

    let engine = crate::bench::engine().await;
    import(&engine, &source("cognito.json"), 1).await;
    let store = crate::bench::store(&engine).await;
    let username = credential(&store, "bob@example.com").await.newcomer.expect("a newcomer").username;
    assert_eq!(username.as_deref(), Some("bobby"));
    assert_eq!(done_json(&engine, "user show bob@example.com").await["password"], "must_reset");
    let created = user(&store, "ada@example.com").await.created_at;
    assert_eq!(created, Timestamp::from_epoch_seconds(1_714_979_289));
}

// MV3 AD4
#[tokio::test]
async fn each_import_is_in_the_audit_trail() {
    let engine = engine().await;
    import(&engine, &source("auth0.ndjson"), 1).await;
    let events = done_json(&engine, "audit --event import_user").await;
    assert_eq!(events[0]["change"], "role member, active, from auth0, with a password");
    assert_eq!(events[0]["actor"], json!({ "operator": "grace" }));
    assert_eq!(events.as_array().map(Vec::len), Some(1));
}
