//! Admins and leads of a world, and what they ask for.

use serde_json::Value;
use shared::domain::{Role, SessionId, User};

use crate::{
    call::{Answer, Call},
    world::World,
};

impl World {
    /// Makes an admin, lead or member who never logged in but holds an access token.
    pub async fn with_token(&self, email: &str, role: Role) -> (User, String) {
        let user = self.create_with_role(email, role).await;
        let token = self.token_of(&user).await;
        (user, token)
    }

    /// An access token as a login gives it, without the wait for bcrypt.
    pub async fn token_of(&self, user: &User) -> String {
        let keys = self.app.keys(self.now).await.expect("keys");
        let minted = keys.mint_access(user, SessionId::generate(), user.generation, self.now);
        minted.expect("signs").text.to_string()
    }

    /// Asks as the bearer of a token: a line such as `PATCH /admin/users/7`, and a body or null.
    pub async fn ask(&self, token: &str, line: &str, body: Value) -> Answer {
        let (method, target) = line.split_once(' ').expect("a method and a path");
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let call = Call::raw(method, path).query(query).bearer(token);
        let call = match body {
            Value::Null => call,
            body => call.header("content-type", "application/json").body(&body.to_string()),
        };
        self.send(call).await
    }
}
