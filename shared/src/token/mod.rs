//! Access, refresh and device tokens.
//!
//! An access token tells a service who calls (15 minutes, `typ: at+jwt`, `type: access`). A refresh token gets the next
//! pair (`typ: rt+jwt`, `type: refresh`). A device token says that its holder logged in before (`typ: dt+jwt`,
//! `type: device`). None can stand in for another (promise AT3).
//!
//! [`Tokens`] is for functions that sign, [`AccessVerifier`] for those that verify access tokens, [`SessionTokens`] for
//! what only we read. All are pure: keys come in, and time does.

mod access;
mod access_verifier;
mod device;
mod jwk;
mod jwt;
mod key;
mod refresh;
mod session_tokens;

use std::time::Duration;

pub use access::AccessToken;
pub use access_verifier::{AccessVerifier, JwkSet};
pub use device::DeviceToken;
pub use jwt::Refusal;
pub use key::NewKey;
use key::SigningKey;
pub use refresh::RefreshToken;
pub use session_tokens::SessionTokens;
use zeroize::Zeroizing;

use crate::{
    config::{Config, SecretKey},
    domain::{DeviceId, KeyId, PrivateKey, PublicKeys, Session, SessionId, SessionSecret, Timestamp, User},
    error::{Error, Result},
};

/// Makes and checks all tokens.
pub struct Tokens {
    access: AccessVerifier,
    signing: Vec<SigningKey>,
    sessions: SessionTokens,
}

/// A token as it goes to the client.
pub struct Minted {
    /// The token itself.
    pub text: Zeroizing<String>,
    /// How long it lives, a refresh token if it isn't used.
    pub lifetime: Duration,
}

/// A pair as it goes to the client.
pub struct TokenPair {
    /// For the Authorization header.
    pub access: Minted,
    /// For the cookie or the client's store.
    pub refresh: Minted,
}

impl Tokens {
    /// With the secret of SECRET_KEY, which signs all tokens.
    pub fn of_secret(secret: &SecretKey, config: &Config) -> Self {
        Self {
            access: AccessVerifier::of_secret(secret, config),
            signing: vec![SigningKey::secret(secret_id(), secret.expose())],
            sessions: SessionTokens::of_secret(secret, config),
        }
    }

    /// With the keys of the table as they are at `now`. Errors: there is none, one is broken, or the private half of one
    /// that signs now or later is not there.
    pub fn of_keys(
        public: PublicKeys,
        private: &[PrivateKey],
        session: &SessionSecret,
        config: &Config,
        now: Timestamp,
    ) -> Result<Self> {
        let missing = |id| Error::Internal(format!("the private half of the signing key {id} is not there"));
        let signing = public.signers(now).map(|key| {
            let half = private.iter().find(|half| half.number == key.number);
            SigningKey::private(key, &half.ok_or_else(|| missing(&key.id))?.pkcs8)
        });
        let signing = signing.collect::<Result<Vec<_>>>()?;
        if signing.is_empty() {
            return Err(Error::Internal("there is no signing key".to_owned()));
        }
        let access = AccessVerifier::of_keys(public, config)?;
        Ok(Self { access, signing, sessions: SessionTokens::of_key(session, config) })
    }

    /// The pair for a session as it stands; its refresh token is a function of the session's row alone (promise RT2).
    pub fn mint(&self, user: &User, session: &Session, now: Timestamp) -> Result<TokenPair> {
        Ok(TokenPair {
            access: self.mint_access(user, session.session_id, session.generation, now)?,
            refresh: self.sessions.mint_refresh(session, now)?,
        })
    }

    /// An access token alone, of a session that goes on in a new generation.
    pub fn mint_access(
        &self,
        user: &User,
        session_id: SessionId,
        generation: u64,
        now: Timestamp,
    ) -> Result<Minted> {
        let lifetime = self.access.settings.lifetime;
        let (issued_at, expires_at) = (now, now + lifetime);
        let access =
            AccessToken { user_id: user.id, session_id, role: user.role, generation, issued_at, expires_at };
        Ok(Minted { text: access.sign(self.signing_key(now)?, &self.access.settings)?, lifetime })
    }

    /// See [`SessionTokens::mint_device`].
    pub fn mint_device(
        &self,
        user: &User,
        device_id: DeviceId,
        password_version: u64,
        now: Timestamp,
    ) -> Result<Option<Minted>> {
        self.sessions.mint_device(user, device_id, password_version, now)
    }

    /// See [`SessionTokens::verify_device`].
    pub fn verify_device(&self, token: &str, now: Timestamp) -> Option<DeviceToken> {
        self.sessions.verify_device(token, now)
    }

    /// A key that is to sign from a certain time on does so from then on, without another look at the table.
    fn signing_key(&self, now: Timestamp) -> Result<&SigningKey> {
        let found = match self.access.managed().signing(now) {
            Some(key) => self.signing.iter().find(|signing| signing.id == key.id),
            None => self.signing.first(),
        };
        found.ok_or_else(|| Error::Internal("the key that signs has no private half here".to_owned()))
    }
}

impl AsRef<AccessVerifier> for Tokens {
    fn as_ref(&self) -> &AccessVerifier {
        &self.access
    }
}

impl AsRef<SessionTokens> for Tokens {
    fn as_ref(&self) -> &SessionTokens {
        &self.sessions
    }
}

/// The name of SECRET_KEY in headers.
fn secret_id() -> KeyId {
    "secret".parse().expect("a word is a name")
}

#[cfg(test)]
mod key_tests;
#[cfg(test)]
mod tests;
