//! Tokens that must be refused, built by hand and signed with the right key wherever a signature can be right.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::{Value, json};

use super::*;
use crate::domain::Role;

const SECRET: &str = "0123456789abcdef0123456789abcdef";
const NOW: Timestamp = Timestamp::from_epoch_seconds(1_800_000_000);

fn tokens() -> Tokens {
    let config = Config::from_pairs(&[]).expect("defaults");
    Tokens::of_secret(&SecretKey::from_text(SECRET).expect("long enough"), &config)
}

fn user() -> User {
    let email = "ada@example.com".parse().expect("valid");
    User { generation: 3, ..User::new(email, None, Role::Lead, NOW) }
}

fn session(user: &User) -> Session {
    Session {
        user_id: user.id,
        session_id: SessionId::generate(),
        counter: 7,
        rotated_at: NOW,
        created_at: NOW,
        expires_at: NOW + Duration::from_secs(7 * 86_400),
        generation: user.generation,
        address: "203.0.113.7".to_owned(),
        user_agent: None,
    }
}

fn minted() -> TokenPair {
    let user = user();
    tokens().mint(&user, &session(&user), NOW).expect("mints")
}

fn encode(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// Header and claims as raw text, signed with the real key.
fn signed(header: &str, claims: &str) -> String {
    let message = format!("{}.{}", encode(header), encode(claims));
    let key = EncodingKey::from_secret(SECRET.as_bytes());
    let signature = crypto::sign(message.as_bytes(), &key, Algorithm::HS256).expect("signs");
    format!("{message}.{signature}")
}

fn part(token: &str, index: usize) -> Value {
    let bytes = URL_SAFE_NO_PAD.decode(token.split('.').nth(index).expect("a part")).expect("base64url");
    serde_json::from_slice(&bytes).expect("JSON")
}

fn verify_access(tokens: &Tokens, token: &str, now: Timestamp) -> std::result::Result<AccessToken, Refusal> {
    tokens.access.verify(token, now)
}

fn is_accepted(token: &str) -> bool {
    verify_access(&tokens(), token, NOW).is_ok()
}

/// A valid access token with some members of header and claims replaced; `null` removes one.
fn altered(header_changes: Value, claim_changes: Value) -> String {
    altered_token(&minted().access.text, header_changes, claim_changes)
}

fn altered_token(token: &str, header_changes: Value, claim_changes: Value) -> String {
    let change = |index, changes: Value| {
        let mut object = part(token, index);
        for (name, value) in changes.as_object().expect("an object") {
            match value {
                Value::Null => object.as_object_mut().expect("an object").remove(name),
                value => object.as_object_mut().expect("an object").insert(name.clone(), value.clone()),
            };
        }
        object.to_string()
    };
    signed(&change(0, header_changes), &change(1, claim_changes))
}

#[test]
fn a_token_says_what_it_was_made_of() {
    let (user, tokens) = (user(), tokens());
    let session = session(&user);
    let pair = tokens.mint(&user, &session, NOW).expect("mints");
    let access = verify_access(&tokens, &pair.access.text, NOW).expect("valid");
    assert_eq!((access.user_id, access.role, access.generation), (user.id, Role::Lead, 3));
    let refresh = tokens.sessions.verify_refresh(&pair.refresh.text, NOW).expect("valid");
    assert_eq!((refresh.session_id, refresh.counter), (session.session_id, 7));
    assert!(is_accepted(&altered(json!({}), json!({}))), "the builder of the tests below makes valid tokens");
}

// RT2
#[test]
fn one_session_row_gives_one_refresh_token_whenever_it_is_minted() {
    let (user, tokens) = (user(), tokens());
    let session = session(&user);
    let first = tokens.mint(&user, &session, NOW).expect("mints");
    let later = tokens.mint(&user, &session, NOW + Duration::from_secs(9)).expect("mints");
    assert_eq!(first.refresh.text, later.refresh.text);
}

// AT1
#[test]
fn any_header_but_ours_is_refused() {
    for header in [
        json!({"alg": "none"}),
        json!({"alg": "None"}),
        json!({"alg": "HS384"}),
        json!({"alg": "HS512"}),
        json!({"alg": "RS256"}),
        json!({"alg": "ES256"}),
        json!({"alg": "hs256"}),
        json!({"alg": null}),
        json!({"alg": ["HS256"]}),
        json!({"kid": "other"}),
        json!({"kid": null}),
        json!({"kid": "../secret"}),
        json!({"kid": ""}),
        json!({"kid": 1}),
        json!({"jku": "https://evil.example/keys"}),
        json!({"jwk": {"kty": "oct", "k": "AAAA"}}),
        json!({"x5u": "https://evil.example/cert"}),
        json!({"x5c": ["AAAA"]}),
        json!({"crit": ["exp"]}),
        json!({"zip": "DEF"}),
        json!({"b64": false}),
        json!({"anything": "else"}),
        json!({"typ": "JWT"}),
        json!({"typ": "rt+jwt"}),
        json!({"typ": "AT+JWT"}),
        json!({"typ": null}),
    ] {
        assert!(!is_accepted(&altered(header.clone(), json!({}))), "{header}");
    }
}

// AT1
#[test]
fn a_signature_that_is_missing_empty_or_another_keys_is_refused() {
    let token = minted().access.text;
    let (signed_part, signature) = token.rsplit_once('.').expect("three parts");
    let unsigned = format!(
        "{}.{}.",
        encode(r#"{"alg":"none","typ":"at+jwt","kid":"secret"}"#),
        token.split('.').nth(1).expect("claims")
    );
    let with_key = |key: &[u8]| {
        let signature =
            crypto::sign(signed_part.as_bytes(), &EncodingKey::from_secret(key), Algorithm::HS256);
        format!("{signed_part}.{}", signature.expect("signs"))
    };
    let mut flipped = URL_SAFE_NO_PAD.decode(signature).expect("base64url");
    flipped[0] ^= 1;
    for forged in [
        unsigned,
        format!("{signed_part}."),
        signed_part.to_owned(),
        with_key(b""),
        with_key(b"another-secret-of-thirty-two-byte"),
        format!("{signed_part}.{}", URL_SAFE_NO_PAD.encode(flipped)),
        format!("{signed_part}.{}", &signature[..21]),
    ] {
        assert!(!is_accepted(&forged), "{forged}");
    }
}

// AT2
#[test]
fn each_claim_is_required_and_typed() {
    let now = NOW.epoch_seconds();
    for claim in
        ["iss", "aud", "sub", "client_id", "jti", "sid", "role", "scope", "gen", "iat", "exp", "type"]
    {
        for value in [json!(null), json!([]), json!({}), json!(true), json!(["latchkey"]), json!(-1.5)] {
            assert!(!is_accepted(&altered(json!({}), json!({ claim: value }))), "{claim}: {value}");
        }
    }
    for claims in [
        json!({"exp": (now + 900).to_string()}),
        json!({"exp": now}),
        json!({"exp": now - 1}),
        json!({"exp": now as f64 + 900.5}),
        json!({"iat": now + 6}),
        json!({"iat": now.to_string()}),
        json!({"iat": now + 900}),
        json!({"iat": now + 4, "exp": now + 4}),
        json!({"gen": -1}),
        json!({"gen": "3"}),
        json!({"iss": "other"}),
        json!({"iss": 7}),
        json!({"aud": "other"}),
        json!({"aud": ["latchkey"]}),
        json!({"aud": ""}),
        json!({"sub": ""}),
        json!({"sub": 1}),
        json!({"sub": "admin"}),
        json!({"role": "root"}),
        json!({"role": "root", "scope": "root"}),
        json!({"scope": "admin"}),
        json!({"scope": "lead admin"}),
        json!({"jti": "1"}),
        json!({"client_id": "other"}),
        json!({"unknown": 1}),
    ] {
        assert!(!is_accepted(&altered(json!({}), claims.clone())), "{claims}");
    }
    assert!(is_accepted(&altered(json!({}), json!({"iat": now + 5}))), "clocks may differ by five seconds");
}

// AT2 AT3
#[test]
fn each_claim_of_a_refresh_token_is_required_and_typed_too() {
    let is_accepted = |changes: Value| {
        let token = altered_token(&minted().refresh.text, json!({}), changes);
        tokens().sessions.verify_refresh(&token, NOW).is_ok()
    };
    assert!(is_accepted(json!({})));
    for claim in ["iss", "aud", "sub", "sid", "ctr", "iat", "exp", "type"] {
        for value in [json!(null), json!("other"), json!([]), json!(-1.5)] {
            assert!(!is_accepted(json!({ claim: value })), "{claim}: {value}");
        }
    }
    assert!(!is_accepted(json!({ "type": "access" })));
    assert!(!is_accepted(json!({ "role": "admin" })));
}

// AT3
#[test]
fn access_and_refresh_tokens_never_stand_in_for_each_other() {
    let pair = minted();
    assert!(verify_access(&tokens(), &pair.refresh.text, NOW).is_err());
    assert!(tokens().sessions.verify_refresh(&pair.access.text, NOW).is_err());
    assert!(!is_accepted(&altered(json!({}), json!({"type": "refresh"}))));
    let header = part(&pair.access.text, 0).to_string();
    assert!(!is_accepted(&signed(&header, &part(&pair.refresh.text, 1).to_string())));
    let header = part(&pair.refresh.text, 0).to_string();
    let crossed = signed(&header, &part(&pair.access.text, 1).to_string());
    assert!(tokens().sessions.verify_refresh(&crossed, NOW).is_err());
}

// AT4
#[test]
fn only_the_canonical_compact_form_is_accepted() {
    let token = minted().access.text;
    let parts: Vec<&str> = token.split('.').collect();
    let (header, claims) = (part(&token, 0).to_string(), part(&token, 1).to_string());
    let twice = |object: &str, member: &str| format!("{{{member},{}", &object[1..]);
    let last = token.chars().last().expect("a signature");
    // 32 bytes end in a character that carries four bits: its neighbour spells the same bytes.
    let neighbour = char::from_u32(last as u32 + 1).expect("a character");
    let padded = format!("{claims}{}", " ".repeat(4096));
    for malformed in [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        "a.b.c".to_owned(),
        format!("{}.{}", parts[0], parts[1]),
        format!("{}.extra", *token),
        format!(".{}", *token),
        format!("{} ", *token),
        format!("\n{}", *token),
        format!("{}=", *token),
        format!("{}==.{}.{}", parts[0], parts[1], parts[2]),
        token.replace('.', ". "),
        format!("{}{neighbour}", &token[..token.len() - 1]),
        signed(&twice(&header, r#""alg":"HS256""#), &claims),
        signed(&header, &twice(&claims, r#""sub":"00000000-0000-4000-8000-000000000000""#)),
        signed(&header, &padded),
        signed("[]", &claims),
        signed(&header, "[]"),
        signed(&header, "null"),
        signed("", ""),
    ] {
        assert!(!is_accepted(&malformed), "{malformed}");
    }
}

// RT4 AT2
#[test]
fn a_token_is_dead_from_the_second_in_which_it_expires() {
    let pair = minted();
    let tokens = tokens();
    let end = NOW + Duration::from_secs(900);
    assert!(verify_access(&tokens, &pair.access.text, end - Duration::from_secs(1)).is_ok());
    assert!(verify_access(&tokens, &pair.access.text, end).is_err());
    let end = NOW + Duration::from_secs(7 * 86_400);
    assert!(tokens.sessions.verify_refresh(&pair.refresh.text, end - Duration::from_secs(1)).is_ok());
    assert!(tokens.sessions.verify_refresh(&pair.refresh.text, end).is_err());
}

// AT7
#[test]
fn an_access_token_holds_no_personal_data_but_id_and_role() {
    let claims = part(&minted().access.text, 1);
    let mut members: Vec<&str> = claims.as_object().expect("an object").keys().map(String::as_str).collect();
    members.sort_unstable();
    assert_eq!(
        members,
        ["aud", "client_id", "exp", "gen", "iat", "iss", "jti", "role", "scope", "sid", "sub", "type"]
    );
    assert_eq!(claims["exp"].as_i64().expect("a number") - claims["iat"].as_i64().expect("a number"), 900);
}
