//! The contract as tests look into it.

use std::{collections::BTreeMap, path::Path, sync::LazyLock};

use latchkey_local::{contract::Contract, route::Route};
use serde_json::Value;

use super::schemas::Schemas;

/// `openapi.yaml`.
pub struct Document {
    content: Value,
    pub(super) schemas: Schemas,
}

/// What one method does on one path.
pub struct Operation<'a> {
    /// Such as `endSession`.
    pub id: &'a str,
    /// GET, POST ...
    pub method: String,
    /// As the gateway knows it: `/api/v1/auth/sessions/{session_id}`.
    pub path: String,
    /// What stands there of it.
    pub definition: &'a Value,
}

/// The methods that a path item may have, as it writes them.
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

impl Document {
    /// The one of this repository.
    pub fn get() -> &'static Self {
        static DOCUMENT: LazyLock<Document> = LazyLock::new(|| {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi.yaml");
            let json = Contract::new(file).json().expect("openapi.yaml is YAML");
            Document::new(serde_json::from_str(&json).expect("JSON"))
        });
        &DOCUMENT
    }

    /// Any other, to see that it is told from ours.
    pub fn new(content: Value) -> Self {
        Self { schemas: Schemas::new(&content["components"]), content }
    }

    /// All of it.
    pub fn content(&self) -> &Value {
        &self.content
    }

    /// What a `$ref` stands for; what is none stands for itself.
    pub fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        let Some(reference) = value["$ref"].as_str() else { return value };
        let target = reference.strip_prefix('#').and_then(|pointer| self.content.pointer(pointer));
        self.resolve(target.unwrap_or_else(|| panic!("openapi.yaml has no {reference}")))
    }

    /// A named part that several operations share, such as the response `MethodNotAllowed`.
    pub fn component(&self, kind: &str, name: &str) -> &Value {
        let component = &self.content["components"][kind][name];
        assert!(component.is_object(), "openapi.yaml has no components.{kind}.{name}");
        component
    }

    /// Every operation.
    pub fn operations(&self) -> Vec<Operation<'_>> {
        let items = self.items();
        let operations = items.iter().flat_map(|(path, item)| {
            METHODS.into_iter().filter(|method| item[*method].is_object()).map(move |method| Operation {
                id: item[method]["operationId"].as_str().unwrap_or_else(|| panic!("{path} {method}: no id")),
                method: method.to_uppercase(),
                path: path.clone(),
                definition: &item[method],
            })
        });
        operations.collect()
    }

    /// The path item that a path is for, and what stands in the place of its parameters.
    pub(super) fn item_of(&self, path: &str) -> Option<(&Value, BTreeMap<String, String>)> {
        let matching = self.items().into_iter().filter_map(|(template, item)| {
            let route = Route::new("ANY", &template);
            Some((route.precision(), item, route.matches("ANY", path)?))
        });
        let best = matching.max_by_key(|(precision, ..)| *precision);
        best.map(|(_, item, parameters)| (item, parameters))
    }

    /// The methods that a path item lists, as requests write them.
    pub(super) fn methods_of(item: &Value) -> impl Iterator<Item = String> {
        METHODS.into_iter().filter(|method| item[*method].is_object()).map(str::to_uppercase)
    }

    /// Path items by their whole path: what the first server's URL ends with stands before it.
    fn items(&self) -> Vec<(String, &Value)> {
        let paths = self.content["paths"].as_object().into_iter().flatten();
        paths
            .map(|(path, item)| {
                let servers =
                    if item["servers"].is_array() { &item["servers"] } else { &self.content["servers"] };
                let url = servers[0]["url"].as_str().unwrap_or_default();
                let base = url.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
                let base = base.map(|(_, path)| format!("/{path}")).unwrap_or_default();
                (format!("{base}{path}"), item)
            })
            .collect()
    }
}
