//! What to call a person.

use std::str::FromStr;

/// 1 to 100 characters on one line, a letter or digit among them, spaces around them dropped. Names stand in mails and on terminals: nothing in one
/// controls either, and nothing turns the direction of what stands behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

/// A text that can't be a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 100 printable characters, a letter or digit among them")]
pub struct InvalidName;

impl FromStr for Name {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let text = text.trim();
        let is_name = text.chars().count() <= 100
            && text.chars().any(char::is_alphanumeric)
            && !text.chars().any(controls);
        if is_name { Ok(Self(text.to_owned())) } else { Err(InvalidName) }
    }
}

fn controls(c: char) -> bool {
    let turns =
        matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || turns || matches!(c, '\u{2028}' | '\u{2029}')
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // RS11
    #[test]
    fn a_name_is_one_short_line_that_controls_nothing() {
        for name in ["Ada Lovelace", "  Ada ", "李小龍", "Zoë O’Neil-Smith", "محمد", "R2-D2"] {
            assert_eq!(name.parse::<Name>().map(String::from).as_deref(), Ok(name.trim()));
        }
        let long = "a".repeat(101);
        for name in [
            "",
            "  ",
            "a\r\nBcc: b@example.com",
            "\u{1b}[2J",
            "\u{202e}adA",
            "a\u{2028}b",
            "\u{200f}\u{200b}",
            "!!",
            &long,
        ] {
            assert_eq!(name.parse::<Name>(), Err(InvalidName), "{name:?}");
        }
    }
}
