//! Defaults, and what is said of bad values.

use super::*;
use crate::domain::BcryptCost;

#[test]
fn without_any_setting_the_documented_defaults_hold() {
    let config = Config::from_pairs(&[]).expect("defaults are valid");
    assert_eq!(config.access_token.lifetime, Duration::from_secs(15 * 60));
    assert_eq!(config.session.idle, Duration::from_secs(7 * 86_400));
    assert_eq!((config.lockout.attempts, config.lockout.duration), (5, Duration::from_secs(1800)));
    assert_eq!(config.hash_method, HashMethod::Bcrypt(BcryptCost::new(12).expect("a cost")));
    assert_eq!(config.reset.token_lifetime, Duration::from_secs(900));
    assert!(config.browser.allowed_origins.is_empty());
}

#[test]
fn every_bad_setting_is_named_with_its_value_and_what_to_write() {
    for (name, value, message) in [
        ("ALGORITHM", "none", "ALGORITHM is \"none\"; it must be one of ES256, RS256, EdDSA, HS256"),
        ("LOCKOUT_ATTEMPTS", "0", "LOCKOUT_ATTEMPTS is \"0\"; it must be a whole number from 1 to 50"),
        ("LOCKOUT_MINUTES", "half", "LOCKOUT_MINUTES is \"half\"; it must be a whole number from 1 to 1440"),
        ("BCRYPT_COST", "9", "BCRYPT_COST is \"9\"; it must be a whole number from 10 to 14"),
        (
            "REFRESH_GRACE_SECONDS",
            "61",
            "REFRESH_GRACE_SECONDS is \"61\"; it must be a whole number from 0 to 60",
        ),
        ("PASSWORD_HASH", "md5", "PASSWORD_HASH is \"md5\"; it must be one of bcrypt, argon2id"),
        ("PASSWORD_POLICY", "weak", "PASSWORD_POLICY is \"weak\"; it must be one of spec, nist"),
        ("COOKIE_SAME_SITE", "strict", "COOKIE_SAME_SITE is \"strict\"; it must be one of Strict, Lax, None"),
        (
            "TABLE_PREFIX",
            "x y",
            "TABLE_PREFIX is \"x y\"; it must be letters, digits, dots, hyphens and underscores",
        ),
        ("PRODUCT_NAME", "a\nb", "PRODUCT_NAME must be 1 to 100 printable characters"),
        (
            "ALLOWED_ORIGINS",
            "https://app.example.com/",
            "ALLOWED_ORIGINS has \"https://app.example.com/\"; an origin is scheme://host[:port] without a path, such as https://app.example.com",
        ),
        (
            "ALLOWED_ORIGINS",
            "*",
            "ALLOWED_ORIGINS has \"*\"; an origin is scheme://host[:port] without a path, such as https://app.example.com",
        ),
        (
            "SESSION_EXPIRE_DAYS",
            "3",
            "SESSION_EXPIRE_DAYS must be at least REFRESH_TOKEN_EXPIRE_DAYS: a session can't be idle for longer than it lives",
        ),
    ] {
        let error = Config::from_pairs(&[(name, value)]).expect_err(name);
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn an_old_pool_is_asked_only_if_a_client_is_named() {
    let pool = |pairs: &[(&str, &str)]| Config::from_pairs(pairs).map(|config| config.old_pool);
    assert!(pool(&[("COGNITO_REGION", "eu-west-1")]).is_ok_and(|pool| pool.is_none()));
    let given =
        [("COGNITO_CLIENT_ID", "4example"), ("COGNITO_CLIENT_SECRET", "hidden"), ("AWS_REGION", "eu-west-1")];
    let pool_of_region = pool(&given).expect("valid").expect("a pool");
    assert_eq!(pool_of_region.endpoint, "https://cognito-idp.eu-west-1.amazonaws.com");
    assert!(!format!("{pool_of_region:?}").contains("hidden"));
    let other = [&given[..], &[("COGNITO_REGION", "cn-north-1")]].concat();
    let other = pool(&other).expect("valid").expect("a pool");
    assert_eq!(other.endpoint, "https://cognito-idp.cn-north-1.amazonaws.com.cn");
    for (id, region) in [("4example", ""), ("4example", "Ireland"), ("not an id", "eu-west-1")] {
        assert!(pool(&[("COGNITO_CLIENT_ID", id), ("COGNITO_REGION", region)]).is_err(), "{id} {region}");
    }
}

#[test]
fn all_bad_settings_are_told_at_once() {
    let error =
        Config::from_pairs(&[("BCRYPT_COST", "99"), ("LOCKOUT_ATTEMPTS", "x")]).expect_err("both are bad");
    assert!(error.to_string().contains("BCRYPT_COST") && error.to_string().contains("LOCKOUT_ATTEMPTS"));
}
