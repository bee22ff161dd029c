//! What reaches the reader, in every language.

use shared::domain::Role;

use super::*;

fn mails(language: &str) -> Mails {
    let config = Config::from_pairs(&[("PRODUCT_NAME", "Acme & Co")]).expect("valid");
    let settings = MailSettings::from_pairs(&[
        ("RESET_URL", "https://app.example.com/reset?lang=en&x=1"),
        ("MAIL_FROM", "no-reply@example.com"),
        ("MAIL_LANGUAGE", language),
    ]);
    Mails::new(&config, &settings.expect("valid")).expect("templates parse")
}

fn user(name: Option<&str>) -> User {
    let email = "ada@example.com".parse().expect("valid");
    let user = User::new(email, name.map(str::to_owned), Role::Member, Timestamp::from_epoch_seconds(0));
    User { password_version: 1, ..user }
}

// RS10 RS11
#[test]
fn a_reset_mail_has_its_link_in_both_forms_and_every_value_escaped_in_html() {
    for (language, lifetime) in [("en", "15 minutes"), ("de", "15 Minuten")] {
        let token = ResetToken::generate();
        let user = user(Some("<b>Ada</b>\r\nBcc: eve@example.com"));
        let fifteen_minutes = Duration::from_secs(900);
        let mail = mails(language).choose_password("password_reset", &user, &token, fifteen_minutes);
        let mail = mail.expect("renders");

        let link = format!("https://app.example.com/reset?lang=en&x=1#token={}", *token.expose());
        assert!(mail.text.contains(&link) && mail.text.contains(lifetime), "{}", mail.text);
        assert!(mail.html.contains(&format!("lang=en&amp;x=1#token={}", *token.expose())), "{}", mail.html);
        assert!(mail.html.contains("&lt;b&gt;Ada") && !mail.html.contains("<b>Ada"), "{}", mail.html);
        assert!(mail.html.contains("Acme &amp; Co"), "{}", mail.html);
        assert!(
            !mail.subject.contains(['\r', '\n']) && mail.subject.contains("Acme & Co"),
            "{}",
            mail.subject
        );
    }
}

// RS10
#[test]
fn each_link_leads_to_the_page_that_takes_its_token() {
    let (mails, user, soon) = (mails("en"), user(None), Duration::from_secs(60));
    let (reset, verification) = (ResetToken::generate(), VerificationToken::generate());
    let email = "new@example.com".parse().expect("valid");
    for (mail, page, token) in [
        (mails.choose_password("invitation", &user, &reset, soon), "reset", Some(reset.expose())),
        (mails.choose_password("moved", &user, &reset, soon), "reset", Some(reset.expose())),
        (mails.registration(&email, &verification, soon), "verify-email", Some(verification.expose())),
        (mails.email_change(&user, &email, &verification, soon), "change-email", Some(verification.expose())),
        (mails.already_registered(&user), "reset", None),
    ] {
        let token = token.map_or_else(String::new, |token| format!("#token={}", *token));
        let link = format!("\nhttps://app.example.com/{page}?lang=en&x=1{token}\n");
        let text = mail.expect("renders").text;
        assert!(text.contains(&link), "{link} is not in {text}");
    }
}

// RS11
#[test]
fn every_mail_renders_with_and_without_a_name_and_says_whom_it_is_for() {
    let config = Config::from_pairs(&[]).expect("valid");
    let templates = Templates::embedded();
    let languages = templates.languages().into_iter();
    for (language, name) in languages.flat_map(|language| [(language, None), (language, Some("Ada"))]) {
        for (mail_name, mail) in mails(language).samples(&config, name).expect("renders") {
            for part in [&mail.text, &mail.html] {
                assert!(part.contains("ada@example.com") && !part.contains("{{"), "{part}");
                // An address that nobody has confirmed gets no words of a user's.
                let unconfirmed = ["registration", "invitation", "moved", "email_change"];
                let has_name = name.is_some() && !unconfirmed.contains(&mail_name);
                assert_eq!(part.contains("Ada"), has_name, "{part}");
            }
            let root = format!("<html lang=\"{language}\"");
            assert!(mail.html.contains(&root) && mail.html.contains(&mail.subject.replace('&', "&amp;")));
        }
    }
}

#[test]
fn a_change_of_address_names_the_old_and_the_new_one() {
    let old = "old@example.com".parse().expect("valid");
    let mail = mails("en").email_changed(&user(None), &old).expect("renders");
    assert!(mail.text.contains("from old@example.com to ada@example.com"), "{}", mail.text);
}

// EM1
#[test]
fn the_mail_to_a_new_address_says_as_whom_one_must_be_logged_in() {
    let (token, new) = (VerificationToken::generate(), "new@example.com".parse().expect("valid"));
    for (language, words) in [
        ("en", "in a browser that is logged in as ada@example.com"),
        ("de", "in einem Browser, in dem Sie als ada@example.com angemeldet sind"),
    ] {
        let mail = mails(language).email_change(&user(None), &new, &token, Duration::from_secs(60));
        let mail = mail.expect("renders");
        assert!(mail.text.contains(words) && mail.html.contains(words), "{}", mail.text);
    }
}

#[test]
fn a_sentence_that_is_not_true_of_the_reader_is_left_out_in_every_language() {
    let (with, without) = (user(None), User { password_version: 0, ..user(None) });
    for (language, as_always, devices) in [("en", "as always", "Devices on"), ("de", "wie immer", "Geräte")]
    {
        let mails = mails(language);
        for (reader, is_said) in [(&with, true), (&without, false)] {
            let mail = mails.already_registered(reader).expect("renders");
            assert_eq!((mail.text.contains(as_always), mail.html.contains(as_always)), (is_said, is_said));
        }
        for is_said in [true, false] {
            let mail = mails.locked_out(&with, Duration::from_secs(60), is_said).expect("renders");
            assert_eq!((mail.text.contains(devices), mail.html.contains(devices)), (is_said, is_said));
        }
    }
}

#[test]
fn a_new_device_is_told_as_far_as_it_is_known() {
    let at = Timestamp::from_epoch_seconds(1_795_435_200);
    let (firefox, linux) = (Some("Firefox"), Some("Linux"));
    for (language, browser, system, words) in [
        ("en", firefox, linux, "Firefox on Linux"),
        ("en", firefox, None, "Firefox"),
        ("en", None, linux, "Linux"),
        ("en", None, None, "an unknown device"),
        ("de", firefox, linux, "Firefox auf Linux"),
        ("de", None, None, "ein unbekanntes Gerät"),
    ] {
        let device = Device { browser, system };
        let mail = mails(language).new_device(&user(None), &device, "192.0.2.7", at).expect("renders");
        assert!(mail.text.contains(&format!(": {words}\n")), "{}", mail.text);
        assert!(
            mail.html.contains("192.0.2.7") && mail.html.contains("2026-11-23 12:00 UTC"),
            "{}",
            mail.html
        );
    }
}

#[test]
fn lifetimes_are_told_in_the_largest_whole_unit() {
    for (seconds, english, german) in [
        (60, "1 minute", "1 Minute"),
        (900, "15 minutes", "15 Minuten"),
        (3600, "1 hour", "1 Stunde"),
        (259_200, "3 days", "3 Tagen"),
        (5400, "90 minutes", "90 Minuten"),
    ] {
        for (language, words) in [("en", english), ("de", german)] {
            let told = mails(language).lifetime(Duration::from_secs(seconds)).expect("renders");
            assert_eq!(told, words);
        }
    }
}
