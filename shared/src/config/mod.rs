//! The settings, and the only reader of the environment.
//!
//! Every setting is an environment variable with a default, but RESET_URL and MAIL_FROM, which only the mailer is given,
//! and SECRET_KEY, which is given to functions that make or check tokens if it is given at all. A bad value stops the function at start and says which and why.

mod authorizer;
mod mail;
mod new_password;
mod old_pool;
mod reader;
mod recommendations;
mod secret_key;

use std::time::Duration;

pub use authorizer::AuthorizerSettings;
pub use mail::MailSettings;
pub use old_pool::{ClientSecret, OldPool};
use reader::Reader;
pub use reader::{InvalidSettings, SettingInForce};
pub use secret_key::SecretKey;

use crate::domain::{Algorithm, HashMethod, PasswordPolicy};

/// Under the functions' limit of 15 s. Each call to DynamoDB is bounded alone; many slow ones in a row are by this.
const REQUEST_DEADLINE: Duration = Duration::from_secs(12);

/// Every setting that is no secret. The numbers in comments are the defaults.
#[derive(Clone, Debug)]
pub struct Config {
    /// Stands before each table's name: `latchkey-`.
    pub table_prefix: String,
    /// Named in mails, and refused inside passwords: Latchkey.
    pub product_name: String,
    /// Which passwords may be chosen: spec.
    pub password_policy: PasswordPolicy,
    /// How passwords are hashed, and how hard one is to guess from its hash: bcrypt, 12.
    pub hash_method: HashMethod,
    /// What signs access tokens: ES256, or HS256 with a SECRET_KEY.
    pub algorithm: Algorithm,
    /// After how long a new signing key is made: 90 days. Zero: only when an operator says so.
    pub key_rotation: Duration,
    /// What access tokens say and how long they live.
    pub access_token: AccessTokenSettings,
    /// How long sessions live.
    pub session: SessionSettings,
    /// When guessing locks an account.
    pub lockout: LockoutSettings,
    /// How often one address may ask.
    pub limits: LimitSettings,
    /// How resets and invitations are mailed.
    pub reset: ResetSettings,
    /// Who may make an account: nobody without an invitation.
    pub registration: RegistrationSettings,
    /// How long a device on which a user logged in keeps an attempt counter of its own: 180 days. Zero: none does.
    pub trusted_device: Duration,
    /// How long the audit trail remembers: 365 days.
    pub audit_retention: Duration,
    /// Which mails go out about what happened: all.
    pub notices: Notices,
    /// Who may call from a browser, and how the cookie is sent.
    pub browser: BrowserSettings,
    /// How long a request may take before its caller gets a 503: 12 s. No setting; tests on busy machines wait longer.
    pub request_deadline: Duration,
    /// The Cognito user pool that users came from, where it may still be asked: none.
    pub old_pool: Option<OldPool>,
}

/// What access tokens say and how long they live.
#[derive(Clone, Debug)]
pub struct AccessTokenSettings {
    /// The claim `iss`: latchkey.
    pub issuer: String,
    /// The claim `aud`: latchkey.
    pub audience: String,
    /// 15 minutes.
    pub lifetime: Duration,
}

/// How long sessions live.
#[derive(Clone, Debug)]
pub struct SessionSettings {
    /// Without a refresh: 7 days.
    pub idle: Duration,
    /// From the login, however often refreshed: 30 days.
    pub absolute: Duration,
    /// How long after a rotation the token before it still gets the same successor: 10 s. Zero: never.
    pub grace: Duration,
    /// How many a user may have at a time; beyond it the oldest ends: 20.
    pub per_user: usize,
}

/// When guessing locks an account.
#[derive(Clone, Copy, Debug)]
pub struct LockoutSettings {
    /// Failures before the lock: 5.
    pub attempts: usize,
    /// How long the lock, and the memory of failures, lasts: 30 minutes.
    pub duration: Duration,
}

/// How often one address may ask, in a window.
#[derive(Clone, Copy, Debug)]
pub struct LimitSettings {
    /// 5 minutes.
    pub window: Duration,
    /// Logins: 100.
    pub logins: u64,
    /// Requests for a reset: 20.
    pub forgot_requests: u64,
    /// Registrations: 20.
    pub registrations: u64,
}

/// How resets and invitations are mailed.
#[derive(Clone, Copy, Debug)]
pub struct ResetSettings {
    /// How long a reset link works: 15 minutes.
    pub token_lifetime: Duration,
    /// How long an invitation's link works: 72 hours.
    pub invitation_lifetime: Duration,
    /// The least time between two mails to one e-mail: 60 s.
    pub mail_cooldown: Duration,
    /// The most mails to one e-mail in 24 hours: 5.
    pub mails_per_day: u64,
}

/// Who may make an account.
#[derive(Clone, Copy, Debug)]
pub struct RegistrationSettings {
    /// Whether everybody may: no.
    pub is_open: bool,
    /// How long the link works that proves an address, at a registration or a change of e-mail: 24 hours.
    pub token_lifetime: Duration,
}

/// Which mails go out about what happened.
#[derive(Clone, Copy, Debug)]
pub struct Notices {
    /// To a user whose password was changed.
    pub password_changed: bool,
    /// To a user whose e-mail was locked.
    pub locked_out: bool,
    /// To a user who logged in on a device not seen before.
    pub new_device: bool,
    /// To the address that a user had before.
    pub email_changed: bool,
    /// To a user for whom an account was made. Without it, "forgot password" is the way in.
    pub invitation: bool,
}

/// Who may call from a browser, and how the cookie is sent.
#[derive(Clone, Debug)]
pub struct BrowserSettings {
    /// Origins such as `https://app.example.com`, exact; none by default.
    pub allowed_origins: Vec<String>,
    /// The cookie's SameSite: Strict.
    pub same_site: SameSite,
}

/// The cookie's SameSite attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameSite {
    /// Sent from the same site only.
    Strict,
    /// Also sent when a link leads to the site.
    Lax,
    /// For a front end on another site; the cookie is partitioned then.
    None,
}

impl Config {
    /// Reads the function's environment. Errors: every setting that is wrong, with its value and what to write.
    pub fn from_env() -> Result<Self, InvalidSettings> {
        let mut reader = Reader::of_environment();
        let config = Self::read(&mut reader);
        reader.finish(config)
    }

    /// Reads settings from pairs instead of the environment; what is missing has its default.
    pub fn from_pairs(pairs: &[(&str, &str)]) -> Result<Self, InvalidSettings> {
        let mut reader = Reader::of_pairs(pairs);
        let config = Self::read(&mut reader);
        reader.finish(config)
    }

    /// As [`Config::from_env`], with the list of all settings and the values that are in force.
    pub fn from_env_listed() -> Result<(Self, Vec<SettingInForce>), InvalidSettings> {
        let mut reader = Reader::of_environment();
        let config = Self::read(&mut reader);
        let listed = reader.settings_in_force();
        reader.finish(config).map(|config| (config, listed))
    }

    /// Checks those settings that only some functions are given, where they are. The mailer's, for further checks.
    /// Errors: one is bad.
    pub fn check_others_if_given(&self) -> Result<Option<MailSettings>, InvalidSettings> {
        let mut env = Reader::of_environment();
        if env.has("SECRET_KEY") {
            SecretKey::from_env(self.algorithm)?;
        }
        let has_mail = env.has("RESET_URL") || env.has("MAIL_FROM");
        authorizer::roles(&mut env);
        env.finish(())?;
        has_mail.then(MailSettings::from_env).transpose()
    }

    /// Every setting that is no secret, with its default.
    pub fn defaults_listed() -> Vec<SettingInForce> {
        let mut reader = Reader::of_pairs(&[]);
        Self::read(&mut reader);
        reader.settings_in_force()
    }

    fn read(env: &mut Reader) -> Self {
        // Whoever is given a secret means to use it.
        let by_mode = if env.has("SECRET_KEY") { Algorithm::Hs256 } else { Algorithm::Es256 };
        let algorithms = Algorithm::ALL.map(|algorithm| (algorithm.as_str(), algorithm));
        let session = SessionSettings {
            idle: env.days("REFRESH_TOKEN_EXPIRE_DAYS", 7, 1..=90),
            absolute: env.days("SESSION_EXPIRE_DAYS", 30, 1..=365),
            grace: env.seconds("REFRESH_GRACE_SECONDS", 10, 0..=60),
            per_user: env.number("SESSIONS_PER_USER", 20, 1..=100) as usize,
        };
        env.require(
            session.idle <= session.absolute,
            "SESSION_EXPIRE_DAYS must be at least REFRESH_TOKEN_EXPIRE_DAYS: a session can't be idle for longer than it lives",
        );
        Self {
            table_prefix: env.table_prefix("TABLE_PREFIX", "latchkey-"),
            product_name: env.text("PRODUCT_NAME", "Latchkey"),
            password_policy: env.choice(
                "PASSWORD_POLICY",
                "spec",
                &[("spec", PasswordPolicy::Spec), ("nist", PasswordPolicy::Nist)],
            ),
            hash_method: read_hash_method(env),
            algorithm: env.choice("ALGORITHM", by_mode.as_str(), &algorithms),
            key_rotation: env.days("SIGNING_KEY_ROTATION_DAYS", 90, 0..=3650),
            access_token: AccessTokenSettings {
                issuer: env.text("TOKEN_ISSUER", "latchkey"),
                audience: env.text("TOKEN_AUDIENCE", "latchkey"),
                lifetime: env.minutes("ACCESS_TOKEN_EXPIRE_MINUTES", 15, 1..=1440),
            },
            session,
            lockout: LockoutSettings {
                attempts: env.number("LOCKOUT_ATTEMPTS", 5, 1..=50) as usize,
                duration: env.minutes("LOCKOUT_MINUTES", 30, 1..=1440),
            },
            limits: LimitSettings {
                window: env.seconds("RATE_LIMIT_WINDOW_SECONDS", 300, 1..=86_400),
                logins: env.number("LOGIN_LIMIT_PER_ADDRESS", 100, 1..=1_000_000),
                forgot_requests: env.number("FORGOT_LIMIT_PER_ADDRESS", 20, 1..=1_000_000),
                registrations: env.number("REGISTER_LIMIT_PER_ADDRESS", 20, 1..=1_000_000),
            },
            reset: ResetSettings {
                token_lifetime: env.minutes("RESET_TOKEN_EXPIRE_MINUTES", 15, 1..=1440),
                invitation_lifetime: env.hours("INVITATION_EXPIRE_HOURS", 72, 1..=720),
                mail_cooldown: env.seconds("RESET_MAIL_COOLDOWN_SECONDS", 60, 0..=86_400),
                mails_per_day: env.number("RESET_MAILS_PER_DAY", 5, 1..=1000),
            },
            registration: RegistrationSettings {
                is_open: env.choice("REGISTRATION", "off", &[("off", false), ("on", true)]),
                token_lifetime: env.hours("VERIFICATION_TOKEN_EXPIRE_HOURS", 24, 1..=168),
            },
            trusted_device: env.days("TRUSTED_DEVICE_DAYS", 180, 0..=400),
            audit_retention: env.days("AUDIT_RETENTION_DAYS", 365, 1..=3650),
            notices: Notices::read(env),
            old_pool: OldPool::read(env),
            browser: BrowserSettings {
                allowed_origins: env.origins("ALLOWED_ORIGINS"),
                same_site: env.choice(
                    "COOKIE_SAME_SITE",
                    "Strict",
                    &[("Strict", SameSite::Strict), ("Lax", SameSite::Lax), ("None", SameSite::None)],
                ),
            },
            request_deadline: REQUEST_DEADLINE,
        }
    }
}

/// The cost is checked whether it is used or not: nobody shall find out later that it is wrong.
fn read_hash_method(env: &mut Reader) -> HashMethod {
    let is_bcrypt = env.choice("PASSWORD_HASH", "bcrypt", &[("bcrypt", true), ("argon2id", false)]);
    let cost = env.bcrypt_cost("BCRYPT_COST", 12);
    if is_bcrypt { HashMethod::Bcrypt(cost) } else { HashMethod::Argon2id }
}

impl Notices {
    const NAMES: [&str; 5] = ["password_changed", "locked_out", "new_device", "email_changed", "invitation"];

    fn read(env: &mut Reader) -> Self {
        let chosen = env.words("SECURITY_NOTICES", &Self::NAMES);
        let has = |name: &str| chosen.iter().any(|word| word == name);
        Self {
            password_changed: has("password_changed"),
            locked_out: has("locked_out"),
            new_device: has("new_device"),
            email_changed: has("email_changed"),
            invitation: has("invitation"),
        }
    }
}

#[cfg(test)]
mod tests;
