//! Published vectors of each family, and what is refused.

use serde_json::Value;

use super::*;

fn password(text: &str) -> Password {
    text.parse().expect("a valid password")
}

fn bcrypt_10() -> HashMethod {
    HashMethod::Bcrypt(BcryptCost::new(10).expect("a cost"))
}

fn parsed(text: &str) -> Parsed {
    Parsed::of(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Vectors are of bytes, and some of no UTF-8, or empty: none of these can be typed here.
fn verifies(hash: &str, password: &[u8]) -> bool {
    let text = std::str::from_utf8(password);
    match (parsed(hash), text) {
        (Parsed::Bcrypt(hash), Ok(text)) => hash.verify(text),
        (Parsed::Bcrypt(hash), Err(_)) => hash.matches(password),
        (Parsed::Argon2(hash), text) => hash.verify(text.expect("UTF-8")),
        (Parsed::Firebase(hash), text) => hash.verify(text.expect("UTF-8")),
        (Parsed::Pbkdf2(hash), text) => hash.verify(text.expect("UTF-8")),
        (Parsed::Scrypt(hash), text) => hash.verify(text.expect("UTF-8")),
    }
}

fn unhex(text: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex");
    (0..text.len()).step_by(2).map(byte).collect()
}

// MV1
#[test]
fn published_vectors_of_each_family_verify_and_another_password_does_not() {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("vectors.json")).expect("JSON");
    let mut kinds = std::collections::BTreeSet::new();
    for vector in &vectors {
        let field = |name: &str| vector[name].as_str();
        let password = field("password").map_or_else(
            || unhex(field("password_hex").expect("a password")),
            |text| text.as_bytes().to_vec(),
        );
        let (source, hash) = (field("source").expect("a source"), field("hash").expect("a hash"));
        assert!(verifies(hash, &password), "{source}: {hash}");
        assert!(!verifies(hash, b"another"), "{source}: {hash}");
        let canonical = PasswordHash::foreign(hash).expect("a hash");
        let is_canonical = canonical.expose() == hash;
        assert!(is_canonical || verifies(canonical.expose(), &password), "{source}: {}", canonical.expose());
        let again = PasswordHash::foreign(canonical.expose()).expect("a hash");
        assert_eq!(again.expose(), canonical.expose(), "one spelling");
        kinds.insert(canonical.kind().split(',').next().unwrap_or_default().to_owned());
    }
    let expected = [
        "Firebase's scrypt",
        "argon2i",
        "argon2id",
        "bcrypt ($2a$)",
        "bcrypt ($2b$)",
        "bcrypt ($2x$)",
        "bcrypt ($2y$)",
        "bcrypt over SHA-256",
        "bcrypt with a pepper",
        "pbkdf2-sha1",
        "pbkdf2-sha256",
        "pbkdf2-sha512",
        "scrypt",
    ];
    assert_eq!(kinds.iter().map(String::as_str).collect::<Vec<_>>(), expected);
}

// MV1
#[test]
fn what_crypt_blowfish_does_differently_for_2a_can_not_be_typed() {
    // Its two vectors of the countermeasure against the old fault: no UTF-8 has a byte 0xFF.
    for password in [&b"\xff\xff\xa3"[..], b"\xff\xa334\xff\xff\xff\xa3345"] {
        assert!(std::str::from_utf8(password).is_err());
    }
}

// MV1
#[test]
fn the_sign_extension_fault_concerns_2x_alone() {
    let (hash, typed) = ("$2x$05$6bNw2HLQYeqHYyBfLMsv/OiwqTymGIGzFsA4hOTWebfehXHNprcAS", "ё");
    assert!(verifies(hash, typed.as_bytes()));
    for spelling in ["$2a", "$2b", "$2y"] {
        assert!(!verifies(&hash.replace("$2x", spelling), typed.as_bytes()), "{spelling}");
    }
    // Below 0x80 it makes no difference.
    let ours = PasswordHash::of(&password("Vr7#kqzmwTpx"), bcrypt_10()).expect("hashes");
    for spelling in ["$2a", "$2x", "$2y"] {
        let other = PasswordHash::from_stored(ours.expose().replace("$2b", spelling));
        assert_eq!(other.verify(&password("Vr7#kqzmwTpx")), Ok(true), "{spelling}");
        assert_eq!(other.is_of(bcrypt_10()), spelling != "$2x", "{spelling}");
    }
}

// PW4
#[test]
fn every_byte_of_a_password_counts() {
    for method in [bcrypt_10(), HashMethod::Argon2id] {
        let hash = PasswordHash::of(&password("Grüße, Ada 1!"), method).expect("hashes");
        assert!(hash.is_of(method));
        assert_eq!(hash.verify(&password("Grüße, Ada 1!")), Ok(true));
        for other in ["grüße, Ada 1!", " Grüße, Ada 1!", "Grüße, Ada 1! ", "Gru\u{308}ße, Ada 1!"] {
            assert_eq!(hash.verify(&password(other)), Ok(false), "{other}");
        }
    }
}

// PW3
#[test]
fn no_password_is_cut_neither_hashed_nor_checked() {
    let hash = PasswordHash::of(&password(&"a".repeat(72)), bcrypt_10()).expect("hashes");
    assert_eq!(hash.verify(&password(&format!("{}b", "a".repeat(71)))), Ok(false));
    assert_eq!(hash.verify(&password(&"a".repeat(71))), Ok(false));
    assert_eq!(hash.verify(&password(&"a".repeat(73))), Ok(false), "bcrypt itself would say yes");
    assert!(PasswordHash::of(&password(&"a".repeat(73)), bcrypt_10()).is_err());

    let long = PasswordHash::of(&password(&"a".repeat(1024)), HashMethod::Argon2id).expect("hashes");
    assert_eq!(long.verify(&password(&"a".repeat(1024))), Ok(true));
    assert_eq!(long.verify(&password(&"a".repeat(1023))), Ok(false));
}

// PW8
#[test]
fn two_hashes_of_one_password_differ() {
    for method in [bcrypt_10(), HashMethod::Argon2id] {
        let hash = || PasswordHash::of(&password("Vr7#kqzmwTpx"), method).expect("hashes");
        assert_ne!(hash().expose(), hash().expose());
    }
}

// PW9
#[test]
fn a_malformed_hash_is_an_error_and_never_a_panic() {
    let multibyte = "é".repeat(30);
    let salt_and_digest = "c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAA";
    let with = |start: &str| format!("{start}${salt_and_digest}");
    for text in [
        "",
        "x",
        "$",
        "$$$$$",
        "$2b$12$",
        "$2b$99$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZabcde",
        "$2b$03$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZabcde",
        "$2c$12$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZabcde",
        "$2$12$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZabcdef",
        "$2b$+5$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZabcde",
        &format!("$2b$12${multibyte}"),
        &multibyte,
        "$bcrypt-pepper$",
        "$bcrypt-pepper$AAAA$",
        "$bcrypt-sha256-hex$",
        "$bcrypt-sha256$v=2,t=2b,r=12$n79VH.0Q2TMWmt3Oqt9uku$Kq4Noyk3094Y2QlB8NdRT8SvGiI4ft2",
        "$argon2id$v=19",
        &with("$argon2d$v=19$m=65536,t=2,p=1"),
        &with("$argon2id$v=20$m=65536,t=2,p=1"),
        &with("$argon2id$v=19$m=65536,t=2"),
        &with("$argon2id$v=19$m=65536,t=2,p=1,keyid=AAAA"),
        &with("$argon2id$v=19$m=65536,m=65536,t=2,p=1"),
        &with("$argon2id$v=19$m=7,t=2,p=1"),
        &with("$argon2id$v=19$m=65536,t=0,p=1"),
        &with("$scrypt$ln=0,r=8,p=1"),
        &with("$scrypt$ln=14,r=0,p=1"),
        &with("$scrypt$ln=14,r=8,p=0"),
        &with("$pbkdf2-sha256$i=0"),
        &with("$pbkdf2-sha256$i=-1"),
        &with("$pbkdf2-sha256$i=1,l=32"),
        &with("$pbkdf2-md5$i=1"),
        &with("$fbscrypt$v=2,n=14,r=8,p=1,ss=Bw==,sk=AAAAAAAAAAAAAAAAAAAAAA"),
        &with("$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=AAAA"),
        "$pbkdf2-sha256$i=1$c2FsdA$AAAA",
        "$pbkdf2-sha256$i=1$!!!!$AAAAAAAAAAAAAAAAAAAAAA",
        "$1$yiiZbNIH$YiCsHZjcTkYd31wkgW8JF.",
        "5f4dcc3b5aa765d61d8327deb882cf99",
    ] {
        let stored = PasswordHash::from_stored(text.to_owned());
        assert!(stored.verify(&password("x")).is_err(), "{text}");
        assert!(PasswordHash::foreign(text).is_err(), "{text}");
        assert!(!stored.is_of(bcrypt_10()) && !stored.is_of(HashMethod::Argon2id));
        assert_eq!(stored.kind(), "malformed");
    }
}

// MV2
#[test]
fn a_hash_that_a_login_can_not_afford_is_none() {
    let salt_and_digest = "c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAA";
    let bcrypt = "abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZabcde";
    for (most, beyond) in [
        (format!("$2b$14${bcrypt}"), format!("$2b$15${bcrypt}")),
        (format!("$2b$14${bcrypt}"), format!("$2b$31${bcrypt}")),
        ("$argon2id$v=19$m=262144,t=4,p=16".to_owned(), "$argon2id$v=19$m=262145,t=1,p=1".to_owned()),
        ("$argon2id$v=19$m=262144,t=4,p=16".to_owned(), "$argon2id$v=19$m=262144,t=5,p=1".to_owned()),
        ("$argon2id$v=19$m=262144,t=4,p=16".to_owned(), "$argon2id$v=19$m=65536,t=4,p=17".to_owned()),
        ("$argon2id$v=19$m=8,t=131072,p=1".to_owned(), "$argon2id$v=19$m=8,t=4294967295,p=1".to_owned()),
        ("$scrypt$ln=18,r=8,p=2".to_owned(), "$scrypt$ln=19,r=8,p=1".to_owned()),
        ("$scrypt$ln=18,r=8,p=2".to_owned(), "$scrypt$ln=18,r=8,p=3".to_owned()),
        ("$scrypt$ln=18,r=8,p=2".to_owned(), "$scrypt$ln=63,r=8,p=1".to_owned()),
        ("$scrypt$ln=8,r=8,p=2048".to_owned(), "$scrypt$ln=8,r=8,p=2049".to_owned()),
        ("$scrypt$ln=8,r=8,p=2048".to_owned(), "$scrypt$ln=1,r=1048576,p=2".to_owned()),
        ("$scrypt$ln=8,r=8,p=2048".to_owned(), "$scrypt$ln=1,r=1,p=2097152".to_owned()),
        ("$scrypt$ln=18,r=8,p=2".to_owned(), "$scrypt$ln=200,r=4294967295,p=4294967295".to_owned()),
        ("$pbkdf2-sha1$i=5000000".to_owned(), "$pbkdf2-sha1$i=16777216".to_owned()),
        ("$pbkdf2-sha256$i=5000000".to_owned(), "$pbkdf2-sha256$i=5000001".to_owned()),
        ("$pbkdf2-sha512$i=2000000".to_owned(), "$pbkdf2-sha512$i=2000001".to_owned()),
    ] {
        let whole = |start: &str| {
            if start.starts_with("$2") { start.to_owned() } else { format!("{start}${salt_and_digest}") }
        };
        assert!(PasswordHash::foreign(&whole(&most)).is_ok(), "{most}");
        let reason = PasswordHash::foreign(&whole(&beyond)).err().map(|error| error.to_string());
        let reason = reason.unwrap_or_else(|| panic!("{beyond} is no hash"));
        let names_it = ["memory", "longer to check", "its range"].iter().any(|words| reason.contains(words));
        assert!(names_it, "{beyond}: {reason}");
        let stored = PasswordHash::from_stored(whole(&beyond));
        assert!(stored.verify(&password("x")).is_err(), "nor is it checked where it stands in the table");
    }
}
