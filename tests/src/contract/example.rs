//! The contract's examples: what is sent, and what comes back.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Document, Operation};

/// A named example of an operation.
pub struct Example<'a> {
    /// Whose it is.
    pub operation: &'a Operation<'a>,
    /// Its name; a request and its answer have the same.
    pub name: &'a str,
    /// The request's body, where the example has one.
    pub request: Option<&'a Value>,
    /// The status of the answer.
    pub status: u16,
    /// The answer's body; none with a 204.
    pub answer: Option<&'a Value>,
}

/// How the success is called of an operation that needs no body and answers none.
pub const DONE: &str = "done";

impl Document {
    /// All examples of an operation, but those of what only the gateway answers.
    pub fn examples_of<'a>(&'a self, operation: &'a Operation<'_>) -> Vec<Example<'a>> {
        let answers = self.answers_of(operation);
        let requests = self.requests_of(operation);
        let names = requests.keys().chain(answers.keys()).collect::<std::collections::BTreeSet<_>>();
        let mut examples: Vec<_> = names
            .into_iter()
            .map(|name| {
                let (status, answer) = answers.get(name).map_or_else(
                    || (success_without_body(operation, name), None),
                    |(status, answer)| (*status, Some(*answer)),
                );
                Example { operation, name, request: requests.get(name).copied(), status, answer }
            })
            .collect();
        if operation.definition["responses"]["204"].is_object() && requests.is_empty() {
            examples.push(Example { operation, name: DONE, request: None, status: 204, answer: None });
        }
        examples
    }

    /// The bodies of the requests' examples by their names.
    pub fn requests_of<'a>(&'a self, operation: &'a Operation<'_>) -> BTreeMap<&'a str, &'a Value> {
        let body = self.resolve(&operation.definition["requestBody"]);
        self.named(&body["content"]["application/json"]).collect()
    }

    fn answers_of<'a>(&'a self, operation: &'a Operation<'_>) -> BTreeMap<&'a str, (u16, &'a Value)> {
        let responses = operation.definition["responses"].as_object().into_iter().flatten();
        let with_status = responses.filter_map(|(status, response)| Some((status.parse().ok()?, response)));
        let answers = with_status.flat_map(|(status, response)| {
            let media_type = if status < 300 { "application/json" } else { "application/problem+json" };
            let media = &self.resolve(response)["content"][media_type];
            self.named(media).map(move |(name, value)| (name, (status, value)))
        });
        let mut by_name = BTreeMap::new();
        for (name, answer) in answers {
            let before = by_name.insert(name, answer);
            assert!(before.is_none(), "{} has two answers {name}", operation.id);
        }
        by_name
    }

    fn named<'a>(&'a self, media: &'a Value) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let examples = media["examples"].as_object().into_iter().flatten();
        examples.map(|(name, example)| (name.as_str(), &self.resolve(example)["value"]))
    }
}

fn success_without_body(operation: &Operation<'_>, name: &str) -> u16 {
    let is_there = operation.definition["responses"]["204"].is_object();
    assert!(is_there, "no answer of {} is named as its request {name}", operation.id);
    204
}
