//! `latchkey mail preview`: what mails say, before anybody is sent one.

use std::fmt;

use mailer::{InvalidMails, Mails, Templates};
use serde::Serialize;
use shared::config::{Config, MailSettings};

use crate::{args::Preview, failure::Failure, output::Output, place::Place};

/// What the mailer can't do without, where the environment has none.
pub const SAMPLES: [(&str, &str); 2] =
    [("RESET_URL", "https://app.example.com/reset-password"), ("MAIL_FROM", "no-reply@example.com")];

#[derive(Serialize)]
#[serde(transparent)]
struct Previews(Vec<Rendered>);

#[derive(Serialize)]
struct Rendered {
    name: &'static str,
    language: String,
    subject: String,
    text: String,
    html: String,
}

/// Prints every mail, or the one that was asked for. Errors: a template is malformed, missing, or names what there is
/// not.
pub fn preview(asked: &Preview, place: &Place, output: &mut Output) -> Result<(), Failure> {
    let (config, _) = place.settings()?;
    let settings = MailSettings::from_env_or(&SAMPLES)
        .map_err(|error| Failure::Usage(format!("the environment has a wrong setting.\n{error}")))?;
    let templates = asked.from.as_deref().map_or_else(|| Ok(Templates::embedded()), Templates::read)?;
    let languages = match &asked.language {
        Some(language) => vec![language.as_str()],
        None if output.json => templates.languages().into_iter().collect(),
        None => vec![settings.language.as_str()],
    };
    let mut previews = Vec::new();
    for language in languages {
        let settings = MailSettings { language: language.to_owned(), ..settings.clone() };
        previews.extend(rendered(&templates, &config, &settings)?);
    }
    previews.retain(|mail| asked.name.as_ref().is_none_or(|name| name == mail.name));
    output.print(&Previews(previews))
}

fn rendered(
    templates: &Templates,
    config: &Config,
    settings: &MailSettings,
) -> Result<impl Iterator<Item = Rendered>, InvalidMails> {
    let mails = Mails::of(templates, config, settings)?.samples(config, Some("Ada Lovelace"))?;
    let language = settings.language.clone();
    Ok(mails.into_iter().map(move |(name, mail)| Rendered {
        name,
        language: language.clone(),
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
    }))
}

impl From<InvalidMails> for Failure {
    fn from(error: InvalidMails) -> Self {
        Self::Refused(error.to_string())
    }
}

impl fmt::Display for Previews {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, mail) in self.0.iter().enumerate() {
            let gap = if index == 0 { "" } else { "\n\n" };
            let Rendered { name, subject, text, .. } = mail;
            write!(f, "{gap}--- {name} ---\nSubject: {subject}\n\n{}", text.trim_end())?;
        }
        Ok(())
    }
}
