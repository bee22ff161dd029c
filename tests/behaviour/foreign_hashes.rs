//! Logins with hashes that other systems made, and with the setting `PASSWORD_HASH`.

use aws_sdk_dynamodb::types::AttributeValue;
use latchkey_tests::world::{OTHER_PASSWORD, PASSWORD, World, text};
use shared::domain::PasswordHash;

/// What real libraries made of one password: shared/src/domain/password_hash/vectors.json names them.
const TYPED: &str = "Größe & 4 Käfer?";
const FOREIGN: [&str; 6] = [
    "$2a$06$PJLK49rdHzKWxx53Jzhwz.ma7.id1Hj3QKrRZWEOW4WHNikL29Wrm",
    "$bcrypt-pepper$a3Vyeg$2a$06$5aTQgLEMhA3coinXhDqrfOsOeq97i10zg2.p2r1tV16aU/UKfj51C",
    "$argon2id$v=19$m=65536,t=3,p=4$Jxa8xe7+yqpkWVedVZxJMg$/7jytZ3qbTqf5DPNc6iAF4eVbNvVWCrdylF9hmANuso",
    "$argon2i$v=19$m=65536,t=3,p=4$PATbjHwDnjWJ5ULmQwuNTA$+Gs/ZFfyz1pwQSMhIr6EAO23klSo8/5i5EQvAqdSt0Q",
    "$scrypt$ln=12,r=8,p=1$Reh9by1l7F0LAWCslfJeCw$cjV+UoN+iWWqvcp+c5x5piO7MyN/88C2WFGoXNEyf14",
    "$pbkdf2-sha256$29000$gRCCUOodo1RKKWUshfD.nw$qTZvphmgOhW2bNjVjR4EEjBi8gEUf28zCHU/ERePJtk",
];
/// 120 bytes, as Django hashes them.
const LONG: &str = "correct horse battery staple, correct horse battery staple, correct horse battery staple, correct horse battery staple, ";
const OF_LONG: &str =
    "$pbkdf2-sha256$i=1000000$UW56ZEJRSjVEUjhjVjBIOWdBQzZQeQ$8usqbrZxyoOxUMuLSz+Si8d/LlNfCTCbuGGGS65+4Gc";

async fn store(world: &World, hash: &str) {
    let hash = PasswordHash::foreign(hash).expect("a hash");
    let value = AttributeValue::S(hash.expose().to_owned());
    world.set("Credentials", &[("email", "ada@example.com")], "password_hash", value).await;
}

async fn stored(world: &World) -> String {
    text(&world.only("Credentials").await, "password_hash")
}

// MV1 PW8
#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_hash_logs_in_and_is_renewed_at_the_first_login() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    for hash in FOREIGN {
        store(&world, hash).await;
        let before = stored(&world).await;
        assert_eq!(world.login("ada@example.com", PASSWORD).await.status, 401, "{hash}");
        assert_eq!(stored(&world).await, before, "a wrong password renews nothing");

        assert_eq!(world.login("ada@example.com", TYPED).await.status, 200, "{hash}");
        assert!(stored(&world).await.starts_with("$2b$10$"), "{hash}");
        assert_eq!(world.login("ada@example.com", TYPED).await.status, 200, "{hash}");
        assert_eq!(world.login("ada@example.com", PASSWORD).await.status, 401, "{hash}");
    }
}

// LG1 MV1
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_of_a_foreign_hash_is_answered_as_an_unknown_email() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    let unknown = world.login("eve@example.com", OTHER_PASSWORD).await;
    for hash in FOREIGN.into_iter().take(4) {
        store(&world, hash).await;
        assert_eq!(world.login("ada@example.com", OTHER_PASSWORD).await, unknown, "{hash}");
    }
}

// MV2 PW9
#[tokio::test(flavor = "multi_thread")]
async fn a_hash_beyond_what_a_login_can_afford_is_a_wrong_password_at_once() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    let salt_and_digest = "c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAA";
    for parameters in
        ["argon2id$v=19$m=4194304,t=1,p=1", "scrypt$ln=24,r=8,p=1", "pbkdf2-sha256$i=4294967295"]
    {
        let value = AttributeValue::S(format!("${parameters}${salt_and_digest}"));
        world.set("Credentials", &[("email", "ada@example.com")], "password_hash", value).await;
        let began = std::time::Instant::now();
        assert_eq!(world.login("ada@example.com", PASSWORD).await.status, 401, "{parameters}");
        assert!(began.elapsed().as_secs() < 10, "{parameters}");
    }
}

// PW3
#[tokio::test(flavor = "multi_thread")]
async fn a_long_password_logs_in_with_a_foreign_hash_which_bcrypt_does_not_replace() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    store(&world, OF_LONG).await;
    assert_eq!(world.login("ada@example.com", &LONG[..72]).await.status, 401, "it is not cut");
    assert_eq!(world.login("ada@example.com", LONG).await.status, 200);
    assert_eq!(stored(&world).await, OF_LONG);
    assert_eq!(world.login("ada@example.com", LONG).await.status, 200);
}

// PW3
#[tokio::test(flavor = "multi_thread")]
async fn a_password_too_long_for_bcrypt_is_a_wrong_one_and_never_an_error() {
    let world = World::new().await;
    world.create_user("ada@example.com").await;
    assert_eq!(world.login("ada@example.com", LONG).await.refusal(), (401, "Incorrect email or password"));
    let longest = "a".repeat(1025);
    let refusal = world.login("ada@example.com", &longest).await;
    assert_eq!(refusal.refusal(), (422, "password must have at most 1024 bytes in UTF-8; this one has 1025"));
}

// PW8
#[tokio::test(flavor = "multi_thread")]
async fn with_argon2id_every_other_hash_is_renewed_long_passwords_too() {
    let world = World::with(&[("PASSWORD_HASH", "argon2id")]).await;
    world.create_user("ada@example.com").await;
    let ours = "$argon2id$v=19$m=19456,t=2,p=1$";
    assert!(stored(&world).await.starts_with("$2b$10$"));
    assert_eq!(world.login("ada@example.com", PASSWORD).await.status, 200);
    let renewed = stored(&world).await;
    assert!(renewed.starts_with(ours));
    assert_eq!(world.login("ada@example.com", PASSWORD).await.status, 200);
    assert_eq!(stored(&world).await, renewed, "once");

    store(&world, OF_LONG).await;
    assert_eq!(world.login("ada@example.com", LONG).await.status, 200);
    assert!(stored(&world).await.starts_with(ours));
    assert_eq!(world.login("ada@example.com", LONG).await.status, 200);
}

// PW3 PW8
#[tokio::test(flavor = "multi_thread")]
async fn with_argon2id_a_new_password_may_be_longer_than_bcrypt_reads() {
    let world = World::with(&[("PASSWORD_HASH", "argon2id")]).await;
    world.create_user("ada@example.com").await;
    let token = world.mailed_token("ada@example.com").await;
    let long = format!("Vr7#{}", "kq-Zmw-T".repeat(20));
    assert_eq!(world.reset(&token, &long).await.status, 200);
    assert!(stored(&world).await.starts_with("$argon2id$"));
    assert_eq!(world.login("ada@example.com", &long).await.status, 200);
    assert_eq!(world.login("ada@example.com", &long[..72]).await.status, 401);
}
