//! What the settings in force give away, and what to set instead.

use super::{Config, SameSite};
use crate::domain::{Algorithm, HashMethod, PasswordPolicy};

impl Config {
    /// One sentence for each setting that is weaker than it could be, with what to change; empty when none is.
    pub fn recommendations(&self) -> Vec<String> {
        let low_cost = match self.hash_method {
            HashMethod::Bcrypt(cost) => Some(cost.get()).filter(|cost| *cost < 12),
            HashMethod::Argon2id => None,
        };
        let judged = [
            (
                self.algorithm == Algorithm::Hs256,
                "ALGORITHM=HS256: whoever can verify a token can also make one. Leave SECRET_KEY out: then keys are made, kept and replaced for you, and other services verify with the public half.".to_owned(),
            ),
            (
                self.password_policy == PasswordPolicy::Spec,
                "PASSWORD_POLICY=spec: classes of characters are asked for, which ASVS 6.2.5 advises against. nist asks for 15 characters and no classes.".to_owned(),
            ),
            (
                low_cost.is_some(),
                format!("BCRYPT_COST={}: use 12 or more.", low_cost.unwrap_or_default()),
            ),
            (
                self.access_token.lifetime.as_secs() > 15 * 60,
                "ACCESS_TOKEN_EXPIRE_MINUTES over 15: a service that only verifies the signature keeps letting a disabled user in for that long.".to_owned(),
            ),
            (
                self.lockout.attempts > 10,
                format!("LOCKOUT_ATTEMPTS={}: a weak password is found sooner; 5 is usual.", self.lockout.attempts),
            ),
            (
                self.browser.allowed_origins.is_empty(),
                "ALLOWED_ORIGINS is empty: no browser can use the refresh cookie. Name your front end's origin.".to_owned(),
            ),
            (
                self.browser.allowed_origins.iter().any(|origin| origin.starts_with("http://") && !is_local(origin)),
                "ALLOWED_ORIGINS has an http:// origin: anyone on its network can read what it reads. Use https://.".to_owned(),
            ),
            (
                self.browser.same_site == SameSite::None,
                "COOKIE_SAME_SITE=None: the cookie rests on the Origin check alone. Put API and front end on one site and use Strict.".to_owned(),
            ),
            (
                !self.notices.invitation,
                "SECURITY_NOTICES has no invitation: who is invited gets no mail. The way in is \"forgot password\", or `latchkey user send-reset`.".to_owned(),
            ),
            (
                !self.notices.password_changed || !self.notices.email_changed,
                "SECURITY_NOTICES lacks password_changed or email_changed: whose account is taken over is not told.".to_owned(),
            ),
            (
                self.old_pool.is_some(),
                "COGNITO_CLIENT_ID: whoever breaks into the old user pool logs in here as those who have not logged in yet. Empty it once they are few: they are mailed a link then.".to_owned(),
            ),
        ];
        judged.into_iter().filter(|(applies, _)| *applies).map(|(_, sentence)| sentence).collect()
    }
}

fn is_local(origin: &str) -> bool {
    ["http://localhost", "http://127.0.0.1", "http://[::1]"]
        .iter()
        .any(|local| origin.strip_prefix(local).is_some_and(|rest| rest.is_empty() || rest.starts_with(':')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recommendations(pairs: &[(&str, &str)]) -> String {
        Config::from_pairs(pairs).expect("valid settings").recommendations().join("\n")
    }

    #[test]
    fn a_cost_that_is_not_used_is_not_judged() {
        let cost = ("BCRYPT_COST", "10");
        assert!(!recommendations(&[("PASSWORD_HASH", "argon2id"), cost]).contains("BCRYPT_COST"));
    }

    #[test]
    fn a_recommendation_goes_away_with_its_cause() {
        for (name, weak, strong) in [
            ("ALGORITHM", "HS256", "RS256"),
            ("PASSWORD_POLICY", "spec", "nist"),
            ("BCRYPT_COST", "10", "12"),
            ("ACCESS_TOKEN_EXPIRE_MINUTES", "60", "15"),
            ("LOCKOUT_ATTEMPTS", "20", "5"),
            ("ALLOWED_ORIGINS", "http://app.example.com", "https://app.example.com"),
            ("ALLOWED_ORIGINS", "", "http://localhost:5173"),
            ("COOKIE_SAME_SITE", "None", "Strict"),
            (
                "SECURITY_NOTICES",
                "password_changed,email_changed",
                "password_changed,email_changed,invitation",
            ),
            ("SECURITY_NOTICES", "password_changed,invitation", "password_changed,email_changed,invitation"),
            ("COGNITO_CLIENT_ID", "4example", ""),
        ] {
            let region = ("COGNITO_REGION", "eu-west-1");
            assert!(recommendations(&[(name, weak), region]).contains(name), "{name}={weak}");
            assert!(!recommendations(&[(name, strong), region]).contains(name), "{name}={strong}");
        }
    }
}
