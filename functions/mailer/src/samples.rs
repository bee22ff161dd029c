//! Every mail with made-up values: for who writes templates, and for the tests.

use shared::{
    config::Config,
    domain::{Device, ResetToken, Role, Timestamp, User, VerificationToken},
    error::Error,
    mailer::Mail,
};

use crate::{Mails, templates::InvalidMails};

/// What the links of samples carry; it opens nothing.
const TOKEN: &str = "dGhpcy10b2tlbi1pcy1vbmx5LWZvci1hLXByZXZpZXc";

impl Mails {
    /// Every mail by name, as a user of that name would get it. Errors: a template names what there is not; which one,
    /// and its line.
    pub fn samples(
        &self,
        config: &Config,
        name: Option<&str>,
    ) -> Result<Vec<(&'static str, Mail)>, InvalidMails> {
        let at = Timestamp::from_epoch_seconds(1_795_435_200);
        let email = "ada@example.com".parse().expect("an e-mail");
        let invited = User::new(email, name.map(str::to_owned), Role::Member, at);
        let user = User { password_version: 1, ..invited.clone() };
        let other_email = "ada.lovelace@example.com".parse().expect("an e-mail");
        let device = Device { browser: Some("Firefox"), system: Some("Linux") };
        let reset = TOKEN.parse::<ResetToken>().expect("a token");
        let verification = TOKEN.parse::<VerificationToken>().expect("a token");
        let (soon, in_days) = (config.reset.token_lifetime, config.reset.invitation_lifetime);
        let a_day = config.registration.token_lifetime;

        let mails = [
            ("registration", self.registration(&user.email, &verification, a_day)),
            ("already_registered", self.already_registered(&user)),
            ("invitation", self.choose_password("invitation", &invited, &reset, in_days)),
            ("moved", self.choose_password("moved", &invited, &reset, in_days)),
            ("password_reset", self.choose_password("password_reset", &user, &reset, soon)),
            ("sent_reset", self.choose_password("sent_reset", &user, &reset, soon)),
            ("password_set", self.password_set(&user)),
            ("password_changed", self.password_changed(&user)),
            ("email_change", self.email_change(&user, &other_email, &verification, a_day)),
            ("email_changed", self.email_changed(&user, &other_email)),
            ("new_device", self.new_device(&user, &device, "192.0.2.7", at)),
            ("locked_out", self.locked_out(&user, config.lockout.duration, true)),
        ];
        mails.into_iter().map(|(name, mail)| Ok((name, mail?))).collect()
    }
}

impl From<Error> for InvalidMails {
    fn from(error: Error) -> Self {
        match error {
            Error::Internal(words) => Self(words),
            other => Self(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::config::MailSettings;

    use super::*;
    use crate::{NAMES, Templates};

    fn mails_with(file: &'static str, text: &'static str) -> Mails {
        let settings = [("RESET_URL", "https://app.example.com/reset"), ("MAIL_FROM", "a@example.com")];
        let settings = MailSettings::from_pairs(&settings).expect("valid");
        let mut templates = Templates::embedded();
        templates.put(file, text);
        Mails::of(&templates, &config(), &settings).expect("well formed")
    }

    fn config() -> Config {
        Config::from_pairs(&[]).expect("valid")
    }

    #[test]
    fn there_is_a_sample_of_every_mail() {
        let samples = mails_with("unused.txt", "").samples(&config(), None).expect("they render");
        assert_eq!(samples.iter().map(|(name, _)| *name).collect::<Vec<_>>(), NAMES);
    }

    #[test]
    fn a_misspelt_placeholder_is_told_with_its_file_and_line() {
        let mails = mails_with("en/locked_out.html", "<p>\n{{ prodcut }}\n</p>");
        let error = mails.samples(&config(), None).err().expect("undefined").to_string();
        assert!(error.contains("en/locked_out.html:2"), "{error}");
    }
}
