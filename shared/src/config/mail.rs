//! What only the mailer needs.

use super::{InvalidSettings, Reader, SettingInForce};

/// The settings of mails, given where mails are sent and nowhere else. RESET_URL and MAIL_FROM are required.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// The front end's page that takes `#token=...` and a new password.
    pub reset_url: String,
    /// The front end's page that takes `#token=...` and completes a registration: `verify-email` beside that page.
    pub verify_email_url: String,
    /// The front end's page that takes `#token=...` and confirms a new address: `change-email` beside that page.
    pub change_email_url: String,
    /// The sender, an identity that SES has verified.
    pub from: String,
    /// Which folder of templates mails are made from: en. Which there are, only the mailer knows.
    pub language: String,
}

impl MailSettings {
    /// Reads the environment. Errors: a setting is missing or malformed.
    pub fn from_env() -> Result<Self, InvalidSettings> {
        let mut reader = Reader::of_environment();
        let settings = Self::read(&mut reader);
        reader.finish(settings)
    }

    /// As [`MailSettings::from_env`]; what the environment does not give is taken from pairs. For mails that nobody is
    /// sent.
    pub fn from_env_or(pairs: &[(&str, &str)]) -> Result<Self, InvalidSettings> {
        Self::from_env_or_listed(pairs).map(|(settings, _)| settings)
    }

    /// As [`MailSettings::from_env_or`], with the list of those that have a default.
    pub fn from_env_or_listed(
        pairs: &[(&str, &str)],
    ) -> Result<(Self, Vec<SettingInForce>), InvalidSettings> {
        let mut reader = Reader::of_environment_or(pairs);
        let settings = Self::read(&mut reader);
        let listed = reader.settings_in_force();
        reader.finish(settings).map(|settings| (settings, listed))
    }

    /// As [`MailSettings::from_env`], from pairs.
    pub fn from_pairs(pairs: &[(&str, &str)]) -> Result<Self, InvalidSettings> {
        let mut reader = Reader::of_pairs(pairs);
        let settings = Self::read(&mut reader);
        reader.finish(settings)
    }

    fn read(env: &mut Reader) -> Self {
        let reset_url = env.required("RESET_URL", "the page of your front end that sets a new password");
        check_link(env, "RESET_URL", &reset_url);
        let mut page = |name, default| {
            let given = env.optional(name).inspect(|url| check_link(env, name, url));
            given.unwrap_or_else(|| beside(&reset_url, default))
        };
        let verify_email_url = page("VERIFY_EMAIL_URL", "verify-email");
        let change_email_url = page("CHANGE_EMAIL_URL", "change-email");
        let from = env.required("MAIL_FROM", "the sender's address, verified in SES");
        env.require(
            from.is_empty() || (from.contains('@') && !from.chars().any(char::is_control)),
            &format!("MAIL_FROM is {from:?}; it must be an address such as no-reply@example.com"),
        );
        let language = env.text("MAIL_LANGUAGE", "en");
        Self { reset_url, verify_email_url, change_email_url, from, language }
    }
}

fn check_link(env: &mut Reader, name: &str, url: &str) {
    let is_url = url.starts_with("https://") || url.starts_with("http://");
    let is_clean = url.chars().all(|c| c.is_ascii_graphic() && c != '#');
    env.require(
        url.is_empty() || (is_url && is_clean),
        &format!(
            "{name} is {url:?}; it must be an https:// (or http://) address without a fragment \
             (the token becomes one)"
        ),
    );
}

/// The address of another page in the folder of this one. A query stays: it may say which language or tenant.
fn beside(url: &str, page: &str) -> String {
    let (path, query) = url.find('?').map_or((url, ""), |start| url.split_at(start));
    let host = path.find("://").map_or(0, |end| end + "://".len());
    let folder = path[host..].rfind('/').map_or(path, |slash| &path[..host + slash]);
    format!("{folder}/{page}{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: [(&str, &str); 2] =
        [("RESET_URL", "https://app.example.com/reset"), ("MAIL_FROM", "no-reply@example.com")];

    // RS10
    #[test]
    fn the_links_base_and_the_sender_must_be_given_and_well_formed() {
        let good = MailSettings::from_pairs(&GOOD).expect("valid");
        assert_eq!(good.language, "en");
        for (name, value) in [
            ("RESET_URL", ""),
            ("RESET_URL", "app.example.com"),
            ("RESET_URL", "javascript:alert(1)"),
            ("RESET_URL", "https://app.example.com/#x"),
            ("MAIL_FROM", ""),
            ("MAIL_FROM", "nobody"),
            ("MAIL_FROM", "a@example.com\r\nBcc: b@example.com"),
            ("VERIFY_EMAIL_URL", "app.example.com"),
            ("VERIFY_EMAIL_URL", "https://app.example.com/#x"),
            ("CHANGE_EMAIL_URL", "/change-email"),
        ] {
            let mut pairs = vec![(name, value)];
            pairs.extend(GOOD.into_iter().filter(|(other, _)| *other != name));
            let error = MailSettings::from_pairs(&pairs).expect_err(value).to_string();
            assert!(error.starts_with(name) && error.lines().count() == 1, "{value}: {error}");
        }
    }

    // RS10
    #[test]
    fn pages_that_are_not_named_lie_beside_the_one_for_resets() {
        for (reset_url, verify_email_url) in [
            ("https://app.example.com/reset-password", "https://app.example.com/verify-email"),
            ("https://app.example.com", "https://app.example.com/verify-email"),
            ("https://app.example.com/", "https://app.example.com/verify-email"),
            ("http://localhost:9000/a/b/reset", "http://localhost:9000/a/b/verify-email"),
            ("https://app.example.com/a/", "https://app.example.com/a/verify-email"),
            ("https://app.example.com/reset?to=/x", "https://app.example.com/verify-email?to=/x"),
            ("https://app.example.com?lang=en", "https://app.example.com/verify-email?lang=en"),
        ] {
            let pairs = [("RESET_URL", reset_url), GOOD[1], ("VERIFY_EMAIL_URL", "")];
            let settings = MailSettings::from_pairs(&pairs).expect("valid");
            assert_eq!(settings.verify_email_url, verify_email_url);
            assert_eq!(settings.change_email_url, verify_email_url.replace("verify-", "change-"));
        }
        let own = [GOOD[0], GOOD[1], ("CHANGE_EMAIL_URL", "https://id.example.com/moved")];
        let settings = MailSettings::from_pairs(&own).expect("valid");
        assert_eq!(settings.change_email_url, "https://id.example.com/moved");
    }
}
