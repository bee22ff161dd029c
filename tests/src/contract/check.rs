//! Holds a request and its answer to the contract.

use std::collections::BTreeMap;

use reqwest::Url;
use serde_json::{Value, json};

use super::document::Document;

/// A request and its answer, as they were sent.
#[derive(Clone, Copy)]
pub struct Exchange<'a> {
    /// GET, POST ...
    pub method: &'a str,
    /// With all that stands before it: `/api/v1/auth/login`.
    pub path: &'a str,
    /// What stands behind the question mark.
    pub query: &'a str,
    /// The request's body; empty if there is none.
    pub body: &'a str,
    /// The answer's status.
    pub status: u16,
    /// The answer's headers, their names in lower case.
    pub headers: &'a [(String, String)],
    /// The answer's body; empty if there is none.
    pub answer: &'a [u8],
}

/// What any answer may carry: the gateway's own, and what promise OP3 puts on each.
const ON_EVERY_ANSWER: [&str; 11] = [
    "apigw-requestid",
    "cache-control",
    "connection",
    "content-length",
    "content-security-policy",
    "content-type",
    "date",
    "referrer-policy",
    "strict-transport-security",
    "vary",
    "x-content-type-options",
];

const PROBLEM: &str = "application/problem+json";

impl Document {
    /// Fails the test in which an answer is not as the contract says.
    pub fn assert_kept(&self, exchange: &Exchange<'_>) {
        let complaints = self.complaints(exchange);
        assert!(
            complaints.is_empty(),
            "openapi.yaml does not describe the answer {} to {} {}:\n  - {}\nThe answer is {}",
            exchange.status,
            exchange.method,
            exchange.path,
            complaints.join("\n  - "),
            String::from_utf8_lossy(exchange.answer)
        );
    }

    /// What is wrong with a value by a schema of the document, and where.
    pub fn errors(&self, schema: &Value, value: &Value) -> Vec<String> {
        self.schemas.errors(schema, value)
    }

    /// Everything in which a request or its answer is not as the contract says. A request that was refused may be
    /// anything.
    pub fn complaints(&self, exchange: &Exchange<'_>) -> Vec<String> {
        let Some((item, parameters)) = self.item_of(exchange.path) else {
            let mut complaints = self.of_answer(exchange, self.component("responses", "Gateway"));
            if exchange.status != 404 {
                complaints.push("there is no such path".to_owned());
            }
            return complaints;
        };
        let operation = &item[exchange.method.to_lowercase()];
        if !operation.is_object() {
            return self.of_unlisted_method(exchange, item);
        }
        let responses = &operation["responses"];
        let response = [exchange.status.to_string().as_str(), "default"].map(|key| &responses[key]);
        let Some(response) = response.into_iter().find(|response| response.is_object()) else {
            return vec![format!("there is no answer {}", exchange.status)];
        };
        let mut complaints = self.of_answer(exchange, response);
        if (200..300).contains(&exchange.status) {
            complaints.extend(self.of_body(exchange, operation));
            complaints.extend(self.of_parameters(exchange, item, operation, &parameters));
        }
        complaints
    }

    fn of_unlisted_method(&self, exchange: &Exchange<'_>, item: &Value) -> Vec<String> {
        let (expected, name) =
            if exchange.method == "OPTIONS" { (204, "Options") } else { (405, "MethodNotAllowed") };
        let mut complaints = self.of_answer(exchange, self.component("responses", name));
        if exchange.status != expected {
            complaints
                .push(format!("{} is not listed, and yet the answer is not {expected}", exchange.method));
        }
        let listed = Self::methods_of(item).chain(["OPTIONS".to_owned()]);
        let allowed = exchange.headers.iter().find(|(name, _)| name == "allow");
        if let Some((_, allowed)) = allowed {
            let (mut listed, mut allowed): (Vec<_>, Vec<_>) =
                (listed.collect(), allowed.split(", ").collect());
            listed.sort_unstable();
            allowed.sort_unstable();
            if listed != allowed {
                complaints.push(format!("the path lists {listed:?} and allows {allowed:?}"));
            }
        }
        complaints
    }

    fn of_answer(&self, exchange: &Exchange<'_>, response: &Value) -> Vec<String> {
        let response = self.resolve(response);
        let mut complaints = self.of_headers(exchange, response);
        let content_type = exchange.headers.iter().find(|(name, _)| name == "content-type");
        let media_type = content_type.map(|(_, value)| essence(value));
        let content = response["content"].as_object();
        match (content, media_type) {
            (None, None) if exchange.answer.is_empty() => {}
            (None, _) => complaints.push("there must be no body".to_owned()),
            (Some(content), media_type) => match content.get(media_type.unwrap_or_default()) {
                None => complaints.push(format!("it must not have the content type {media_type:?}")),
                Some(media) => match serde_json::from_slice(exchange.answer) {
                    Err(error) => complaints.push(format!("its body is no JSON: {error}")),
                    Ok(body) => {
                        complaints.extend(self.schemas.errors(&media["schema"], &body));
                        if media_type == Some(PROBLEM) {
                            complaints.extend(self.of_problem(exchange.status, media, &body));
                        }
                    }
                },
            },
        }
        complaints
    }

    /// A problem names its own status, and says a sentence that stands in an example.
    fn of_problem(&self, status: u16, media: &Value, body: &Value) -> Option<String> {
        let said = body["detail"].as_str().unwrap_or_default();
        if body["status"] != json!(status) {
            return Some(format!("the body says that the status is {}", body["status"]));
        }
        let examples = media["examples"].as_object().into_iter().flat_map(|examples| examples.values());
        let mut listed = examples.map(|example| self.resolve(example)["value"]["detail"].as_str());
        let is_listed = match status {
            // Its sentence is made of the path's methods, of which `Allow` was checked.
            405 => said.starts_with("Method not allowed. Use "),
            422 => said == errors_in_words(&body["errors"]),
            _ => listed.any(|sentence| sentence.is_some_and(|sentence| is_like(said, sentence))),
        };
        (!is_listed).then(|| format!("there is no example with the detail {said:?}"))
    }

    fn of_headers(&self, exchange: &Exchange<'_>, response: &Value) -> Vec<String> {
        let listed: BTreeMap<String, &Value> = response["headers"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, header)| (name.to_lowercase(), self.resolve(header)))
            .collect();
        let mut complaints = Vec::new();
        for (name, value) in exchange.headers {
            match listed.get(name) {
                Some(header) => complaints.extend(
                    self.of_text(&header["schema"], value).into_iter().map(|error| format!("{name}{error}")),
                ),
                None if ON_EVERY_ANSWER.contains(&name.as_str()) => {}
                None if name.starts_with("access-control-") => {}
                None => complaints.push(format!("there is no header {name}")),
            }
        }
        let is_sent = |name: &String| exchange.headers.iter().any(|(sent, _)| sent == name);
        let missing = listed.iter().filter(|(name, header)| header["required"] == true && !is_sent(name));
        complaints.extend(missing.map(|(name, _)| format!("the header {name} is missing")));
        complaints
    }

    fn of_body(&self, exchange: &Exchange<'_>, operation: &Value) -> Vec<String> {
        let body = self.resolve(&operation["requestBody"]);
        match (exchange.body, body) {
            ("", body) if body["required"] == true => vec!["the request has no body".to_owned()],
            ("", _) => Vec::new(),
            (_, Value::Null) => vec!["the request has a body".to_owned()],
            (text, body) => match serde_json::from_str(text) {
                Ok(value) => self.schemas.errors(&body["content"]["application/json"]["schema"], &value),
                Err(error) => vec![format!("the request's body is no JSON: {error}")],
            },
        }
    }

    fn of_parameters(
        &self,
        exchange: &Exchange<'_>,
        item: &Value,
        operation: &Value,
        in_path: &BTreeMap<String, String>,
    ) -> Vec<String> {
        let url = Url::parse(&format!("http://localhost/?{}", exchange.query)).expect("a query makes a URL");
        let in_query: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
        let lists = [&item["parameters"], &operation["parameters"]].into_iter().filter_map(Value::as_array);
        let parameters = lists.flatten().map(|parameter| self.resolve(parameter));
        let complaints = parameters.flat_map(|parameter| {
            let name = parameter["name"].as_str().unwrap_or_default();
            let given = if parameter["in"] == "path" { in_path.get(name) } else { in_query.get(name) };
            let errors = given.map(|text| self.of_text(&parameter["schema"], text)).unwrap_or_default();
            errors.into_iter().map(move |error| format!("the parameter {name}{error}"))
        });
        complaints.collect()
    }

    /// What is wrong with a value that was sent as text, such as a header's.
    fn of_text(&self, schema: &Value, text: &str) -> Vec<String> {
        let is_number = self.resolve(schema)["type"] == "integer";
        let number = text.parse::<i64>().ok().filter(|_| is_number).map(Value::from);
        self.schemas.errors(schema, &number.unwrap_or_else(|| json!(text)))
    }
}

fn essence(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or_default().trim()
}

fn errors_in_words(errors: &Value) -> String {
    let errors = errors.as_array().into_iter().flatten();
    let word = |error: &Value, name: &str| error[name].as_str().unwrap_or_default().to_owned();
    let words = errors.map(|error| format!("{} {}", word(error, "field"), word(error, "message")));
    words.collect::<Vec<_>>().join("; ")
}

/// Whether a sentence is the example's. Behind `Malformed JSON: ` it goes on with what the parser complains of.
fn is_like(said: &str, example: &str) -> bool {
    match example.split_once(": ") {
        Some((beginning @ "Malformed JSON", _)) => said.starts_with(beginning),
        _ => said == example,
    }
}
