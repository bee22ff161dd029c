//! What only the authorizer needs.

use super::{InvalidSettings, Reader};
use crate::domain::Role;

/// The settings of the authorizer, given to it and to no other function.
#[derive(Clone, Debug)]
pub struct AuthorizerSettings {
    /// Whom it lets pass: users of every role.
    pub roles: Vec<Role>,
}

impl AuthorizerSettings {
    /// Reads the environment. Errors: a role is unknown; or tokens are signed by a secret, which the authorizer must not
    /// hold: whoever has it can make tokens, too.
    pub fn from_env() -> Result<Self, InvalidSettings> {
        Self::read(Reader::of_environment())
    }

    /// As [`AuthorizerSettings::from_env`], from pairs.
    pub fn from_pairs(pairs: &[(&str, &str)]) -> Result<Self, InvalidSettings> {
        Self::read(Reader::of_pairs(pairs))
    }

    fn read(mut env: Reader) -> Result<Self, InvalidSettings> {
        let is_secret = env.has("SECRET_KEY") || env.optional("ALGORITHM").as_deref() == Some("HS256");
        env.require(
            !is_secret,
            "the authorizer works with managed keys alone: with a SECRET_KEY (ALGORITHM=HS256) whoever verifies tokens \
             can make them, too. Deploy without SecretKey, or have your services ask /users/me",
        );
        let roles = roles(&mut env);
        env.finish(Self { roles })
    }
}

/// Which roles AUTHORIZER_ROLES names.
pub(super) fn roles(env: &mut Reader) -> Vec<Role> {
    let words = env.words("AUTHORIZER_ROLES", &Role::ALL.map(Role::as_str));
    let roles: Vec<_> = words.iter().filter_map(|word| word.parse().ok()).collect();
    env.require(!words.is_empty(), "AUTHORIZER_ROLES is none: nobody could pass");
    roles
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles_of(value: &str) -> Result<Vec<Role>, String> {
        let settings = AuthorizerSettings::from_pairs(&[("AUTHORIZER_ROLES", value)]);
        settings.map(|settings| settings.roles).map_err(|error| error.to_string())
    }

    // AZ4
    #[test]
    fn users_of_every_role_pass_unless_some_are_named() {
        assert_eq!(roles_of(""), Ok(vec![Role::Member, Role::Lead, Role::Admin]));
        assert_eq!(roles_of("admin, lead"), Ok(vec![Role::Admin, Role::Lead]));
        for wrong in ["none", "root", "admin,", "Admin", "admin lead"] {
            let error = roles_of(wrong).expect_err(wrong);
            assert!(error.starts_with("AUTHORIZER_ROLES"), "{wrong}: {error}");
        }
    }

    // AZ3
    #[test]
    fn a_key_that_could_sign_is_refused_without_being_shown() {
        let secret = "k".repeat(32);
        for pairs in [&[("SECRET_KEY", secret.as_str())][..], &[("ALGORITHM", "HS256")]] {
            let error = AuthorizerSettings::from_pairs(pairs).expect_err("a secret").to_string();
            assert!(error.contains("SECRET_KEY") && !error.contains(&secret), "{error}");
        }
        for algorithm in ["ES256", "RS256", "EdDSA", ""] {
            assert!(AuthorizerSettings::from_pairs(&[("ALGORITHM", algorithm)]).is_ok(), "{algorithm}");
        }
    }
}
