//! Firebase Authentication: `firebase auth:export`, as JSON or CSV.

use super::{Fields, Row};

/// The parameters of a project's hashes, from its console. It has no Debug: the signer key is a secret.
pub struct HashConfig {
    signer_key: String,
    salt_separator: String,
    rounds: String,
    mem_cost: String,
}

impl HashConfig {
    /// As the console shows it, `base64_signer_key: ...,` on a line each, or as JSON with the same names. Errors: what is
    /// missing.
    pub fn parse(text: &str) -> Result<Self, String> {
        let json: Option<Fields> = serde_json::from_str(text).ok().map(Fields);
        let on_a_line = |name: &str| {
            let value = |line: &str| {
                line.trim().strip_prefix(name)?.trim_start().strip_prefix(':').map(str::to_owned)
            };
            let value = text.lines().find_map(value)?;
            Some(value.trim().trim_end_matches([',', ';']).trim_matches('"').to_owned())
        };
        let find = |name: &str| {
            let value = json.as_ref().map_or_else(|| on_a_line(name), |json| json.text(name));
            value.filter(|value| !value.is_empty()).ok_or_else(|| format!("has no {name}"))
        };
        Ok(Self {
            signer_key: find("base64_signer_key")?,
            salt_separator: find("base64_salt_separator")?,
            rounds: find("rounds")?,
            mem_cost: find("mem_cost")?,
        })
    }
}

pub fn row(fields: &Fields, config: Option<&HashConfig>) -> Result<Row, String> {
    let hash = fields.text("passwordHash").map(|hash| {
        let salt = fields.text("salt").unwrap_or_default();
        let config = config.ok_or("needs the project's parameters: see --hash-config")?;
        let HashConfig { signer_key, salt_separator, rounds, mem_cost } = config;
        let parameters = format!("v=1,n={mem_cost},r={rounds},p=1,ss={salt_separator},sk={signer_key}");
        Ok(format!("$fbscrypt${}${}${}", url_safe(&parameters), url_safe(&salt), url_safe(&hash)))
    });
    Ok(Row {
        id: fields.text("localId"),
        email: fields.text("email"),
        name: fields.text("displayName"),
        status: (fields.flag("disabled")? == Some(true)).then(|| "inactive".to_owned()),
        created_at: fields.text("createdAt"),
        last_login: fields.first(&["lastSignedInAt", "lastLoginAt"]),
        hash,
        is_verified: Some(fields.flag("emailVerified")? == Some(true)),
        ..Row::default()
    })
}

/// The Admin SDK writes base64 for URLs, the command line the usual one.
fn url_safe(text: &str) -> String {
    text.replace('-', "+").replace('_', "/")
}
