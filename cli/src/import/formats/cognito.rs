//! Amazon Cognito: the answer of `aws cognito-idp list-users`, or a table with the heading of its own imports. It gives no
//! hashes away.

use serde_json::{Map, Value};

use super::{Fields, Row};

pub fn row(fields: &Fields) -> Result<Row, String> {
    if fields.has("Attributes") { listed(fields) } else { in_table(fields) }
}

fn listed(fields: &Fields) -> Result<Row, String> {
    let pairs = fields.objects("Attributes");
    let pairs = pairs.iter().filter_map(|pair| Some((pair.text("Name")?, Value::from(pair.text("Value")?))));
    let attributes = Fields(pairs.collect::<Map<_, _>>());
    Ok(Row {
        id: attributes.text("sub"),
        status: (fields.flag("Enabled")? == Some(false)).then(|| "inactive".to_owned()),
        created_at: fields.text("UserCreateDate"),
        username: fields.text("Username"),
        ..person(&attributes)?
    })
}

fn in_table(fields: &Fields) -> Result<Row, String> {
    Ok(Row { username: fields.text("cognito:username"), ..person(fields)? })
}

fn person(attributes: &Fields) -> Result<Row, String> {
    Ok(Row {
        email: attributes.text("email"),
        name: attributes.text("name").or_else(|| attributes.both_names("given_name", "family_name")),
        is_verified: Some(attributes.flag("email_verified")? == Some(true)),
        ..Row::default()
    })
}
