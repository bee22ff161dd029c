//! The reasons for which a request is refused.

use std::time::Duration;

/// What went wrong, as a reason. The text of each is what the client reads in `detail`; nothing internal is in it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The body is no JSON object; serde's position and complaint, which repeat no value.
    #[error("Malformed JSON: {0}")]
    MalformedJson(String),
    /// Fields are missing, unknown or wrong.
    #[error("{}", fields_sentence(.0))]
    InvalidFields(Vec<FieldError>),
    /// The reset token is unknown, used, voided, too old, or its user is inactive: which one is not told.
    #[error("Invalid or expired reset token")]
    InvalidResetToken,
    /// The token of a registration or a new e-mail is unknown, used, voided or too old, or the address is taken by now:
    /// which one is not told.
    #[error("Invalid or expired verification token")]
    InvalidVerificationToken,
    /// No such e-mail, no password, or the wrong one: which one is not told.
    #[error("Incorrect email or password")]
    IncorrectCredentials,
    /// The refresh token is malformed, too old, already used, or its session has ended.
    #[error("Invalid refresh token")]
    InvalidRefreshToken,
    /// A guarded route was called without a bearer token.
    #[error("Not authenticated")]
    NotAuthenticated,
    /// The access token is malformed, too old, of an ended generation, or its user is gone.
    #[error("Could not validate credentials")]
    InvalidAccessToken,
    /// Too many failures for this e-mail; existing or not.
    #[error("Account locked. Try again later.")]
    AccountLocked,
    /// The right password of an inactive user, or a token of theirs.
    #[error("User account is inactive")]
    UserInactive,
    /// The user's role is too low for what was asked.
    #[error("Not enough permissions")]
    NotEnoughPermissions,
    /// REGISTRATION is off.
    #[error("Registration is closed")]
    RegistrationClosed,
    /// What the path names is not there.
    #[error("There is no such {0}.")]
    NotFound(&'static str),
    /// What was asked does not fit what is there; why, and what to do.
    #[error("{0}")]
    Conflict(&'static str),
    /// The cookie came with an Origin that is not on the list, or without one from a browser.
    #[error("Origin not allowed. Add it to ALLOWED_ORIGINS if it is your front end's.")]
    ForeignOrigin,
    /// The route takes another method.
    #[error("Method not allowed. Use {0}.")]
    MethodNotAllowed(String),
    /// The body is over 16 KB.
    #[error("The body is too large: at most 16 KB are read.")]
    PayloadTooLarge,
    /// The body is not announced as JSON.
    #[error("Send the body as JSON, with Content-Type: application/json.")]
    UnsupportedMediaType,
    /// The address asked too often; when to ask again.
    #[error("Too many requests. Try again later.")]
    TooManyRequests {
        /// Until the window ends.
        retry_after: Duration,
    },
    /// A service behind us is throttled, slow or down; its own words, for the log.
    #[error("Service temporarily unavailable. Try again.")]
    Unavailable(String),
    /// A fault of ours; what happened, for the log.
    #[error("Internal server error")]
    Internal(String),
}

/// A field and the rule that it breaks. The message never repeats the value.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FieldError {
    /// The member's name in the request body.
    pub field: String,
    /// What it must be.
    pub message: String,
}

impl FieldError {
    /// A field and the rule that it breaks.
    pub fn new(field: impl Into<String>, message: impl ToString) -> Self {
        Self { field: field.into(), message: message.to_string() }
    }
}

/// The result of a rule.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// A field that breaks these rules.
    pub fn broken_rules(field: &str, rules: impl IntoIterator<Item = impl ToString>) -> Self {
        Self::InvalidFields(rules.into_iter().map(|rule| FieldError::new(field, rule)).collect())
    }

    /// The HTTP status of each reason: the whole table.
    pub fn status(&self) -> u16 {
        match self {
            Self::MalformedJson(_) | Self::InvalidResetToken | Self::InvalidVerificationToken => 400,
            Self::IncorrectCredentials
            | Self::InvalidRefreshToken
            | Self::NotAuthenticated
            | Self::InvalidAccessToken => 401,
            Self::AccountLocked
            | Self::UserInactive
            | Self::NotEnoughPermissions
            | Self::RegistrationClosed
            | Self::ForeignOrigin => 403,
            Self::NotFound(_) => 404,
            Self::MethodNotAllowed(_) => 405,
            Self::Conflict(_) => 409,
            Self::PayloadTooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::InvalidFields(_) => 422,
            Self::TooManyRequests { .. } => 429,
            Self::Internal(_) => 500,
            Self::Unavailable(_) => 503,
        }
    }

    /// What only the log may know: the cause of a failure that is not the client's.
    pub fn internal_cause(&self) -> Option<&str> {
        match self {
            Self::Unavailable(cause) | Self::Internal(cause) => Some(cause),
            _ => None,
        }
    }
}

fn fields_sentence(errors: &[FieldError]) -> String {
    errors.iter().map(|e| format!("{} {}", e.field, e.message)).collect::<Vec<_>>().join("; ")
}
