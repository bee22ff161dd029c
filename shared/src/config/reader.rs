//! Reads settings one by one and gathers what is wrong with them.

use std::{fmt, ops::RangeInclusive, time::Duration};

use crate::domain::BcryptCost;

/// A setting and the value that it has now.
#[derive(Clone, Debug, serde::Serialize)]
pub struct SettingInForce {
    /// The environment variable.
    pub name: &'static str,
    /// Its value, given or default.
    pub value: String,
    /// Whether nobody gave one.
    pub is_default: bool,
}

/// Everything that is wrong with the settings, one sentence a line.
pub struct InvalidSettings(Vec<String>);

/// A function that does not start shows this form: the same sentences.
impl fmt::Debug for InvalidSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for InvalidSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for InvalidSettings {}

/// Where values come from.
type Lookup<'a> = Box<dyn Fn(&str) -> Option<String> + 'a>;

pub(super) struct Reader<'a> {
    lookup: Lookup<'a>,
    in_force: Vec<SettingInForce>,
    errors: Vec<String>,
}

impl<'a> Reader<'a> {
    pub fn of_environment() -> Self {
        Self::new(Box::new(from_environment))
    }

    /// What the environment does not give is taken from the pairs.
    pub fn of_environment_or(pairs: &'a [(&'a str, &'a str)]) -> Self {
        let pairs = Self::of_pairs(pairs).lookup;
        Self::new(Box::new(move |name| {
            from_environment(name).filter(|value| !value.is_empty()).or_else(|| pairs(name))
        }))
    }

    pub fn of_pairs(pairs: &'a [(&'a str, &'a str)]) -> Self {
        Self::new(Box::new(|name| {
            pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        }))
    }

    fn new(lookup: Lookup<'a>) -> Self {
        Self { lookup, in_force: Vec::new(), errors: Vec::new() }
    }

    pub fn finish<T>(self, value: T) -> Result<T, InvalidSettings> {
        if self.errors.is_empty() { Ok(value) } else { Err(InvalidSettings(self.errors)) }
    }

    pub fn has(&self, name: &str) -> bool {
        self.given(name).is_some()
    }

    pub fn settings_in_force(&self) -> Vec<SettingInForce> {
        self.in_force.clone()
    }

    /// A value without a default, for who can't start without it. Unlisted: it may be a secret.
    pub fn required(&mut self, name: &'static str, what_to_give: &str) -> String {
        let value = self.given(name);
        if value.is_none() {
            self.errors.push(format!("{name} is missing; give {what_to_give}"));
        }
        value.unwrap_or_default()
    }

    /// A value that need not be given.
    pub fn optional(&self, name: &str) -> Option<String> {
        self.given(name)
    }

    pub fn text(&mut self, name: &'static str, default: &str) -> String {
        let value = self.value(name, default);
        let printable = value.chars().all(|c| !c.is_control());
        self.require(
            printable && (1..=100).contains(&value.chars().count()),
            &format!("{name} must be 1 to 100 printable characters"),
        );
        value
    }

    /// What DynamoDB takes in the names of tables.
    pub fn table_prefix(&mut self, name: &'static str, default: &str) -> String {
        let value = self.value(name, default);
        let is_prefix = value.len() <= 200
            && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte));
        self.require(
            is_prefix,
            &format!("{name} is {value:?}; it must be letters, digits, dots, hyphens and underscores"),
        );
        value
    }

    pub fn number(&mut self, name: &'static str, default: u64, allowed: RangeInclusive<u64>) -> u64 {
        let value = self.value(name, &default.to_string());
        let number = value.parse().ok().filter(|number| allowed.contains(number));
        if number.is_none() {
            let (least, most) = allowed.into_inner();
            self.errors
                .push(format!("{name} is {value:?}; it must be a whole number from {least} to {most}"));
        }
        number.unwrap_or(default)
    }

    pub fn seconds(&mut self, name: &'static str, default: u64, allowed: RangeInclusive<u64>) -> Duration {
        Duration::from_secs(self.number(name, default, allowed))
    }

    pub fn minutes(&mut self, name: &'static str, default: u64, allowed: RangeInclusive<u64>) -> Duration {
        60 * self.seconds(name, default, allowed)
    }

    pub fn hours(&mut self, name: &'static str, default: u64, allowed: RangeInclusive<u64>) -> Duration {
        60 * self.minutes(name, default, allowed)
    }

    pub fn days(&mut self, name: &'static str, default: u64, allowed: RangeInclusive<u64>) -> Duration {
        24 * self.hours(name, default, allowed)
    }

    pub fn bcrypt_cost(&mut self, name: &'static str, default: u32) -> BcryptCost {
        let number = self.number(name, default.into(), 10..=14);
        BcryptCost::new(number as u32).expect("a number within the bounds is a cost")
    }

    pub fn choice<T: Copy>(&mut self, name: &'static str, default: &str, choices: &[(&str, T)]) -> T {
        let value = self.value(name, default);
        let found = choices.iter().find(|(word, _)| *word == value);
        if found.is_none() {
            let words: Vec<_> = choices.iter().map(|(word, _)| *word).collect();
            self.errors.push(format!("{name} is {value:?}; it must be one of {}", words.join(", ")));
        }
        found.unwrap_or(&choices[0]).1
    }

    /// Some of these words, separated by commas; all by default, or `none`.
    pub fn words(&mut self, name: &'static str, words: &[&str]) -> Vec<String> {
        let value = self.value(name, &words.join(","));
        if value == "none" {
            return Vec::new();
        }
        let chosen: Vec<String> = value.split(',').map(|word| word.trim().to_owned()).collect();
        for word in chosen.iter().filter(|word| !words.contains(&word.as_str())) {
            let rule = format!("{name} has {word:?}; it must be none, or some of {}", words.join(","));
            self.require(false, &rule);
        }
        chosen
    }

    pub fn origins(&mut self, name: &'static str) -> Vec<String> {
        let value = self.value(name, "");
        let origins: Vec<String> =
            value.split(',').map(str::trim).filter(|origin| !origin.is_empty()).map(str::to_owned).collect();
        for origin in &origins {
            self.require(
                is_origin(origin),
                &format!("{name} has {origin:?}; an origin is scheme://host[:port] without a path, such as https://app.example.com"),
            );
        }
        origins
    }

    pub fn require(&mut self, kept: bool, rule: &str) {
        if !kept {
            self.errors.push(rule.to_owned());
        }
    }

    fn value(&mut self, name: &'static str, default: &str) -> String {
        let given = self.given(name);
        let is_default = given.is_none();
        let value = given.unwrap_or_else(|| default.to_owned());
        self.in_force.push(SettingInForce { name, value: value.clone(), is_default });
        value
    }

    /// An empty variable is none: that is how templates and shells write "not given".
    fn given(&self, name: &str) -> Option<String> {
        (self.lookup)(name).filter(|value| !value.is_empty())
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
fn from_environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// As a browser sends it: lower-case, no path, no trailing slash, no wildcard, no port that goes without saying.
fn is_origin(text: &str) -> bool {
    let https = text.strip_prefix("https://").map(|host| (host, ":443"));
    let found = https.or_else(|| text.strip_prefix("http://").map(|host| (host, ":80")));
    found.is_some_and(|(host, default_port)| {
        !host.is_empty()
            && !host.ends_with(default_port)
            && host.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-:[]".contains(&b))
    })
}
