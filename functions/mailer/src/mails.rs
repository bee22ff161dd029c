//! What mails say: `mails/LANGUAGE/NAME.txt` (first line: the subject) and `NAME.html`, with placeholders. All words
//! are there and none is here. In HTML every value is escaped (promise RS11).

use std::time::Duration;

use minijinja::{Environment, Value, context};
use shared::{
    config::{Config, MailSettings},
    domain::{Device, Email, ResetToken, Timestamp, User, VerificationToken},
    error::{Error, Result},
    mailer::Mail,
};
use zeroize::Zeroizing;

use crate::templates::{InvalidMails, Templates};

/// The templates of one language, and what all of them may name.
pub struct Mails {
    templates: Environment<'static>,
    product: String,
    settings: MailSettings,
}

impl Mails {
    /// Parses the templates that the program was built with. Errors: one is malformed or missing, or there is no such
    /// language.
    pub fn new(config: &Config, settings: &MailSettings) -> std::result::Result<Self, InvalidMails> {
        Self::of(&Templates::embedded(), config, settings)
    }

    /// As [`Mails::new`], of other templates.
    pub fn of(
        templates: &Templates,
        config: &Config,
        settings: &MailSettings,
    ) -> std::result::Result<Self, InvalidMails> {
        Ok(Self {
            templates: templates.parse(&settings.language)?,
            product: config.product_name.clone(),
            settings: settings.clone(),
        })
    }

    /// "Complete your registration": with the link. Whoever reads it has no account yet.
    pub fn registration(&self, email: &Email, token: &VerificationToken, lifetime: Duration) -> Result<Mail> {
        let link = with_token(&self.settings.verify_email_url, &token.expose());
        let nobody = context! { name => (), email => email.as_str() };
        self.mail_with_link("registration", &link, lifetime, nobody)
    }

    /// "You already have an account": to who registers, or moves an account to, an address that has one. The link has
    /// no token.
    pub fn already_registered(&self, user: &User) -> Result<Mail> {
        let (link, has_password) = (self.settings.reset_url.as_str(), user.has_password());
        self.mail("already_registered", context! { link, has_password, ..about(user) })
    }

    /// With a link to choose a password: `invitation`, `moved` (who was imported without one), `password_reset` (who asked)
    /// or `sent_reset` (by the people who run it).
    pub fn choose_password(
        &self,
        name: &str,
        user: &User,
        token: &ResetToken,
        lifetime: Duration,
    ) -> Result<Mail> {
        let link = with_token(&self.settings.reset_url, &token.expose());
        self.mail_with_link(name, &link, lifetime, about(user))
    }

    /// "Your password was set": the first one.
    pub fn password_set(&self, user: &User) -> Result<Mail> {
        self.mail("password_set", about(user))
    }

    /// "Your password was changed".
    pub fn password_changed(&self, user: &User) -> Result<Mail> {
        self.mail("password_changed", about(user))
    }

    /// "Confirm your new address": with the link. It goes to the new address, which may be a stranger's: the user's name
    /// is not in it, or anybody could have us mail any words to anybody.
    pub fn email_change(
        &self,
        user: &User,
        new_email: &Email,
        token: &VerificationToken,
        lifetime: Duration,
    ) -> Result<Mail> {
        let link = with_token(&self.settings.change_email_url, &token.expose());
        let values = context! { name => (), new_email => new_email.as_str(), ..about(user) };
        self.mail_with_link("email_change", &link, lifetime, values)
    }

    /// "Your address was changed" to the user's present one. It goes to the old address.
    pub fn email_changed(&self, user: &User, old_email: &Email) -> Result<Mail> {
        self.mail("email_changed", context! { old_email => old_email.as_str(), ..about(user) })
    }

    /// "Your account is locked", for how long, and how to get back in; `known_devices`: whether there may be devices on
    /// which it is not.
    pub fn locked_out(&self, user: &User, lifetime: Duration, known_devices: bool) -> Result<Mail> {
        let lifetime = self.lifetime(lifetime)?;
        self.mail("locked_out", context! { lifetime, known_devices, ..about(user) })
    }

    /// "New login": from which device and address, and when.
    pub fn new_device(&self, user: &User, device: &Device, address: &str, at: Timestamp) -> Result<Mail> {
        let names = context! { browser => device.browser, system => device.system };
        let device = self.render("device.txt", &names)?;
        let time = at.to_the_minute();
        self.mail("new_device", context! { device, address, time, ..about(user) })
    }

    fn mail_with_link(&self, name: &str, link: &str, lifetime: Duration, values: Value) -> Result<Mail> {
        self.mail(name, context! { link, lifetime => self.lifetime(lifetime)?, ..values })
    }

    fn mail(&self, name: &str, values: Value) -> Result<Mail> {
        let greeting = self.render("greeting.txt", &values)?;
        let values = context! { product => self.product.as_str(), greeting, ..values };
        let text = self.render(&format!("{name}.txt"), &values)?;
        let (subject, text) = text.split_once('\n').unwrap_or((&text, ""));
        let subject = subject.trim();
        let framed = context! { subject, language => self.settings.language.as_str(), ..values };
        let html = self.render(&format!("{name}.html"), &framed)?;
        Ok(Mail { subject: subject.to_owned(), text: text.trim_start().to_owned(), html })
    }

    /// In words, in the largest whole unit: 3 days, and not 72 hours.
    fn lifetime(&self, lifetime: Duration) -> Result<String> {
        let (number, unit) = in_units(lifetime);
        self.render("lifetime.txt", &context! { number, unit })
    }

    fn render(&self, file: &str, values: &Value) -> Result<String> {
        let template = self.templates.get_template(&format!("{}/{file}", self.settings.language));
        template
            .and_then(|template| template.render(values))
            .map_err(|error| Error::Internal(error.to_string()))
    }
}

/// The token rides in the fragment, which browsers send to no server (promise RS10).
fn with_token(page: &str, token: &str) -> Zeroizing<String> {
    Zeroizing::new(format!("{page}#token={token}"))
}

/// A name stands in a mail once its owner chose a password: before that it is what somebody else wrote about an address
/// that need not be his, and we would carry his words to it.
fn about(user: &User) -> Value {
    let name = user.name.as_deref().filter(|_| user.has_password());
    context! { name, email => user.email.as_str() }
}

fn in_units(lifetime: Duration) -> (u64, &'static str) {
    let minutes = lifetime.as_secs() / 60;
    match minutes {
        _ if minutes.is_multiple_of(24 * 60) => (minutes / (24 * 60), "day"),
        _ if minutes.is_multiple_of(60) => (minutes / 60, "hour"),
        _ => (minutes, "minute"),
    }
}

#[cfg(test)]
mod tests;
