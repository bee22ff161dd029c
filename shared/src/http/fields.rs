//! Request bodies: decoding one is validating it.

use std::{fmt::Display, str::FromStr};

use lambda_http::{
    Request, RequestExt,
    http::{Method, header::CONTENT_TYPE},
};
use serde_json::{Map, Value};

use crate::error::{Error, FieldError, Result};

/// A request that a function understands.
pub trait Decode: Sized {
    /// Takes what it knows out of the fields. `None` only where a required field was refused.
    fn decode(fields: &mut Fields) -> Option<Self>;
}

/// A request without fields.
pub struct NoFields;

impl Decode for NoFields {
    fn decode(_: &mut Fields) -> Option<Self> {
        Some(Self)
    }
}

/// What came in a request, and what is wrong with it: all of it is told at once. Fields are the members of the body's
/// JSON object or, where there is no body (GET, DELETE), the parameters of the query.
pub struct Fields {
    members: Map<String, Value>,
    parameters: Vec<(&'static str, String)>,
    errors: Vec<FieldError>,
}

/// A misspelt filter must not look like one that found nothing, or everything.
const NO_PARAMETER: &str = "is not a parameter of this request";

/// No body of ours comes near it.
const LARGEST_BODY: usize = 16 * 1024;

/// Decodes a request with the parameters of its path. Errors: size, media type, JSON, fields, in this order.
pub(super) fn decode<R: Decode>(request: &Request, parameters: Vec<(&'static str, String)>) -> Result<R> {
    let has_body = request.method() != Method::GET && request.method() != Method::DELETE;
    let members = if has_body { json_object(request)? } else { query(request) };
    let mut fields = Fields { members, parameters, errors: Vec::new() };
    let decoded = R::decode(&mut fields);
    fields.refuse_unknown(if has_body { "is not a field of this request" } else { NO_PARAMETER });
    match decoded {
        Some(decoded) if fields.errors.is_empty() => Ok(decoded),
        _ => Err(Error::InvalidFields(fields.errors)),
    }
}

/// The query's parameters; of one that is given twice the last.
fn query(request: &Request) -> Map<String, Value> {
    let parameters = request.query_string_parameters();
    parameters.iter().map(|(name, value)| (name.to_owned(), Value::from(value))).collect()
}

/// The body as an object; no body at all is an empty one.
fn json_object(request: &Request) -> Result<Map<String, Value>> {
    let body: &[u8] = request.body().as_ref();
    if body.len() > LARGEST_BODY {
        return Err(Error::PayloadTooLarge);
    }
    let media_type = request.headers().get(CONTENT_TYPE).map(|value| value.to_str().unwrap_or("unreadable"));
    match media_type {
        Some(text) if is_json(text) => {}
        None if body.is_empty() => {}
        _ => return Err(Error::UnsupportedMediaType),
    }
    if body.is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(body).map_err(|error| Error::MalformedJson(error.to_string()))? {
        Value::Object(members) => Ok(members),
        _ => Err(Error::MalformedJson("expected an object such as {\"email\": \"…\"}".to_owned())),
    }
}

fn is_json(media_type: &str) -> bool {
    media_type.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

impl Fields {
    /// A parameter of the path, such as `user_id` in `/admin/users/{user_id}`.
    pub fn path<T>(&mut self, name: &str) -> Option<T>
    where
        T: FromStr<Err: Display>,
    {
        let (_, text) = self.parameters.iter().find(|(own, _)| *own == name)?;
        text.parse().map_err(|error| self.errors.push(FieldError::new(name, error))).ok()
    }

    /// A string that must be there.
    pub fn required<T>(&mut self, name: &str) -> Option<T>
    where
        T: FromStr<Err: Display>,
    {
        if self.members.contains_key(name) {
            return self.optional(name);
        }
        self.errors.push(FieldError::new(name, "is required"));
        None
    }

    /// A string that may be there.
    pub fn optional<T>(&mut self, name: &str) -> Option<T>
    where
        T: FromStr<Err: Display>,
    {
        let message = match self.members.remove(name)? {
            Value::String(text) => match text.parse() {
                Ok(value) => return Some(value),
                Err(error) => format!("{error}"),
            },
            _ => "must be a string".to_owned(),
        };
        self.errors.push(FieldError::new(name, message));
        None
    }

    /// A string that may be there, or a null that takes away what was.
    pub fn nullable<T>(&mut self, name: &str) -> Option<Option<T>>
    where
        T: FromStr<Err: Display>,
    {
        if self.members.get(name) == Some(&Value::Null) {
            self.members.remove(name);
            return Some(None);
        }
        self.optional(name).map(Some)
    }

    /// Says what is wrong with a field beyond its own form.
    pub fn refuse(&mut self, name: &str, rule: &str) {
        self.errors.push(FieldError::new(name, rule));
    }

    /// A `true` or `false` that may be there; missing is `false`.
    pub fn flag(&mut self, name: &str) -> bool {
        match self.members.remove(name) {
            None => false,
            Some(Value::Bool(flag)) => flag,
            Some(_) => {
                self.errors.push(FieldError::new(name, "must be true or false"));
                false
            }
        }
    }

    /// A field that nobody took is refused: a client that sends `role` must not think that it counts (promise OP2).
    fn refuse_unknown(&mut self, rule: &str) {
        for name in std::mem::take(&mut self.members).into_iter().map(|(name, _)| name) {
            // Names are the client's text: shown to tell which, cut so that no body comes back whole.
            let shown: String = name.chars().take(40).collect();
            self.errors.push(FieldError::new(shown, rule));
        }
    }
}
