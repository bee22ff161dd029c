//! What mails say: `mails/*.txt` (first line: the subject) and `mails/*.html`, with placeholders. In HTML every value
//! is escaped (promise RS11).

use std::time::Duration;

use minijinja::{Environment, context};
use shared::{
    config::{Config, MailSettings},
    domain::{ResetToken, User},
    error::{Error, Result},
    mailer::Mail,
};
use zeroize::Zeroizing;

/// The templates, and what all of them may name.
pub struct Mails {
    templates: Environment<'static>,
    product: String,
    reset_url: String,
}

const TEMPLATES: [(&str, &str); 6] = [
    ("password_reset.txt", include_str!("../mails/password_reset.txt")),
    ("password_reset.html", include_str!("../mails/password_reset.html")),
    ("password_changed.txt", include_str!("../mails/password_changed.txt")),
    ("password_changed.html", include_str!("../mails/password_changed.html")),
    ("invitation.txt", include_str!("../mails/invitation.txt")),
    ("invitation.html", include_str!("../mails/invitation.html")),
];

impl Mails {
    /// Parses all templates. Errors: one is malformed; which, and where.
    pub fn new(config: &Config, settings: &MailSettings) -> std::result::Result<Self, minijinja::Error> {
        let mut templates = Environment::new();
        // A misspelt placeholder must fail, not vanish.
        templates.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
        for (name, source) in TEMPLATES {
            templates.add_template(name, source)?;
        }
        Ok(Self { templates, product: config.product_name.clone(), reset_url: settings.reset_url.clone() })
    }

    /// "You asked for a reset": with the link.
    pub fn password_reset(&self, user: &User, token: &ResetToken, lifetime: Duration) -> Result<Mail> {
        self.mail("password_reset", user, &self.link(token), &in_words(lifetime))
    }

    /// "You are invited": with the link.
    pub fn invitation(&self, user: &User, token: &ResetToken, lifetime: Duration) -> Result<Mail> {
        self.mail("invitation", user, &self.link(token), &in_words(lifetime))
    }

    /// "Your password was changed".
    pub fn password_changed(&self, user: &User) -> Result<Mail> {
        self.mail("password_changed", user, &self.reset_url, "")
    }

    /// The token rides in the fragment, which browsers send to no server (promise RS10).
    fn link(&self, token: &ResetToken) -> Zeroizing<String> {
        Zeroizing::new(format!("{}#token={}", self.reset_url, *token.expose()))
    }

    fn mail(&self, name: &str, user: &User, link: &str, lifetime: &str) -> Result<Mail> {
        let values = context! {
            product => self.product.as_str(),
            name => user.name.as_deref(),
            email => user.email.as_str(),
            link => link,
            lifetime => lifetime,
        };
        let render = |extension: &str| {
            let template = self.templates.get_template(&format!("{name}.{extension}"));
            template
                .and_then(|template| template.render(&values))
                .map_err(|error| Error::Internal(error.to_string()))
        };
        let (text, html) = (render("txt")?, render("html")?);
        let (subject, text) = text.split_once('\n').unwrap_or((&text, ""));
        Ok(Mail { subject: subject.trim().to_owned(), text: text.trim_start().to_owned(), html })
    }
}

fn in_words(lifetime: Duration) -> String {
    let minutes = lifetime.as_secs() / 60;
    let (number, unit) = match minutes {
        _ if minutes.is_multiple_of(24 * 60) => (minutes / (24 * 60), "day"),
        _ if minutes.is_multiple_of(60) => (minutes / 60, "hour"),
        _ => (minutes, "minute"),
    };
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use shared::domain::{Role, Timestamp};

    use super::*;

    fn mails(reset_url: &str) -> Mails {
        let config = Config::from_pairs(&[("PRODUCT_NAME", "Acme & Co")]).expect("valid");
        let settings = [("RESET_URL", reset_url), ("MAIL_FROM", "no-reply@example.com")];
        Mails::new(&config, &MailSettings::from_pairs(&settings).expect("valid")).expect("templates parse")
    }

    fn user(name: Option<&str>) -> User {
        let email = "ada@example.com".parse().expect("valid");
        User::new(email, name.map(str::to_owned), Role::Member, Timestamp::from_epoch_seconds(0))
    }

    // RS10 RS11
    #[test]
    fn a_reset_mail_has_its_link_in_both_forms_and_every_value_escaped_in_html() {
        let mails = mails("https://app.example.com/reset?lang=en&x=1");
        let token = ResetToken::generate();
        let user = user(Some("<b>Ada</b>\r\nBcc: eve@example.com"));
        let mail = mails.password_reset(&user, &token, Duration::from_secs(900)).expect("renders");

        let link = format!("https://app.example.com/reset?lang=en&x=1#token={}", *token.expose());
        assert!(mail.text.contains(&link) && mail.text.contains("15 minutes"), "{}", mail.text);
        assert!(mail.html.contains(&format!("lang=en&amp;x=1#token={}", *token.expose())), "{}", mail.html);
        assert!(mail.html.contains("&lt;b&gt;Ada") && !mail.html.contains("<b>Ada"), "{}", mail.html);
        assert!(mail.html.contains("Acme &amp; Co"), "{}", mail.html);
        assert!(
            !mail.subject.contains(['\r', '\n']) && mail.subject.contains("Acme & Co"),
            "{}",
            mail.subject
        );
    }

    #[test]
    fn every_mail_renders_with_and_without_a_name_and_says_whom_it_is_for() {
        let mails = mails("https://app.example.com/reset");
        let token = ResetToken::generate();
        for user in [user(None), user(Some("Ada"))] {
            for mail in [
                mails.password_reset(&user, &token, Duration::from_secs(3600)),
                mails.invitation(&user, &token, Duration::from_secs(72 * 3600)),
                mails.password_changed(&user),
            ] {
                let mail = mail.expect("renders");
                for part in [&mail.text, &mail.html] {
                    assert!(part.contains("ada@example.com") && !part.contains("{{"), "{part}");
                }
            }
        }
    }

    #[test]
    fn lifetimes_are_told_in_the_largest_whole_unit() {
        for (seconds, words) in [
            (60, "1 minute"),
            (900, "15 minutes"),
            (3600, "1 hour"),
            (259_200, "3 days"),
            (5400, "90 minutes"),
        ] {
            assert_eq!(in_words(Duration::from_secs(seconds)), words);
        }
    }
}
