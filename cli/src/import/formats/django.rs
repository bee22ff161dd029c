//! Django: `manage.py dumpdata auth.user`, or the table of users as CSV or JSON lines. It knows of no proved e-mail.

use ::base64::{Engine, engine::general_purpose::STANDARD};

use super::{Fields, Row, base64};

/// Errors: it is about something else, or can't be read.
pub fn row(fields: &Fields) -> Result<Row, String> {
    match fields.object("fields") {
        Some(_) if !fields.text("model").is_some_and(|model| model.to_lowercase().ends_with("user")) => {
            Err("is no user but something else that was dumped".to_owned())
        }
        Some(inner) => person(&inner, fields.text("pk")),
        None => person(fields, fields.text("id")),
    }
}

fn person(fields: &Fields, id: Option<String>) -> Result<Row, String> {
    Ok(Row {
        id,
        email: fields.text("email"),
        name: fields.text("name").or_else(|| fields.both_names("first_name", "last_name")),
        status: (fields.flag("is_active")? == Some(false)).then(|| "inactive".to_owned()),
        created_at: fields.text("date_joined"),
        last_login: fields.text("last_login"),
        // A "!" begins what is meant never to match.
        hash: fields.text("password").filter(|hash| !hash.starts_with('!')).map(|hash| canonical(&hash)),
        ..Row::default()
    })
}

/// A hash of Django's built-in hashers; the salt is the text's own bytes.
fn canonical(hash: &str) -> Result<String, &'static str> {
    let (algorithm, rest) = hash.split_once('$').ok_or("is none of Django's")?;
    let parts: Vec<&str> = rest.split('$').collect();
    match (algorithm, &parts[..]) {
        ("pbkdf2_sha256" | "pbkdf2_sha1", [iterations, salt, digest]) => {
            let name = algorithm.replace('_', "-");
            Ok(format!("${name}$i={iterations}${}${digest}", base64(salt.as_bytes())))
        }
        ("argon2", _) => Ok(format!("${rest}")),
        ("bcrypt", _) => Ok(rest.to_owned()),
        ("bcrypt_sha256", _) => Ok(format!("$bcrypt-sha256-hex{rest}")),
        ("scrypt", [n, salt, r, p, digest]) => {
            let n: u64 = n
                .parse()
                .ok()
                .filter(|n: &u64| n.is_power_of_two())
                .ok_or("has an N that is no power of two")?;
            STANDARD.decode(digest).map_err(|_| "has a digest that is no base64")?;
            Ok(format!("$scrypt$ln={},r={r},p={p}${}${digest}", n.trailing_zeros(), base64(salt.as_bytes())))
        }
        _ => {
            Err("is of an algorithm of Django's other than argon2, bcrypt, bcrypt_sha256, pbkdf2 and scrypt")
        }
    }
}
