//! Keycloak: `kc.sh export`, the realm with its users or the files of users beside it.

use serde_json::Value;

use super::{Fields, Row};

pub fn row(fields: &Fields) -> Result<Row, String> {
    let credentials = fields.objects("credentials");
    let password =
        credentials.iter().find(|credential| credential.text("type").as_deref() == Some("password"));
    Ok(Row {
        id: fields.text("id"),
        email: fields.text("email"),
        name: fields.both_names("firstName", "lastName"),
        status: (fields.flag("enabled")? == Some(false)).then(|| "inactive".to_owned()),
        created_at: fields.text("createdTimestamp"),
        hash: password.map(hash),
        is_verified: Some(fields.flag("emailVerified")? == Some(true)),
        ..Row::default()
    })
}

/// Both halves of a credential are JSON in a text.
fn hash(credential: &Fields) -> Result<String, &'static str> {
    let (secret, data) = (credential.object("secretData"), credential.object("credentialData"));
    let (Some(secret), Some(data)) = (secret, data) else {
        return Err("has no secretData or credentialData");
    };
    let (Some(digest), Some(salt)) = (secret.text("value"), secret.text("salt")) else {
        return Err("has no value or no salt");
    };
    let iterations = data.text("hashIterations").ok_or("has no hashIterations")?;
    match data.text("algorithm").as_deref() {
        Some("pbkdf2") => Ok(format!("$pbkdf2-sha1$i={iterations}${salt}${digest}")),
        Some(name @ ("pbkdf2-sha256" | "pbkdf2-sha512")) => {
            Ok(format!("${name}$i={iterations}${salt}${digest}"))
        }
        Some("argon2") => {
            let extra = data.object("additionalParameters").ok_or("has no additionalParameters")?;
            // Each is a list of one text.
            let extra = |name: &str| match extra.0.get(name) {
                Some(Value::Array(list)) => {
                    list.first().and_then(Value::as_str).unwrap_or_default().to_owned()
                }
                _ => String::new(),
            };
            let version = match extra("version").as_str() {
                "1.3" => "19",
                "1.0" => "16",
                _ => return Err("is of an unknown version of Argon2"),
            };
            let (kind, memory, lanes) = (extra("type"), extra("memory"), extra("parallelism"));
            Ok(format!("$argon2{kind}$v={version}$m={memory},t={iterations},p={lanes}${salt}${digest}"))
        }
        _ => Err("is of an algorithm other than argon2 and pbkdf2"),
    }
}
