//! What a record says, by the names that its source gives.

use serde_json::{Map, Value};

/// The members of a JSON object, or the cells of a row by their column; an empty cell is null.
pub struct Fields(pub Map<String, Value>);

impl Fields {
    /// Whether the source tells of it at all, be it with nothing.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// A text or a number, in its letters; nothing for an empty one.
    pub fn text(&self, name: &str) -> Option<String> {
        match self.0.get(name)? {
            Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// The first of these that says anything.
    pub fn first(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.text(name))
    }

    /// First and last name, one of them, or none.
    pub fn both_names(&self, first: &str, last: &str) -> Option<String> {
        let names: Vec<String> = [first, last].iter().filter_map(|name| self.text(name)).collect();
        (!names.is_empty()).then(|| names.join(" "))
    }

    /// Yes or no, as JSON, databases and spreadsheets write it; `None` if nothing is said. Errors: nobody can tell which,
    /// and a guess would let in who is blocked, or never proved an address.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, String> {
        let flag = match self.0.get(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Bool(flag)) => Some(*flag),
            Some(Value::Number(number)) => number.as_f64().map(|number| number != 0.0),
            Some(Value::String(text)) => match text.trim().to_ascii_lowercase().as_str() {
                "" => return Ok(None),
                "true" | "t" | "yes" | "y" | "1" => Some(true),
                "false" | "f" | "no" | "n" | "0" => Some(false),
                _ => None,
            },
            Some(Value::Array(_) | Value::Object(_)) => None,
        };
        flag.map(Some).ok_or_else(|| format!("{name} must be true or false"))
    }

    /// Whether a time stands there; `None` if the source does not tell.
    pub fn is_set(&self, name: &str) -> Option<bool> {
        self.has(name).then(|| self.text(name).is_some())
    }

    /// An object, also one that is written in a text.
    pub fn object(&self, name: &str) -> Option<Self> {
        match self.0.get(name)? {
            Value::Object(members) => Some(Self(members.clone())),
            Value::String(text) => serde_json::from_str(text).ok().map(Self),
            _ => None,
        }
    }

    /// The objects in a list; nothing else in it counts.
    pub fn objects(&self, name: &str) -> Vec<Self> {
        let list = self.0.get(name).and_then(Value::as_array);
        let objects = list.into_iter().flatten().filter_map(Value::as_object);
        objects.map(|members| Self(members.clone())).collect()
    }
}
