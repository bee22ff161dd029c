//! A moment, in whole seconds: the unit of JWT's NumericDate and of DynamoDB's TTL.

use std::{
    fmt,
    ops::{Add, Sub},
    str::FromStr,
    time::Duration,
};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Serialize, Serializer};

/// Seconds since 1970-01-01T00:00:00Z. Shown and serialised as RFC 3339, for example `2026-11-23T13:54:38Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment that many seconds after the epoch.
    pub const fn from_epoch_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since the epoch.
    pub const fn epoch_seconds(self) -> i64 {
        self.0
    }

    /// The clock's time. `http` and `mailer` read it once per invocation and pass it on: time is data.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    pub fn now() -> Self {
        let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Self(since_epoch.map_or(0, |elapsed| elapsed.as_secs() as i64))
    }

    /// The day in UTC, as `2026-11-23`.
    pub fn date(self) -> String {
        self.to_string().split('T').next().unwrap_or_default().to_owned()
    }

    /// Midnight of the day in UTC.
    pub const fn start_of_day(self) -> Self {
        Self(self.0 - self.0.rem_euclid(86_400))
    }

    /// For people, to the minute, for example `2026-11-23 13:54 UTC`.
    pub fn to_the_minute(self) -> String {
        let time = DateTime::<Utc>::from_timestamp(self.0, 0);
        time.map_or_else(|| self.to_string(), |time| time.format("%Y-%m-%d %H:%M UTC").to_string())
    }

    /// How long after `earlier` this is; zero when it is not after it.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_secs(self.0.saturating_sub(earlier.0).max(0) as u64)
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;
    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration.as_secs() as i64))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;
    fn sub(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(duration.as_secs() as i64))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match DateTime::<Utc>::from_timestamp(self.0, 0) {
            Some(time) => f.write_str(&time.to_rfc3339_opts(SecondsFormat::Secs, true)),
            None => write!(f, "{} seconds after 1970", self.0),
        }
    }
}

/// RFC 3339, in whatever offset; fractions of a second are dropped.
impl FromStr for Timestamp {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let time = DateTime::parse_from_rfc3339(text);
        time.map(|time| Self(time.timestamp())).map_err(|_| "must be a time such as 2026-11-23T13:54:38Z")
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_reads_as_rfc_3339_and_never_counts_backwards() {
        let noon = Timestamp::from_epoch_seconds(1_795_435_200);
        assert_eq!(noon.to_string(), "2026-11-23T12:00:00Z");
        assert_eq!("2026-11-23T13:00:00.9+01:00".parse(), Ok(noon));
        assert_eq!(
            (noon.date().as_str(), noon.start_of_day()),
            ("2026-11-23", noon - Duration::from_secs(43_200))
        );
        assert_eq!(noon.to_the_minute(), "2026-11-23 12:00 UTC");
        assert_eq!((noon + Duration::from_secs(61)).since(noon), Duration::from_secs(61));
        assert_eq!(noon.since(noon + Duration::from_secs(61)), Duration::ZERO);
    }
}
