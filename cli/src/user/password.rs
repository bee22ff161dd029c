//! A password from standard input: never from an argument, which every process of the machine can read.

use std::io::{self, IsTerminal, Read};

use shared::domain::Password;
use zeroize::Zeroizing;

use crate::failure::Failure;

/// Far more than a password may have: enough to tell how long a wrong one is.
const MOST_BYTES: u64 = 4096;

/// Reads the password. Errors: it breaks a rule of every password; no password is in the message.
pub fn from_stdin() -> Result<Password, Failure> {
    let stdin = io::stdin();
    if stdin.is_terminal() {
        return Err(Failure::Usage(
            "--password-stdin wants a pipe: a terminal would show the password. Try `pass show latchkey/ada | \
             latchkey user create ...`, or --invite."
                .to_owned(),
        ));
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(MOST_BYTES as usize));
    stdin
        .take(MOST_BYTES)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::Refused(format!("standard input can't be read: {error}")))?;
    parse(&bytes).map_err(|rule| refused(&[rule]))
}

/// The refusal of a password, rule by rule.
pub fn refused(broken: &[String]) -> Failure {
    let rules: Vec<_> = broken.iter().map(|rule| format!("\n- it {rule}")).collect();
    Failure::Refused(format!("the password on standard input was refused:{}", rules.concat()))
}

/// Every byte counts but one newline at the end, which `echo` and password managers add.
fn parse(bytes: &[u8]) -> Result<Password, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "must be UTF-8".to_owned())?;
    let text = text.strip_suffix('\n').map_or(text, |line| line.strip_suffix('\r').unwrap_or(line));
    // More lines are a password manager's notes: nobody could type them where one logs in.
    if text.contains('\n') {
        return Err("must be a single line".to_owned());
    }
    text.parse().map_err(|error: shared::domain::InvalidPassword| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    // PW4
    #[test]
    fn one_newline_at_the_end_is_not_part_of_the_password() {
        for (input, password) in [
            ("Kestrel-Orbit-92", "Kestrel-Orbit-92"),
            ("Kestrel-Orbit-92\n", "Kestrel-Orbit-92"),
            ("Kestrel-Orbit-92\r\n", "Kestrel-Orbit-92"),
            (" Kestrel-Orbit-92\t\n", " Kestrel-Orbit-92\t"),
        ] {
            let parsed = parse(input.as_bytes());
            assert_eq!(parsed.as_ref().map(Password::expose), Ok(password), "{input:?}");
        }
    }

    #[test]
    fn what_nobody_could_log_in_with_is_refused() {
        for (input, rule) in [
            (&b"\n"[..], "must not be empty"),
            (b"Kestrel-Orbit-92\n\n", "must be a single line"),
            (b"Kestrel-Orbit-92\nuser: ada\n", "must be a single line"),
            (b"Kestrel\xff", "must be UTF-8"),
            (&[b'a'; 1025], "must have at most 1024 bytes in UTF-8; this one has 1025"),
        ] {
            assert_eq!(parse(input).err().as_deref(), Some(rule));
        }
    }
}
