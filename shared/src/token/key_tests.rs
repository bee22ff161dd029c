//! Managed keys: what each signs, who verifies it, and how one is not taken for another.

use std::{sync::LazyLock, time::Duration};

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, Validation, jwk::Jwk as ForeignJwk};
use serde_json::{Value, json};

use super::{
    key::{SigningKey, VerifyingKey},
    *,
};
use crate::domain::{Algorithm, PublicKey, Role};

const NOW: Timestamp = Timestamp::from_epoch_seconds(1_800_000_000);

/// One key of each algorithm. RSA takes its time: they are made once.
static PAIRS: LazyLock<Vec<(PublicKey, NewKey)>> = LazyLock::new(|| {
    let pairs = Algorithm::MANAGED.into_iter().zip(1..).map(|(algorithm, number)| {
        let key = NewKey::generate(algorithm).expect("a key");
        let (id, jwk) = (key.id.clone(), key.jwk.clone());
        let public = PublicKey { number, id, algorithm, jwk, created_at: NOW, signs_from: NOW };
        (public, key)
    });
    pairs.collect()
});

fn config() -> Config {
    Config::from_pairs(&[]).expect("defaults")
}

/// Tokens of one key alone.
fn tokens(public: &PublicKey, key: &NewKey) -> Result<Tokens> {
    let private = [PrivateKey { number: public.number, pkcs8: key.pkcs8.clone() }];
    let session = SessionSecret::generate(1, NOW);
    Tokens::of_keys(PublicKeys::new(vec![public.clone()]), &private, &session, &config(), NOW)
}

fn minted(public: &PublicKey, key: &NewKey) -> String {
    let user = User::new("ada@example.com".parse().expect("valid"), None, Role::Lead, NOW);
    let tokens = tokens(public, key).expect("tokens");
    tokens.mint_access(&user, SessionId::generate(), 1, NOW).expect("mints").text.to_string()
}

/// Verifies with all three keys.
fn verifier() -> AccessVerifier {
    let keys = PAIRS.iter().map(|(public, _)| public.clone()).collect();
    AccessVerifier::of_keys(PublicKeys::new(keys), &config()).expect("keys")
}

fn encode(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

/// A token with the claims of another, a header of one's choice, and whatever `sign` makes of both.
fn forged(token: &str, alg: &str, kid: &KeyId, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let header = encode(&json!({ "typ": "at+jwt", "alg": alg, "kid": kid }));
    let message = format!("{header}.{}", token.split('.').nth(1).expect("claims"));
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(sign(message.as_bytes())))
}

// AT1 KY3
#[test]
fn what_a_key_signs_we_verify_and_so_does_another_library_with_what_we_publish() {
    let set = serde_json::to_value(verifier().published(NOW)).expect("JSON");
    for (public, key) in PAIRS.iter() {
        let token = minted(public, key);
        assert!(verifier().verify(&token, NOW).is_ok(), "{}", public.algorithm);
        let published = set["keys"].as_array().expect("keys").iter();
        let own = published.clone().find(|jwk| jwk["kid"] == json!(public.id)).expect("published");
        let jwk: ForeignJwk = serde_json::from_value(own.clone()).expect("a JWK");
        let mut validation = Validation::new(public.algorithm.as_str().parse().expect("an algorithm"));
        validation.set_audience(&["latchkey"]);
        validation.set_issuer(&["latchkey"]);
        // It compares with the clock of this machine.
        validation.validate_exp = false;
        let foreign = DecodingKey::from_jwk(&jwk).expect("a key");
        let read = jsonwebtoken::decode::<Value>(&token, &foreign, &validation).expect("verifies");
        assert_eq!(read.claims["scope"], "lead");
    }
}

// AT1
#[test]
fn no_public_half_is_ever_a_secret() {
    for (public, key) in PAIRS.iter() {
        let token = minted(public, key);
        let jwk: Value = serde_json::from_str(&public.jwk).expect("JSON");
        let member =
            |name: &str| URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap_or_default()).expect("bytes");
        let secrets = [
            public.jwk.clone().into_bytes(),
            public.id.to_string().into_bytes(),
            member("x"),
            [vec![4], member("x"), member("y")].concat(),
            member("n"),
            Vec::new(),
        ];
        for secret in secrets {
            let hmac = hmac::Key::new(hmac::HMAC_SHA256, &secret);
            let sign = |message: &[u8]| hmac::sign(&hmac, message).as_ref().to_vec();
            for alg in ["HS256", public.algorithm.as_str(), "none"] {
                let forged = forged(&token, alg, &public.id, sign);
                assert_eq!(verifier().verify(&forged, NOW), Err(Refusal::Invalid), "{alg}");
            }
        }
    }
}

// AT1
#[test]
fn a_key_verifies_with_its_own_algorithm_and_its_own_name_only() {
    for (public, key) in PAIRS.iter() {
        let token = minted(public, key);
        let signing = SigningKey::private(public, &key.pkcs8).expect("a key");
        let sign = |message: &[u8]| signing.sign(message).expect("signs");
        assert!(verifier().verify(&forged(&token, public.algorithm.as_str(), &public.id, sign), NOW).is_ok());
        for (other, _) in PAIRS.iter() {
            for alg in ["HS256", "ES256", "RS256", "EdDSA", "PS256", "ES384", "none", "es256"] {
                if other.id != public.id || alg != public.algorithm.as_str() {
                    let forged = forged(&token, alg, &other.id, sign);
                    assert_eq!(verifier().verify(&forged, NOW), Err(Refusal::Invalid), "{alg}");
                }
            }
        }
    }
}

// AT1
#[test]
fn a_signature_of_another_form_or_length_is_refused() {
    let (public, key) = &PAIRS[0];
    let token = minted(public, key);
    let (message, signature) = token.rsplit_once('.').expect("three parts");
    let bytes = URL_SAFE_NO_PAD.decode(signature).expect("base64url");
    assert_eq!(bytes.len(), 64);
    let half = |bytes: &[u8]| [&[2, 33, 0], bytes].concat();
    let body = [half(&bytes[..32]), half(&bytes[32..])].concat();
    let der = [vec![0x30, u8::try_from(body.len()).expect("short")], body].concat();
    for other in [Vec::new(), vec![0; 64], bytes[..63].to_vec(), [&bytes[..], &[0]].concat(), der] {
        let token = format!("{message}.{}", URL_SAFE_NO_PAD.encode(other));
        assert_eq!(verifier().verify(&token, NOW), Err(Refusal::Invalid));
    }
}

// KY4
#[test]
fn a_key_that_is_not_here_is_told_apart_from_a_token_that_is_bad() {
    let (public, key) = &PAIRS[0];
    let token = minted(public, key);
    let others = AccessVerifier::of_keys(PublicKeys::new(vec![PAIRS[1].0.clone()]), &config());
    let others = others.expect("keys");
    assert_eq!(others.verify(&token, NOW), Err(Refusal::UnknownKey));
    for other in ["", ".", "a.b.c", "not a token"] {
        assert_eq!(others.verify(other, NOW), Err(Refusal::Invalid), "{other}");
    }
    let sign = |_: &[u8]| vec![0; 64];
    let odd = forged(&token, "ES256", &"secret".parse().expect("a name"), sign);
    assert_eq!(others.verify(&odd, NOW), Err(Refusal::UnknownKey));
    let spelled = encode(&json!({ "typ": "at+jwt", "alg": "ES256", "kid": "../private" }));
    let rest = token.split_once('.').expect("a header").1;
    assert_eq!(others.verify(&format!("{spelled}.{rest}"), NOW), Err(Refusal::Invalid));
}

// KY4
#[test]
fn a_row_that_was_tampered_with_stops_all_and_is_never_skipped() {
    let (first, key) = &PAIRS[0];
    let (second, other) = &PAIRS[2];
    let with = |change: &dyn Fn(&mut PublicKey)| {
        let mut public = first.clone();
        change(&mut public);
        public
    };
    for broken in [
        with(&|public| public.id = second.id.clone()),
        with(&|public| public.algorithm = Algorithm::EdDsa),
        with(&|public| public.algorithm = Algorithm::Hs256),
        with(&|public| public.jwk = second.jwk.clone()),
        with(&|public| public.jwk = public.jwk.replace("\"y\":\"", "\"y\":\"AA")),
        with(&|public| public.jwk = format!(" {}", public.jwk)),
        with(&|public| public.jwk = String::new()),
    ] {
        let keys = PublicKeys::new(vec![second.clone(), broken.clone()]);
        assert!(AccessVerifier::of_keys(keys, &config()).is_err(), "{broken:?}");
        assert!(VerifyingKey::public(&broken).is_err(), "{broken:?}");
    }
    // Private halves: another key's, none, nonsense.
    assert!(tokens(first, key).is_ok());
    let sibling = NewKey::generate(Algorithm::Es256).expect("a key");
    for pkcs8 in [&sibling.pkcs8[..], &other.pkcs8, &[], &key.pkcs8[1..]] {
        assert!(SigningKey::private(first, pkcs8).is_err());
    }
    let session = SessionSecret::generate(1, NOW);
    let without = Tokens::of_keys(PublicKeys::new(vec![first.clone()]), &[], &session, &config(), NOW);
    assert!(without.is_err());
}

// KY2
#[test]
fn only_the_private_halves_of_keys_that_sign_now_or_later_are_needed() {
    let ((old, _), (new, key)) = (&PAIRS[0], &PAIRS[2]);
    let new = PublicKey { signs_from: NOW + Duration::from_secs(60), ..new.clone() };
    let private = [PrivateKey { number: new.number, pkcs8: key.pkcs8.clone() }];
    let at = |now| {
        let keys = PublicKeys::new(vec![old.clone(), new.clone()]);
        Tokens::of_keys(keys, &private, &SessionSecret::generate(1, NOW), &config(), now)
    };
    assert!(at(NOW).is_err(), "the old one signs");
    assert!(at(NOW + Duration::from_secs(60)).is_ok());
}
