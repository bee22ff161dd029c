//! What may stand in an argument: roles, algorithms, names, people and times.

use std::{str::FromStr, time::Duration};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use shared::{
    domain::{Algorithm, Email, InvalidName, Name, Role, Status, Timestamp, UserId},
    event_names::AUDITED,
};

/// The roles, so that help and completions name them.
pub fn role() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new([Role::Member, Role::Lead, Role::Admin].map(Role::as_str))
        .try_map(|word| word.parse::<Role>())
}

/// The algorithms whose keys are managed.
pub fn algorithm() -> impl TypedValueParser<Value = Algorithm> {
    PossibleValuesParser::new(Algorithm::MANAGED.map(Algorithm::as_str))
        .try_map(|word| word.parse::<Algorithm>())
}

/// The same of whether a user may log in.
pub fn status() -> impl TypedValueParser<Value = Status> {
    PossibleValuesParser::new([Status::Active, Status::Inactive].map(Status::as_str))
        .try_map(|word| word.parse::<Status>())
}

/// The events that the audit trail has: a misspelt one must not look like a quiet night.
pub fn event() -> impl TypedValueParser<Value = String> {
    PossibleValuesParser::new(AUDITED.iter().map(|(name, tells)| PossibleValue::new(name).help(tells)))
}

/// How many at most.
pub fn count(text: &str) -> Result<usize, &'static str> {
    text.parse().ok().filter(|count| *count > 0).ok_or("must be a whole number, 1 or more")
}

/// As the API takes them.
pub fn name(text: &str) -> Result<String, InvalidName> {
    text.parse::<Name>().map(String::from)
}

fn line(text: &str, most: usize) -> Option<String> {
    let text = text.trim();
    let is_line = (1..=most).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    is_line.then(|| text.to_owned())
}

/// Whom the audit trail names as the one who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorName(pub String);

impl FromStr for OperatorName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        line(text, 60).map(Self).ok_or("must be 1 to 60 printable characters")
    }
}

/// A user by e-mail, or by the id that stays when the e-mail is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Person {
    /// Whoever has the e-mail, or tried it.
    Email(Email),
    /// The user of that id, deleted or not.
    Id(UserId),
}

impl FromStr for Person {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let id = text.parse().map(Self::Id);
        id.or_else(|_| text.parse().map(Self::Email)).map_err(|_| "must be an e-mail or the id of a user")
    }
}

/// A time, or how long ago it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// So long before now.
    Ago(Duration),
    /// Then.
    At(Timestamp),
}

/// Longer ago there was no computer to write anything down.
const LONGEST_AGO: u64 = 100 * 366 * 86_400;

impl Moment {
    /// The time that is meant.
    pub fn before(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Ago(duration) => now - duration,
            Self::At(time) => time,
        }
    }
}

impl FromStr for Moment {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let day = || format!("{text}T00:00:00Z").parse().map(Self::At);
        let time = ago(text).map_or_else(|| text.parse().map(Self::At), |ago| Ok(Self::Ago(ago)));
        time.or_else(|_| day()).map_err(|_| "must be like 30m, 24h, 7d, 2026-11-01 or 2026-11-01T09:30:00Z")
    }
}

fn ago(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 7 * 86_400,
        _ => return None,
    };
    let digits = number.bytes().all(|digit| digit.is_ascii_digit());
    let total = number.parse::<u64>().ok().filter(|_| digits)?.checked_mul(seconds)?;
    (total <= LONGEST_AGO).then(|| Duration::from_secs(total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_while_ago_a_day_or_a_time() {
        let now = Timestamp::from_epoch_seconds(1_795_435_200);
        for (text, expected) in [
            ("24h", Some("2026-11-22T12:00:00Z")),
            ("0s", Some("2026-11-23T12:00:00Z")),
            ("30m", Some("2026-11-23T11:30:00Z")),
            ("7d", Some("2026-11-16T12:00:00Z")),
            ("2w", Some("2026-11-09T12:00:00Z")),
            ("2026-11-01", Some("2026-11-01T00:00:00Z")),
            ("2026-11-01T09:30:00+01:00", Some("2026-11-01T08:30:00Z")),
            ("", None),
            ("h", None),
            ("+1h", None),
            ("-1h", None),
            ("1y", None),
            ("1ä", None),
            ("99999999999999999999d", None),
            ("40000d", None),
            ("2026-02-30", None),
            ("yesterday", None),
        ] {
            let parsed = text.parse::<Moment>().ok().map(|moment| moment.before(now).to_string());
            assert_eq!(parsed.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn an_operator_has_a_name_of_one_printable_line() {
        for (text, expected) in [
            (" grace ", Some("grace")),
            ("Grace Hopper", Some("Grace Hopper")),
            ("", None),
            (" ", None),
            ("grace\nadmin", None),
            ("\u{1b}[2J", None),
        ] {
            let parsed = text.parse::<OperatorName>().ok().map(|name| name.0);
            assert_eq!(parsed.as_deref(), expected, "{text:?}");
        }
        assert!("g".repeat(60).parse::<OperatorName>().is_ok());
        assert!("g".repeat(61).parse::<OperatorName>().is_err());
    }

    #[test]
    fn a_person_is_an_email_or_an_id() {
        let id = UserId::generate();
        assert_eq!(id.to_string().parse(), Ok(Person::Id(id)));
        assert_eq!(
            "Ada@example.com".parse(),
            Ok(Person::Email("ada@example.com".parse().expect("an e-mail")))
        );
        assert!("ada".parse::<Person>().is_err());
    }
}
