//! How fast the tables are read or written: so that those who log in meanwhile don't notice.

use std::{str::FromStr, time::Duration};

use tokio::time::Instant;

/// Units of capacity a second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rate {
    /// At most so many.
    Units(f64),
    /// As many as DynamoDB takes.
    Max,
}

impl FromStr for Rate {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = text.parse().ok().filter(|number| (1..=1_000_000).contains(number));
        match (text, number) {
            ("max", _) => Ok(Self::Max),
            (_, Some(number)) => Ok(Self::Units(f64::from(number))),
            _ => Err("must be a whole number of units a second from 1 to 1000000, or max"),
        }
    }
}

/// Lets so much happen a second as was asked for, and less while DynamoDB throttles.
pub struct Pace {
    most: Option<f64>,
    now: Option<f64>,
    next: Instant,
    throttled_in_a_row: u32,
}

/// As the table is throttled: half as fast, and a first pause of this length.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(20);
/// What it begins with to count, when nothing was said and it is throttled.
const UNLIMITED: f64 = 4000.0;
/// A call that went well lets it be so much faster again.
const RECOVERY: f64 = 1.05;
/// So often in a row, some minutes in all, and nobody should wait any more.
const PATIENCE: u32 = 20;

impl Pace {
    /// Begins at `now`.
    pub fn new(rate: Rate, now: Instant) -> Self {
        let most = match rate {
            Rate::Units(units) => Some(units),
            Rate::Max => None,
        };
        Self { most, now: most, next: now, throttled_in_a_row: 0 }
    }

    /// When the next call may be made.
    pub fn next(&self) -> Instant {
        self.next
    }

    /// How many things of so many units each go into one call: at most half a second's worth, and one at least.
    pub fn at_once(&self, units: f64, most: usize) -> usize {
        let rate = self.now.unwrap_or(f64::INFINITY);
        ((rate / 2.0 / units.max(1.0)) as usize).clamp(1, most)
    }

    /// A call is made that will take about so many units.
    pub fn spend(&mut self, units: f64, now: Instant) {
        if let Some(rate) = self.now {
            self.next = self.next.max(now) + Duration::from_secs_f64(units.max(0.0) / rate);
        }
    }

    /// It took so many more, or fewer, than was thought.
    pub fn correct(&mut self, units: f64, now: Instant) {
        match self.now {
            Some(rate) if units > 0.0 => self.next += Duration::from_secs_f64(units / rate),
            Some(rate) => {
                let wait = self.next.saturating_duration_since(now);
                self.next -= Duration::from_secs_f64(-units / rate).min(wait);
            }
            None => {}
        }
    }

    /// It went well.
    pub fn succeeded(&mut self) {
        self.throttled_in_a_row = 0;
        self.now = match (self.now, self.most) {
            (Some(now), Some(most)) => Some((now * RECOVERY).min(most)),
            (Some(now), None) => Some(now * RECOVERY),
            (None, _) => None,
        };
    }

    /// DynamoDB asked to wait: half as fast from now on. `false` if it asked too often in a row.
    pub fn throttled(&mut self, now: Instant) -> bool {
        let rate = self.now.unwrap_or(UNLIMITED);
        self.now = Some((rate / 2.0).max(1.0));
        let pause = FIRST_PAUSE.saturating_mul(1 << self.throttled_in_a_row.min(10)).min(LONGEST_PAUSE);
        self.next = self.next.max(now + pause);
        self.throttled_in_a_row += 1;
        self.throttled_in_a_row <= PATIENCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_a_number_or_max() {
        for (text, expected) in [
            ("500", Some(Rate::Units(500.0))),
            ("1", Some(Rate::Units(1.0))),
            ("max", Some(Rate::Max)),
            ("0", None),
            ("-1", None),
            ("1.5", None),
            ("fast", None),
            ("1000001", None),
        ] {
            assert_eq!(text.parse::<Rate>().ok(), expected, "{text}");
        }
    }

    // MV5
    #[test]
    fn ten_calls_of_a_hundred_units_take_two_seconds_at_500_a_second() {
        let began = Instant::now();
        let mut pace = Pace::new(Rate::Units(500.0), began);
        for _ in 0..10 {
            let now = pace.next();
            pace.spend(60.0, now);
            pace.correct(40.0, now);
            pace.succeeded();
        }
        assert_eq!((pace.next() - began).as_millis(), 2000);
        pace.correct(-50.0, pace.next() - Duration::from_secs(1));
        assert_eq!((pace.next() - began).as_millis(), 1900, "it took less than was thought");
    }

    // MV5
    #[test]
    fn while_dynamodb_throttles_it_goes_half_as_fast_and_then_recovers() {
        let began = Instant::now();
        let mut pace = Pace::new(Rate::Units(500.0), began);
        assert!(pace.throttled(began));
        assert_eq!((pace.now, pace.next()), (Some(250.0), began + FIRST_PAUSE));
        assert!(pace.throttled(began));
        assert_eq!((pace.now, pace.next()), (Some(125.0), began + 2 * FIRST_PAUSE));
        (0..40).for_each(|_| pace.succeeded());
        assert_eq!(pace.now, Some(500.0));
        assert!((0..PATIENCE).all(|_| pace.throttled(began)));
        assert!(!pace.throttled(began), "it gives up");
    }

    // MV5
    #[test]
    fn a_call_is_no_larger_than_half_a_second_of_the_rate() {
        for (rate, expected) in [("500", 33), ("140", 10), ("1", 1), ("max", 33)] {
            let pace = Pace::new(rate.parse().expect("a rate"), Instant::now());
            assert_eq!(pace.at_once(7.0, 33), expected, "{rate}");
        }
    }

    #[test]
    fn as_fast_as_possible_waits_for_nothing_until_it_is_throttled() {
        let began = Instant::now();
        let mut pace = Pace::new(Rate::Max, began);
        pace.spend(1e9, began);
        assert_eq!(pace.next(), began);
        pace.throttled(began);
        assert_eq!(pace.next(), began + FIRST_PAUSE);
    }
}
