//! How much of a list is asked for.

use std::str::FromStr;

/// 1 to `MAX` entries, 50 unless another number is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limit<const MAX: u16>(u16);

impl<const MAX: u16> Limit<MAX> {
    pub fn get(self) -> u16 {
        self.0
    }
}

impl<const MAX: u16> Default for Limit<MAX> {
    fn default() -> Self {
        Self(50)
    }
}

impl<const MAX: u16> FromStr for Limit<MAX> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = text.parse().ok().filter(|number| (1..=MAX).contains(number));
        number.map(Self).ok_or_else(|| format!("must be a whole number from 1 to {MAX}"))
    }
}
