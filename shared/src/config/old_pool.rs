//! The Cognito user pool that users came from, as far as it may still be asked.

use std::fmt;

use super::reader::Reader;

/// The settings `COGNITO_CLIENT_ID`, `COGNITO_REGION` and `COGNITO_CLIENT_SECRET`; only login is given them.
#[derive(Clone, Debug)]
pub struct OldPool {
    /// The app client that allows USER_PASSWORD_AUTH.
    pub client_id: String,
    /// Its secret, if it has one.
    pub client_secret: Option<ClientSecret>,
    /// Where the pool is asked.
    pub endpoint: String,
}

/// An app client's secret. Its Debug form hides it, and it has no Serialize.
#[derive(Clone)]
pub struct ClientSecret(String);

impl ClientSecret {
    /// The secret itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret(...)")
    }
}

impl OldPool {
    /// `None` without a client: then nobody is asked.
    pub(super) fn read(env: &mut Reader) -> Option<Self> {
        let client_id = env.optional("COGNITO_CLIENT_ID")?;
        let is_id = client_id.len() <= 128 && client_id.bytes().all(is_word);
        env.require(is_id, "COGNITO_CLIENT_ID must be the id of an app client: letters and digits");
        let region =
            env.optional("COGNITO_REGION").or_else(|| env.optional("AWS_REGION")).unwrap_or_default();
        let is_region = region.contains('-')
            && region.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        env.require(is_region, "COGNITO_REGION must be a region such as eu-west-1");
        let suffix = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        // As AWS's own tools name it; for tests.
        let endpoint = env.optional("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER");
        Some(Self {
            client_id,
            client_secret: env.optional("COGNITO_CLIENT_SECRET").map(ClientSecret),
            endpoint: endpoint.unwrap_or_else(|| format!("https://cognito-idp.{region}.{suffix}")),
        })
    }
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+')
}
