//! What only the mailer needs.

use super::{InvalidSettings, Reader};

/// The settings of mails: both are required where mails are sent, and given nowhere else.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// The front end's page that takes `#token=...` and a new password.
    pub reset_url: String,
    /// The sender, an identity that SES has verified.
    pub from: String,
}

impl MailSettings {
    /// Reads RESET_URL and MAIL_FROM. Errors: one is missing or malformed.
    pub fn from_env() -> Result<Self, InvalidSettings> {
        Self::read(Reader::of_environment())
    }

    /// As [`MailSettings::from_env`], from pairs.
    pub fn from_pairs(pairs: &[(&str, &str)]) -> Result<Self, InvalidSettings> {
        Self::read(Reader::of_pairs(pairs))
    }

    fn read(mut env: Reader) -> Result<Self, InvalidSettings> {
        let reset_url = env.required("RESET_URL", "the page of your front end that sets a new password");
        let is_url = reset_url.starts_with("https://") || reset_url.starts_with("http://");
        let is_clean = reset_url.chars().all(|c| c.is_ascii_graphic() && c != '#');
        env.require(
            reset_url.is_empty() || (is_url && is_clean),
            &format!("RESET_URL is {reset_url:?}; it must be an https:// (or http://) address without a fragment (the token becomes one)"),
        );
        let from = env.required("MAIL_FROM", "the sender's address, verified in SES");
        env.require(
            from.is_empty() || (from.contains('@') && !from.chars().any(char::is_control)),
            &format!("MAIL_FROM is {from:?}; it must be an address such as no-reply@example.com"),
        );
        env.finish(Self { reset_url, from })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // RS10
    #[test]
    fn the_links_base_and_the_sender_must_be_given_and_well_formed() {
        let good = [("RESET_URL", "https://app.example.com/reset"), ("MAIL_FROM", "no-reply@example.com")];
        assert!(MailSettings::from_pairs(&good).is_ok());
        for (name, value) in [
            ("RESET_URL", ""),
            ("RESET_URL", "app.example.com"),
            ("RESET_URL", "javascript:alert(1)"),
            ("RESET_URL", "https://app.example.com/#x"),
            ("MAIL_FROM", ""),
            ("MAIL_FROM", "nobody"),
            ("MAIL_FROM", "a@example.com\r\nBcc: b@example.com"),
        ] {
            let error = MailSettings::from_pairs(&good.map(|(n, v)| (n, if n == name { value } else { v })));
            assert!(error.expect_err(value).to_string().starts_with(name), "{value}");
        }
    }
}
