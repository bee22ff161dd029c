//! What becomes of records in each source's own words. Whole files of each source are in cli/tests/sources.

use serde_json::{Value, json};
use shared::domain::{Account, Status};

use super::*;
use crate::import::{
    args::{Unsupported, Unverified},
    row::Rules,
};

const NOW: Timestamp = Timestamp::from_epoch_seconds(1_795_435_200);

fn fields(record: Value) -> Fields {
    match record {
        Value::Object(members) => Fields(members),
        other => panic!("{other} is no object"),
    }
}

fn account(origin: Origin, record: Value, unverified: Unverified) -> Result<Account, String> {
    let rules = Rules { unverified, unsupported: Unsupported::Refuse, now: NOW };
    row(origin, &fields(record), &Keys::default(), NOW)?.account(origin, rules)
}

fn refused(origin: Origin, record: Value) -> String {
    account(origin, record, Unverified::Refuse).err().expect("a refusal")
}

#[test]
fn only_what_leaves_no_doubt_is_detected() {
    for (record, is_csv, expected) in [
        (json!({ "localId": "1", "passwordHash": "" }), false, Some(Origin::Firebase)),
        (
            json!({ "Username": "a", "Attributes": [], "UserStatus": "CONFIRMED" }),
            false,
            Some(Origin::Cognito),
        ),
        (json!({ "email": null, "cognito:username": "a" }), true, Some(Origin::Cognito)),
        (json!({ "encrypted_password": "", "email_confirmed_at": null }), true, Some(Origin::Supabase)),
        (json!({ "encrypted_password": "", "confirmed_at": null }), true, Some(Origin::Devise)),
        (json!({ "model": "auth.user", "pk": 1, "fields": {} }), false, Some(Origin::Django)),
        (json!({ "is_superuser": "f", "date_joined": "" }), true, Some(Origin::Django)),
        (json!({ "username": "a", "enabled": true, "emailVerified": true }), false, Some(Origin::Keycloak)),
        (json!({ "email": "a", "email_verified": true, "passwordHash": "" }), false, Some(Origin::Auth0)),
        (json!({ "email": "a", "password_version": 1 }), false, Some(Origin::Latchkey)),
        (json!({ "email": "a", "password_version": "1" }), true, Some(Origin::Csv)),
        (json!({ "email": "a" }), true, Some(Origin::Csv)),
        (json!({ "EMAIL": "a" }), true, Some(Origin::Csv)),
        (json!({ "email": "a", "name": "b" }), false, Some(Origin::Csv)),
        (json!({ "Email": "a", "email_verified": true }), false, Some(Origin::Csv)),
        (json!({ "email": "a", "user_id": "auth0|1" }), false, None),
        (json!({ "email": "a", "email_confirmed_at": null }), false, None),
        (json!({ "email": "a", "emailVerified": false }), false, None),
        (json!({ "name": "b" }), false, None),
        (json!({ "e-mail": "a" }), true, None),
    ] {
        assert_eq!(detect(&fields(record.clone()), is_csv), expected, "{record}");
    }
}

#[test]
fn what_can_be_no_user_says_why() {
    for (origin, record, words) in [
        (Origin::Csv, json!({ "name": "Ada" }), "has no e-mail"),
        (Origin::Csv, json!({ "email": "ada" }), "email must be an e-mail address such as ada@example.com"),
        (
            Origin::Csv,
            json!({ "email": "a@b.c", "role": "owner" }),
            "role must be one of member, lead, admin",
        ),
        (
            Origin::Csv,
            json!({ "email": "a@b.c", "status": "gone" }),
            "status must be one of active, inactive",
        ),
        (
            Origin::Csv,
            json!({ "email": "a@b.c", "name": "a\nb" }),
            "name must be 1 to 100 printable characters",
        ),
        (Origin::Csv, json!({ "email": "a@b.c", "created_at": "once" }), "created_at must be a time such as"),
        (
            Origin::Csv,
            json!({ "email": "a@b.c", "password_hash": "secret" }),
            "password hash is no hash of bcrypt",
        ),
        (Origin::Csv, json!({ "email": "a@b.c", "email_verified": "no" }), "the e-mail was never proved"),
        (
            Origin::Latchkey,
            json!({ "email": "a@b.c", "password_version": -1 }),
            "password_version must be a whole number",
        ),
        (
            Origin::Latchkey,
            json!({ "email": "a@b.c", "must_reset": "x" }),
            "must_reset must be one of latchkey",
        ),
        (
            Origin::Csv,
            json!({ "email": "a@b.c", "old_username": "\u{1b}[2J" }),
            "username must have at most 254 printable characters",
        ),
        (Origin::Firebase, json!({ "email": "a@b.c" }), "the e-mail was never proved"),
        (
            Origin::Firebase,
            json!({ "email": "a@b.c", "emailVerified": true, "passwordHash": "AAAA" }),
            "see --hash-config",
        ),
        (Origin::Django, json!({ "model": "auth.group", "pk": 1, "fields": {} }), "is no user"),
        (
            Origin::Django,
            json!({ "email": "a@b.c", "password": "md5$a$b" }),
            "of an algorithm of Django's other than",
        ),
        (
            Origin::Django,
            json!({ "email": "a@b.c", "password": "plain" }),
            "password hash is none of Django's",
        ),
        (Origin::Devise, json!({ "email": "a@b.c", "discarded_at": "2024-01-01" }), "was deleted there"),
    ] {
        let reason = refused(origin, record.clone());
        assert!(reason.contains(words), "{record}: {reason}");
        assert!(!reason.contains("secret"), "a reason repeats no hash");
    }
}

// MV6
#[test]
fn who_never_proved_the_address_is_refused_or_must_prove_it_or_is_taken_as_asked() {
    let hash = "$2b$06$YEhPXjU93Oea6VaI1TsJi.Vs9WypLwfIp2LhjijVAdcOVpeYUPS2G";
    let record = || json!({ "email": "a@b.c", "email_verified": false, "passwordHash": hash });
    assert!(account(Origin::Auth0, record(), Unverified::Refuse).is_err());
    let reset = account(Origin::Auth0, record(), Unverified::Reset).expect("an account");
    assert!(reset.password_hash.is_none() && reset.user.password_version == 0);
    assert_eq!(reset.newcomer.map(|newcomer| newcomer.origin), Some(Origin::Auth0));
    let accepted = account(Origin::Auth0, record(), Unverified::Accept).expect("an account");
    assert!(accepted.password_hash.is_some() && accepted.newcomer.is_none());
    assert_eq!((accepted.user.password_version, accepted.user.status), (1, Status::Active));
}

// MV6 MV8
#[test]
fn the_old_pool_is_not_asked_about_who_never_proved_the_address() {
    let newcomer = |is_verified: &str, unverified| {
        let attributes = json!([
            { "Name": "email", "Value": "a@b.c" }, { "Name": "email_verified", "Value": is_verified },
        ]);
        let record = json!({ "Username": "ada", "UserStatus": "CONFIRMED", "Attributes": attributes });
        let account = account(Origin::Cognito, record, unverified).expect("an account");
        account.newcomer.map(|newcomer| (newcomer.origin, newcomer.username))
    };
    let is_asked = Some((Origin::Cognito, Some("ada".to_owned())));
    assert_eq!(newcomer("true", Unverified::Reset), is_asked);
    assert_eq!(newcomer("false", Unverified::Accept), is_asked);
    assert_eq!(newcomer("false", Unverified::Reset), Some((Origin::Latchkey, None)), "a link is mailed");
}

// MV6
#[test]
fn a_yes_or_no_that_can_not_be_read_is_refused_and_never_guessed() {
    let listed =
        json!([{ "Name": "email", "Value": "a@b.c" }, { "Name": "email_verified", "Value": "true" }]);
    for (origin, record, member) in [
        (Origin::Csv, json!({ "email": "a@b.c", "email_verified": "NEIN" }), "email_verified"),
        (Origin::Auth0, json!({ "email": "a@b.c", "email_verified": "no!" }), "email_verified"),
        (Origin::Auth0, json!({ "email": "a@b.c", "blocked": "WAHR" }), "blocked"),
        (Origin::Auth0, json!({ "email": "a@b.c", "blocked": [true] }), "blocked"),
        (Origin::Cognito, json!({ "Attributes": listed, "Enabled": "FALSCH" }), "Enabled"),
        (Origin::Django, json!({ "email": "a@b.c", "is_active": "FALSCH" }), "is_active"),
        (Origin::Firebase, json!({ "email": "a@b.c", "emailVerified": true, "disabled": "oui" }), "disabled"),
        (Origin::Keycloak, json!({ "email": "a@b.c", "emailVerified": true, "enabled": "non" }), "enabled"),
    ] {
        let reason = refused(origin, record.clone());
        assert_eq!(reason, format!("{member} must be true or false"), "{record}");
    }
    for no in [json!("N"), json!("f"), json!(0), json!(0.0), json!(false)] {
        let record = json!({ "email": "a@b.c", "email_verified": no });
        assert!(refused(Origin::Csv, record).contains("never proved"), "{no}");
    }
}

// MV6
#[test]
fn a_source_that_tells_of_proofs_and_of_none_here_tells_that_there_is_none() {
    for (origin, record) in [
        // Its own imports take a missing one for false.
        (Origin::Auth0, json!({ "email": "a@b.c" })),
        (Origin::Auth0, json!({ "email": "a@b.c", "email_verified": null })),
        // An empty cell.
        (Origin::Csv, json!({ "email": "a@b.c", "email_verified": null })),
    ] {
        assert!(refused(origin, record.clone()).contains("never proved"), "{record}");
    }
    assert!(
        account(Origin::Csv, json!({ "email": "a@b.c" }), Unverified::Refuse).is_ok(),
        "it knows of none"
    );
}

#[test]
fn who_was_banned_for_ever_or_nobody_can_tell_how_long_does_not_come_as_active() {
    let record =
        |until: &str| json!({ "email": "a@b.c", "email_confirmed_at": "2024-05-06", "banned_until": until });
    let status =
        |until| account(Origin::Supabase, record(until), Unverified::Refuse).map(|it| it.user.status);
    assert_eq!(status("infinity"), Ok(Status::Inactive));
    assert_eq!(status("2999-01-01 00:00:00+00"), Ok(Status::Inactive));
    assert_eq!(status("2001-01-01 00:00:00+00"), Ok(Status::Active));
    assert!(status("for long").is_err_and(|reason| reason.starts_with("banned_until must be a time")));
}

// MV4
#[test]
fn an_id_like_ours_is_kept_and_another_is_made_of_all_that_the_row_says() {
    let id = |record: Value| {
        account(Origin::Csv, record, Unverified::Refuse).expect("an account").user.id.to_string()
    };
    let kept = "8d0fd2b3-9ca7-4d9e-a95f-9e13dded323e";
    assert_eq!(id(json!({ "id": kept.to_uppercase(), "email": "a@b.c" })), kept);
    let made = id(json!({ "id": "17", "email": "a@b.c" }));
    let as_export = account(Origin::Latchkey, json!({ "id": "17", "email": "a@b.c" }), Unverified::Refuse);
    assert_eq!(as_export.expect("an account").user.id.to_string(), made, "both are read in the same way");
    let elsewhere = account(Origin::Django, json!({ "id": "17", "email": "a@b.c" }), Unverified::Refuse);
    assert_ne!(
        elsewhere.expect("an account").user.id.to_string(),
        made,
        "another system's 17 is another user"
    );
    assert_eq!(made, id(json!({ "id": "17", "email": "A@B.C " })));
    for other in [
        json!({ "id": "18", "email": "a@b.c" }),
        json!({ "id": "17", "email": "b@b.c" }),
        json!({ "id": "17", "email": "a@b.c", "name": "A" }),
        json!({ "email": "a@b.c" }),
    ] {
        assert_ne!(made, id(other));
    }
}

#[test]
fn firebases_parameters_are_read_as_the_console_shows_them_or_as_json() {
    let console = "hash_config {\n  algorithm: SCRYPT,\n  base64_signer_key: a+/b==,\n  base64_salt_separator: Bw==,\n  \
                   rounds: 8,\n  mem_cost: 14,\n}\n";
    let json = json!({ "base64_signer_key": "a+/b==", "base64_salt_separator": "Bw==", "rounds": 8, "mem_cost": 14 });
    for text in [console.to_owned(), json.to_string()] {
        let keys = Keys { hash_config: HashConfig::parse(&text).ok(), pepper: None };
        let record = fields(json!({ "passwordHash": "-_8=", "salt": "AA==" }));
        let row = row(Origin::Firebase, &record, &keys, NOW).expect("a row");
        let expected = "$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=a+/b==$AA==$+/8=";
        assert_eq!(row.hash, Some(Ok(expected.to_owned())));
    }
    for (text, words) in [("", "has no base64_signer_key"), ("{\"rounds\": 8}", "has no base64_signer_key")] {
        assert_eq!(HashConfig::parse(text).err().as_deref(), Some(words));
    }
}
