//! The signing keys of a world.

use aws_sdk_dynamodb::types::AttributeValue;
use rotate::Turn;
use serde_json::{Value, json};
use shared::{
    app::App,
    domain::KeyId,
    keys::{KeySet, Keys, rotation},
};

use crate::{
    call::{Answer, Call},
    functions::{self, Functions},
    look::{Item, text},
    world::World,
};

impl World {
    /// Cold starts of all functions, of which the first one makes the first key. What the audit trail says of that is no
    /// part of what a test plays.
    pub(crate) async fn start_functions(&self) {
        self.app.keys(self.now).await.expect("keys");
        self.functions.start(self.now).await;
        self.forget_audit().await;
    }

    /// Empties the audit trail.
    pub async fn forget_audit(&self) {
        for entry in self.scan("Audit").await {
            let delete = self.dynamo.delete_item().table_name("latchkey-Audit");
            let delete = ["subject", "at"]
                .into_iter()
                .fold(delete, |delete, name| delete.key(name, AttributeValue::S(text(&entry, name))));
            delete.send().await.expect("deletes");
        }
    }

    /// Lets every function start anew with its next request, as after a deployment.
    pub fn restart(&mut self) {
        let specs = functions::template().functions().expect("functions");
        self.functions = Functions::new(specs, &self.aws, &self.proxy.url, &self.kind);
    }

    /// A refresh by one instance.
    pub async fn refresh_at(&self, instance: &App, token: &str) -> Answer {
        let call = Call::post("/auth/refresh", json!({ "refresh_token": token }));
        let Ok(response) = refresh::answer(instance, call.into_request(), self.now).await;
        Answer::of(&response)
    }

    /// Another instance of a function, that has not read any key yet.
    pub fn instance<T: KeySet>(&self, function: &str) -> App<Keys<T>> {
        self.kind.app(&functions::caller(&self.aws, &self.proxy.url, function))
    }

    /// The daily run of `rotate`.
    pub async fn turn(&self) -> Turn {
        rotate::turn(self.functions.keyless("rotate"), self.now).await.expect("turns")
    }

    /// An operator's `keys revoke`; what signs in the key's place.
    pub async fn revoke(&self, id: &str) -> Option<KeyId> {
        let id = id.parse().expect("a name");
        let entry = |event: shared::event::Event| event.entry_without_caller(self.now);
        let revoked = rotation::revoke(&self.app.store, &id, self.now, entry).await.expect("revokes");
        revoked.expect("there is such a key").replacement
    }

    /// The rows of a part of the table, the lowest number first.
    pub async fn key_rows(&self, part: &str) -> Vec<Item> {
        let mut rows = self.scan("SigningKeys").await;
        rows.retain(|row| text(row, "part") == part);
        rows.sort_by_key(|row| text(row, "number").parse::<u64>().expect("a number"));
        rows
    }

    /// Deletes the rows of a part, as nobody should.
    pub async fn lose_keys(&self, part: &str) {
        for row in self.key_rows(part).await {
            let number = AttributeValue::N(text(&row, "number"));
            let delete = self.dynamo.delete_item().table_name("latchkey-SigningKeys");
            let delete = delete.key("part", AttributeValue::S(part.to_owned())).key("number", number);
            delete.send().await.expect("deletes");
        }
    }

    /// What is published.
    pub async fn jwks(&self) -> Answer {
        self.send(Call::get("/.well-known/jwks.json")).await
    }

    /// The names of the keys that are published, in the order of their making.
    pub async fn published(&self) -> Vec<String> {
        let mut published = kids(&self.jwks().await.body);
        let made: Vec<_> = self.key_rows("public").await.iter().map(|row| text(row, "kid")).collect();
        published.sort_by_key(|kid| made.iter().position(|made| made == kid));
        published
    }
}

/// The names of the keys of a set.
pub fn kids(jwks: &Value) -> Vec<String> {
    let keys = jwks["keys"].as_array().expect("a set of keys");
    keys.iter().map(|key| key["kid"].as_str().expect("a name").to_owned()).collect()
}

/// A part of a token: header or claims.
pub fn part(token: &str, index: usize) -> Value {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let bytes = URL_SAFE_NO_PAD.decode(token.split('.').nth(index).expect("a part")).expect("base64url");
    serde_json::from_slice(&bytes).expect("JSON")
}

/// Which key signed a token, as it says.
pub fn kid(token: &str) -> String {
    part(token, 0)["kid"].as_str().expect("a name").to_owned()
}
