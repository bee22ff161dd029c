//! Why a command did not do what was asked, told to a person, and the exit code for it.

use std::{io, process::ExitCode};

use shared::error::Error;

use crate::{output::remark, place::Place};

/// A reason, in words for the operator. None holds a secret.
#[derive(Debug)]
pub enum Failure {
    /// What was asked can't be done.
    Refused(String),
    /// An argument or a setting is wrong.
    Usage(String),
    /// AWS was not reached, or denied the call: its own words.
    Aws(String),
    /// The output could not be written.
    Output(io::Error),
}

impl Failure {
    /// Tells the operator, on standard error. The exit code.
    pub fn tell(self, place: &Place) -> ExitCode {
        let (message, code) = match self {
            // The reader has seen enough: `latchkey user list | head`.
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => return ExitCode::SUCCESS,
            Self::Output(error) => (format!("the output can't be written: {error}"), 1),
            Self::Refused(reason) => (reason, 1),
            Self::Usage(reason) => (reason, 2),
            Self::Aws(cause) => (explained(&cause, &place.in_words()), 3),
        };
        remark(format_args!("error: {message}"));
        ExitCode::from(code)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Unavailable(cause) | Error::Internal(cause) => Self::Aws(cause),
            expected => Self::Refused(expected.to_string()),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Output(error.into())
    }
}

/// What AWS and its SDK say, and what to do about it. The first that fits is told.
const REMEDIES: [(&str, &str); 10] = [
    (
        "ResourceNotFoundException",
        "There is no such table in this account and region. Name your stack with --stack, its region with --region.",
    ),
    ("no AWS region", "Give --region, set AWS_REGION, or use a --profile that has one."),
    ("ExpiredToken", "Your AWS credentials are too old. Sign in again, for example with `aws sso login`."),
    ("AccessDenied", "Use a --profile that may read and write the stack's tables."),
    ("UnrecognizedClient", "AWS does not know these credentials. Use another --profile."),
    ("InvalidSignature", "Look at the secret access key, and at this machine's clock."),
    (
        "credential",
        "Give a --profile that is signed in (`aws sso login`), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
    ),
    // DynamoDB's own errors have a name.
    ("unhandled error", "What answered is no DynamoDB. Look at --endpoint-url."),
    ("dispatch failure", "It could not be reached. Look at the network, and at --region or --endpoint-url."),
    ("timeout", "It did not answer in time. Look at the network, and at --region or --endpoint-url."),
];

fn explained(cause: &str, place: &str) -> String {
    let remedy = REMEDIES.iter().find(|(words, _)| cause.contains(words)).map_or("Try again.", |(_, it)| it);
    let place = if place.is_empty() { String::new() } else { format!("\nThat was {place}.") };
    format!("{cause}{place}\n{remedy}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_of_aws_tells_where_and_what_to_do() {
        let cause = "DynamoDB table prod-Users: ResourceNotFoundException: not found";
        let told = explained(cause, "at http://127.0.0.1:8000");
        for words in ["prod-Users", "http://127.0.0.1:8000", "--stack"] {
            assert!(told.contains(words), "{told}");
        }
        let cause = "DynamoDB table latchkey-Users: service error: unhandled error: unexpected token '<'";
        assert!(explained(cause, "").ends_with("What answered is no DynamoDB. Look at --endpoint-url."));
        assert!(explained("something new", "").ends_with("something new\nTry again."));
    }
}
