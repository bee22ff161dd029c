//! `openapi.yaml` itself, and that what holds answers to it can say no.

use std::{collections::BTreeSet, path::PathBuf};

use latchkey_tests::{
    contract::{Document, Exchange},
    world::template,
};
use serde_json::{Value, json};

/// An answer to a login, as it should be or not.
struct Login {
    request: Value,
    path: &'static str,
    method: &'static str,
    status: u16,
    headers: Vec<(&'static str, &'static str)>,
    body: Value,
}

fn logged_in() -> Login {
    let media_type = Document::get().component("examples", "LoggedIn");
    Login {
        request: json!({ "email": "ada@example.com", "password": "Correct-Horse-7-Staple" }),
        path: "/api/v1/auth/login",
        method: "POST",
        status: 200,
        headers: vec![("content-type", "application/json")],
        body: media_type["value"].clone(),
    }
}

fn refused(status: u16, title: &str, detail: &str) -> Login {
    Login {
        status,
        headers: vec![("content-type", "application/problem+json")],
        body: json!({ "type": "about:blank", "title": title, "status": status, "detail": detail }),
        ..logged_in()
    }
}

impl Login {
    fn with(mut self, member: &str, value: Value) -> Self {
        self.body[member] = value;
        self
    }

    fn asked_with(mut self, member: &str, value: Value) -> Self {
        self.request[member] = value;
        self
    }

    fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    fn complaints(&self) -> Vec<String> {
        let headers: Vec<_> = self.headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        let text = |value: &Value| if value.is_null() { String::new() } else { value.to_string() };
        Document::get().complaints(&Exchange {
            method: self.method,
            path: self.path,
            query: "",
            body: &text(&self.request),
            status: self.status,
            headers: &headers,
            answer: text(&self.body).as_bytes(),
        })
    }
}

// OP10
#[test]
fn answers_that_the_contract_describes_are_found_right() {
    let problem = || ("content-type", "application/problem+json");
    for (what, login) in [
        ("logged in", logged_in()),
        ("a cookie", logged_in().header("set-cookie", COOKIE)),
        ("a wrong password", refused(401, "Unauthorized", "Incorrect email or password")),
        ("no JSON", refused(400, "Bad Request", "Malformed JSON: expected value at line 7 column 3")),
        ("too many", refused(429, "Too Many Requests", TOO_MANY).header("retry-after", "17")),
        ("the gateway's", Login { status: 502, body: json!({ "message": "Bad Gateway" }), ..logged_in() }),
        (
            "no such path",
            Login { path: "/nowhere", status: 404, body: json!({ "message": "Not Found" }), ..logged_in() },
        ),
        (
            "another method",
            Login {
                method: "GET",
                headers: vec![problem(), ("allow", "POST, OPTIONS")],
                ..refused(405, "Method Not Allowed", "Method not allowed. Use POST.")
            },
        ),
    ] {
        assert_eq!(login.complaints(), Vec::<String>::new(), "{what}");
    }
}

const COOKIE: &str = "__Host-refresh_token=a.b.c; Path=/; Max-Age=604800; Secure; HttpOnly; SameSite=Strict";
const TOO_MANY: &str = "Too many requests. Try again later.";

// OP10
#[test]
fn an_answer_that_nobody_wrote_down_is_found_whatever_is_new_in_it() {
    let inner = |member: &str, value: Value| {
        let mut user = logged_in().body["user"].clone();
        user[member] = value;
        logged_in().with("user", user)
    };
    for (what, login) in [
        ("a member", logged_in().with("scope", json!("all"))),
        ("a member of a member", inner("password_version", json!(1))),
        ("a word", inner("role", json!("owner"))),
        ("a type", logged_in().with("expires_in", json!("900"))),
        ("a form", inner("created_at", json!("2026-11-02 09:15"))),
        ("nothing where something was", logged_in().with("access_token", Value::Null)),
        ("a status", Login { status: 201, ..logged_in() }),
        ("a media type", Login { headers: vec![("content-type", "text/plain")], ..logged_in() }),
        ("no media type", Login { headers: vec![], ..logged_in() }),
        ("no body", Login { body: Value::Null, ..logged_in() }),
        ("a header", logged_in().header("location", "/api/v1/users/me")),
        ("a header's form", logged_in().header("set-cookie", "session=1; Path=/")),
        ("a sentence", refused(401, "Unauthorized", "No such user")),
        ("a sentence of another status", refused(401, "Unauthorized", "User account is inactive")),
        ("another status inside", refused(401, "Unauthorized", INCORRECT).with("status", json!(403))),
        ("a member of a problem", refused(401, "Unauthorized", INCORRECT).with("user_id", json!("7"))),
        ("errors that are not those of the sentence", invalid_fields("email is required", "password")),
        ("a fault of the gateway without its message", Login { status: 502, body: json!({}), ..logged_in() }),
        ("a path", Login { path: "/api/v1/auth/log-in", ..logged_in() }),
        ("a method", Login { method: "PUT", ..logged_in() }),
        ("a method without Allow", Login { method: "PUT", ..refused(405, "Method Not Allowed", ANOTHER) }),
        (
            "a method that is allowed",
            Login {
                method: "PUT",
                ..refused(405, "Method Not Allowed", ANOTHER).header("allow", "PUT, OPTIONS")
            },
        ),
    ] {
        assert_ne!(login.complaints(), Vec::<String>::new(), "{what}");
    }
}

const INCORRECT: &str = "Incorrect email or password";
const ANOTHER: &str = "Method not allowed. Use POST.";

fn invalid_fields(detail: &str, field: &str) -> Login {
    let errors = json!([{ "field": field, "message": "is required" }]);
    refused(422, "Unprocessable Entity", detail).with("errors", errors)
}

// OP10
#[test]
fn a_request_that_was_taken_is_one_that_the_contract_describes() {
    for (what, login) in [
        ("a member", logged_in().asked_with("remember", json!(true))),
        ("a word", logged_in().asked_with("delivery", json!("pigeon"))),
        ("no e-mail", logged_in().asked_with("email", json!("ada"))),
        ("too long", logged_in().asked_with("password", json!("a".repeat(1025)))),
        ("no body", Login { request: Value::Null, ..logged_in() }),
    ] {
        assert_eq!(login.complaints().len(), 1, "{what}: {:?}", login.complaints());
        let refused = Login { request: login.request, ..refused(401, "Unauthorized", INCORRECT) };
        assert_eq!(refused.complaints(), Vec::<String>::new(), "{what}: what was refused may be anything");
    }
}

// OP10
#[test]
fn every_route_of_the_template_is_in_the_contract_and_the_reverse() {
    let functions = template().functions().expect("functions");
    let routes = functions.iter().flat_map(|function| &function.routes);
    let served: BTreeSet<String> = routes.map(|route| route.path().to_owned()).collect();
    let operations = Document::get().operations();
    let described: BTreeSet<String> = operations.iter().map(|operation| operation.path.clone()).collect();
    assert_eq!(described, served);
}

// OP10
#[test]
fn operations_have_a_name_of_their_own_a_tag_that_is_explained_and_answers() {
    let document = Document::get();
    let tags = document.content()["tags"].as_array().expect("tags");
    let tags: BTreeSet<&str> = tags.iter().filter_map(|tag| tag["name"].as_str()).collect();
    let operations = document.operations();
    let ids: BTreeSet<&str> = operations.iter().map(|operation| operation.id).collect();
    assert_eq!(ids.len(), operations.len());
    for operation in &operations {
        let [tag] = operation.definition["tags"].as_array().expect("tags").as_slice() else {
            panic!("{} has one tag", operation.id)
        };
        assert!(tags.contains(tag.as_str().expect("a word")), "{}", operation.id);
        for member in ["summary", "description"] {
            assert!(operation.definition[member].is_string(), "{} has a {member}", operation.id);
        }
        for status in ["500", "503", "default"] {
            assert!(operation.definition["responses"][status].is_object(), "{} {status}", operation.id);
        }
        let body = document.resolve(&operation.definition["requestBody"]);
        for status in ["400", "413", "415", "422"] {
            let is_described = operation.definition["responses"][status].is_object();
            assert!(
                is_described || body.is_null(),
                "{} takes a body, and says nothing of {status}",
                operation.id
            );
        }
    }
}

#[test]
fn the_contract_has_the_version_of_the_product() {
    let manifest = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
    let manifest = std::fs::read_to_string(manifest).expect("Cargo.toml");
    let version = Document::get().content()["info"]["version"].as_str().expect("a version");
    assert!(manifest.contains(&format!("version = \"{version}\"\n")), "{version}");
}
