//! The world in which an example of the contract comes true.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use latchkey_local::account;
use serde_json::{Value, json};
use shared::domain::{Role, Status, User};
use tokio::{join, time::sleep};

use super::{Document, Example};
use crate::{
    call::{Answer, Call},
    world::{ORIGIN, World},
};

/// The account of the examples, and of `cargo dev`.
const ADA: (&str, &str) = (account::EMAIL, account::PASSWORD);
/// Somebody else with an account.
const GRACE: &str = "grace@example.com";
/// The new address of the example of `changeEmail`.
const NEW_ADDRESS: &str = "lovelace@example.com";

/// A world with Ada, who asks, and Grace, about whom admins ask.
struct Scene<'a> {
    example: &'a Example<'a>,
    world: World,
    ada: User,
    grace: User,
    /// Ada's, of a login; admins need none.
    login: Option<Answer>,
}

impl Example<'_> {
    /// Prepares a world, sends the example there, and gives its answer. The request is the example's own, or else the
    /// first of its operation. In it `<refresh_token>` and the like become what the world gave Ada.
    pub async fn play(&self) -> Answer {
        let scene = Scene::prepare(self).await;
        let call = scene.call().await;
        scene.before().await;
        match self.name {
            "changed_meanwhile" => scene.answer_while_somebody_else_changes_it(call).await,
            "sent_before" => scene.answer_to_last_of(2, call).await,
            // Beyond the limit of three, wherever it began to count.
            "too_many_requests" => scene.answer_to_last_of(5, call).await,
            _ => scene.world.send(call).await,
        }
    }

    fn is_admins(&self) -> bool {
        self.operation.path.contains("/admin/")
    }

    fn needs_token(&self) -> bool {
        self.operation.definition["security"].is_null() || self.is("changePassword") || self.is("changeEmail")
    }

    fn is(&self, operation: &str) -> bool {
        self.operation.id == operation
    }
}

impl<'a> Scene<'a> {
    async fn prepare(example: &'a Example<'a>) -> Self {
        let registration = if example.name == "closed" { "off" } else { "on" };
        let mut settings = vec![("REGISTRATION", registration)];
        if example.name == "too_many_requests" {
            let limits =
                ["LOGIN_LIMIT_PER_ADDRESS", "FORGOT_LIMIT_PER_ADDRESS", "REGISTER_LIMIT_PER_ADDRESS"];
            settings.extend(limits.map(|limit| (limit, "3")));
        }
        let world = World::with(&settings).await;
        let (email, password) = ADA;
        let ada = world.create_with_password(email, password, Status::Active, 10).await;
        let ada = if example.is_admins() { world.set_role(ada.id, Role::Admin).await } else { ada };
        let grace = world.create_user(GRACE).await;
        let login = if example.is_admins() { None } else { Some(world.login(email, password).await) };
        Self { example, world, ada, grace, login }
    }

    /// The request.
    async fn call(&self) -> Call {
        let Example { operation, name, .. } = self.example;
        let user = if *name == "own_account" { &self.ada } else { &self.grace };
        let session = self.session_id().await;
        let path =
            operation.path.replace("{user_id}", &user.id.to_string()).replace("{session_id}", &session);
        let mut call = Call::raw(&operation.method, path.strip_prefix("/api/v1").unwrap_or(&path));
        if let Some(body) = self.body().await {
            call = call.header("content-type", "application/json").body(&body);
        }
        if self.example.needs_token() {
            call = call.bearer(&self.access_token().await);
        }
        if *name == "cookies" && !self.example.is("login") {
            let cookie = format!("__Host-refresh_token={}", self.token("refresh_token"));
            call = call.cookie(&cookie).header("origin", ORIGIN);
        }
        call
    }

    async fn access_token(&self) -> String {
        match &self.login {
            Some(login) => login.text("access_token").to_owned(),
            None => self.world.token_of(&self.ada).await,
        }
    }

    fn token(&self, name: &str) -> &str {
        self.login.as_ref().map(|login| login.text(name)).unwrap_or_default()
    }

    async fn session_id(&self) -> String {
        if !self.example.is("endSession") {
            return String::new();
        }
        let sessions = self.world.sessions(&self.access_token().await).await;
        sessions.body["sessions"][0]["id"].as_str().expect("an id").to_owned()
    }

    /// The example's body, with what stands for its placeholders.
    async fn body(&self) -> Option<String> {
        let of_operation = Document::get().requests_of(self.example.operation);
        let usual = of_operation.get("wrong_password").filter(|_| self.example.name == "too_many_requests");
        let body = self.example.request.or(usual.copied()).or(of_operation.values().next().copied())?;
        let mut text = body.to_string();
        for name in ["refresh_token", "device_token"] {
            text = text.replace(&format!("<{name}>"), self.token(name));
        }
        if text.contains("<reset_token>") {
            text = text.replace("<reset_token>", &self.world.mailed_token(ADA.0).await);
        }
        if text.contains("<verification_token>") {
            text = text.replace("<verification_token>", &self.verification_token().await);
        }
        Some(text)
    }

    async fn verification_token(&self) -> String {
        if self.example.name == "closed" {
            return "none was ever mailed".to_owned();
        }
        let address = if self.example.is("confirmEmail") {
            self.world.change_email(&self.access_token().await, NEW_ADDRESS, ADA.1).await;
            NEW_ADDRESS
        } else {
            self.world.register("alan@example.com").await;
            "alan@example.com"
        };
        self.world.token_mailed_to(address).await
    }

    /// What happened before the request is sent.
    async fn before(&self) {
        let world = &self.world;
        match self.example.name {
            "inactive" => {
                // There is always an active admin.
                world.create_with_role("root@example.com", Role::Admin).await;
                world.set_status(self.ada.id, Status::Inactive).await;
            }
            "inactive_user" => _ = world.set_status(self.grace.id, Status::Inactive).await,
            "not_enough_permissions" => {
                world.create_with_role("root@example.com", Role::Admin).await;
                world.set_role(self.ada.id, Role::Member).await;
            }
            "locked" => {
                let email = if self.example.is_admins() { GRACE } else { ADA.0 };
                for _ in 0..5 {
                    world.login(email, "Wrong-Password-1").await;
                }
            }
            "entries" => {
                let path = format!("PATCH /admin/users/{}", self.grace.id);
                world.ask(&self.access_token().await, &path, json!({ "role": "lead" })).await;
            }
            _ => {}
        }
    }

    async fn answer_to_last_of(&self, times: usize, call: Call) -> Answer {
        for _ in 1..times {
            self.world.send(call.clone()).await;
        }
        self.world.send(call).await
    }

    /// Somebody else is quicker: between the request's last look at the user and its change.
    async fn answer_while_somebody_else_changes_it(&self, call: Call) -> Answer {
        self.world.proxy.start_counting();
        let change = async {
            while self.world.proxy.count("GetItem", "Users") < 2 {
                sleep(Duration::from_millis(2)).await;
            }
            if self.example.is_admins() {
                let key = self.grace.id.to_string();
                let role = AttributeValue::S("admin".to_owned());
                self.world.set("Users", &[("user_id", &key)], "role", role).await;
            } else {
                let version = AttributeValue::N("2".to_owned());
                self.world.set("Credentials", &[("email", ADA.0)], "password_version", version).await;
            }
        };
        join!(self.world.send(call), change).0
    }
}

/// Whether an answer is the example's: refusals and sentences word for word, of all else which members there are.
pub fn is_as_shown(answer: &Answer, example: &Example<'_>) -> bool {
    let is_exact = answer.status >= 300 || answer.body["message"].is_string();
    answer.status == example.status
        && match example.answer {
            None => answer.body == Value::Null,
            Some(shown) if is_exact => answer.body == *shown,
            Some(shown) => members(&answer.body) == members(shown),
        }
}

/// The members of a value, and of the first of each list.
fn members(value: &Value) -> Value {
    match value {
        Value::Object(object) => object.iter().map(|(name, value)| (name.clone(), members(value))).collect(),
        Value::Array(values) => values.first().map(members).into_iter().collect(),
        _ => Value::Null,
    }
}
