//! The contract's schemas, compiled when they are first needed.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use jsonschema::{Draft, Validator};
use serde_json::{Value, json};

/// All schemas of a document.
pub(super) struct Schemas {
    components: Value,
    compiled: Mutex<HashMap<String, Arc<Validator>>>,
}

impl Schemas {
    /// Those of a document with these components.
    pub fn new(components: &Value) -> Self {
        let mut components = components.clone();
        close(&mut components["schemas"]);
        Self { components, compiled: Mutex::default() }
    }

    /// What is wrong with a value, and where.
    pub fn errors(&self, schema: &Value, value: &Value) -> Vec<String> {
        let validator = self.validator(schema);
        let errors = validator.iter_errors(value);
        errors.map(|error| format!("{}: {error}", error.instance_path())).collect()
    }

    fn validator(&self, schema: &Value) -> Arc<Validator> {
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(compiled.entry(schema.to_string()).or_insert_with(|| Arc::new(self.compile(schema))))
    }

    /// The schema with the components beside it, where its `$ref`s look for them.
    fn compile(&self, schema: &Value) -> Validator {
        let mut schema = schema.clone();
        close(&mut schema);
        schema["components"] = self.components.clone();
        let options = jsonschema::options().with_draft(Draft::Draft202012);
        options
            .build(&schema)
            .unwrap_or_else(|error| panic!("openapi.yaml has a schema that is none: {error}"))
    }
}

/// Objects with a list of members have no others. Clients are told to ignore what they don't know; our own tests are
/// to find what nobody wrote down.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.get("type") == Some(&json!("object")) && members.contains_key("properties") {
                members.entry("additionalProperties").or_insert(json!(false));
            }
            members.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}
