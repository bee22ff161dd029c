//! `latchkey settings`: what this shell's environment sets, and what could be stronger.

use std::fmt;

use mailer::Mails;
use serde::Serialize;
use shared::config::{MailSettings, SettingInForce};

use crate::{
    failure::Failure,
    mail::SAMPLES,
    output::{Output, aligned},
    place::Place,
};

/// Before all others: who has set nothing in the shell sees defaults, whatever the stack has.
const SOURCE: &str =
    "These are the settings of this shell's environment, or else defaults. No stack was asked for its own.";

#[derive(Serialize)]
struct Settings {
    settings: Vec<SettingInForce>,
    recommendations: Vec<String>,
}

/// Prints every setting that is no secret, then the recommendations.
pub fn show(place: &Place, output: &mut Output) -> Result<(), Failure> {
    let (config, mut settings) = place.settings()?;
    let wrong =
        |error: &dyn fmt::Display| Failure::Usage(format!("the environment has a wrong setting.\n{error}"));
    config.check_others_if_given().map_err(|error| wrong(&error))?;
    let (mail, of_mail) = MailSettings::from_env_or_listed(&SAMPLES).map_err(|error| wrong(&error))?;
    Mails::new(&config, &mail).map_err(|error| wrong(&error))?;
    settings.extend(of_mail);
    output.print(&Settings { settings, recommendations: config.recommendations() })
}

impl fmt::Display for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{SOURCE}\n")?;
        let mut rows = vec![["SETTING", "VALUE", ""]];
        rows.extend(self.settings.iter().map(|setting| {
            let value = if setting.value.is_empty() { "(none)" } else { &setting.value };
            [setting.name, value, if setting.is_default { "default" } else { "" }]
        }));
        write!(f, "{}\n\nRecommendations", aligned(&rows))?;
        if self.recommendations.is_empty() {
            write!(f, ": none")?;
        }
        self.recommendations.iter().try_for_each(|sentence| write!(f, "\n- {sentence}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_a_table_with_the_recommendations_below() {
        let setting =
            |name, value: &str, is_default| SettingInForce { name, value: value.to_owned(), is_default };
        let settings = Settings {
            settings: vec![setting("BCRYPT_COST", "10", false), setting("ALLOWED_ORIGINS", "", true)],
            recommendations: vec!["BCRYPT_COST=10: use 12 or more.".to_owned()],
        };
        assert_eq!(
            settings.to_string(),
            "These are the settings of this shell's environment, or else defaults. No stack was asked for its own.\n\
             \n\
             SETTING          VALUE\n\
             BCRYPT_COST      10\n\
             ALLOWED_ORIGINS  (none)  default\n\
             \n\
             Recommendations\n\
             - BCRYPT_COST=10: use 12 or more."
        );
    }
}
