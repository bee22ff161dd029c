//! What a function has in its hands while it runs: built once, at its cold start.

use crate::{
    aws,
    config::{Config, SecretKey},
    event,
    store::Store,
    token::Tokens,
};

/// Settings, tables and tokens. A function that makes and checks no tokens is never given the secret: it has a
/// [`KeylessApp`].
pub struct App<T = Tokens> {
    /// The settings.
    pub config: Config,
    /// The tables.
    pub store: Store,
    /// The tokens.
    pub tokens: T,
}

/// An app without the secret.
pub type KeylessApp = App<()>;

/// Why a function did not start.
pub type StartError = Box<dyn std::error::Error + Send + Sync>;

impl App {
    /// Reads the environment, SECRET_KEY included. Errors: a setting is bad; the function must not start.
    pub async fn from_env() -> Result<Self, StartError> {
        let secret = SecretKey::from_env();
        let KeylessApp { config, store, .. } = KeylessApp::without_key().await?;
        let tokens = Tokens::new(&secret?, &config);
        Ok(Self { config, store, tokens })
    }
}

impl KeylessApp {
    /// Reads the environment but SECRET_KEY. Errors: a setting is bad; the function must not start.
    pub async fn without_key() -> Result<Self, StartError> {
        event::init_log();
        let config = Config::from_env()?;
        let store = Store::new(&aws::load_config().await, &config);
        Ok(Self { config, store, tokens: () })
    }
}
