//! The one call of a Cognito user pool that login makes, with users of its own: InitiateAuth with USER_PASSWORD_AUTH. It
//! refuses what AWS would refuse; its tokens are none.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use aws_lc_rs::hmac;
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

/// The app client's id.
pub const CLIENT_ID: &str = "4exampleclientid";
/// Its secret.
pub const CLIENT_SECRET: &str = "example-client-secret";

/// A running pool; it stops when this is dropped.
pub struct Pool {
    /// What `AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER` takes.
    pub url: String,
    state: Arc<Mutex<Users>>,
    server: JoinHandle<()>,
}

#[derive(Default)]
struct Users {
    /// Username, password, and the challenge behind it, if there is one.
    users: BTreeMap<String, (String, Option<&'static str>)>,
    asked: usize,
    fault: Option<(u16, Value)>,
}

impl Pool {
    /// A pool without users.
    pub async fn start() -> Self {
        let state: Arc<Mutex<Users>> = Arc::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let app = Router::new().fallback(initiate_auth).with_state(Arc::clone(&state));
        let server = tokio::spawn(async move { axum::serve(listener, app).await.expect("serves") });
        Self { url, state, server }
    }

    /// The settings under which login asks it.
    pub fn settings(&self) -> [(&str, &str); 4] {
        [
            ("COGNITO_CLIENT_ID", CLIENT_ID),
            ("COGNITO_CLIENT_SECRET", CLIENT_SECRET),
            ("COGNITO_REGION", "eu-west-1"),
            ("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", &self.url),
        ]
    }

    /// Adds a user; with a challenge, the password alone is not enough.
    pub fn add(&self, username: &str, password: &str, challenge: Option<&'static str>) {
        lock(&self.state).users.insert(username.to_owned(), (password.to_owned(), challenge));
    }

    /// Answers this to everything from now on, or nothing special again.
    pub fn set_fault(&self, fault: Option<(u16, Value)>) {
        lock(&self.state).fault = fault;
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        lock(&self.state).asked
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn lock(state: &Mutex<Users>) -> MutexGuard<'_, Users> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn initiate_auth(State(state): State<Arc<Mutex<Users>>>, headers: HeaderMap, body: Bytes) -> Response {
    let mut state = lock(&state);
    state.asked += 1;
    if let Some((status, answer)) = &state.fault {
        return reply(*status, answer);
    }
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_the_call = header("x-amz-target") == "AWSCognitoIdentityProviderService.InitiateAuth"
        && header("content-type") == "application/x-amz-json-1.1";
    let request: Value = serde_json::from_slice(&body).unwrap_or_default();
    let parameter = |name: &str| request["AuthParameters"][name].as_str().unwrap_or_default();
    let username = parameter("USERNAME");
    if !is_the_call || request["AuthFlow"] != "USER_PASSWORD_AUTH" {
        return refusal("InvalidParameterException", "no such call");
    }
    if request["ClientId"] != CLIENT_ID {
        return refusal("ResourceNotFoundException", "User pool client does not exist.");
    }
    if parameter("SECRET_HASH") != secret_hash(username) {
        return refusal("NotAuthorizedException", "Unable to verify secret hash for client");
    }
    match state.users.get(username) {
        None => refusal("UserNotFoundException", "User does not exist."),
        Some((password, _)) if password != parameter("PASSWORD") => {
            refusal("NotAuthorizedException", "Incorrect username or password.")
        }
        Some((_, Some(challenge))) => reply(200, &json!({ "ChallengeName": challenge, "Session": "s" })),
        Some(_) => reply(200, &json!({ "AuthenticationResult": { "AccessToken": "t", "ExpiresIn": 3600 } })),
    }
}

/// As AWS documents it: of the username and the client's id, under the secret.
fn secret_hash(username: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, CLIENT_SECRET.as_bytes());
    STANDARD.encode(hmac::sign(&key, format!("{username}{CLIENT_ID}").as_bytes()))
}

fn refusal(kind: &str, message: &str) -> Response {
    reply(400, &json!({ "__type": kind, "message": message }))
}

fn reply(status: u16, answer: &Value) -> Response {
    let status = StatusCode::from_u16(status).expect("a status");
    (status, [("content-type", "application/x-amz-json-1.1")], answer.to_string()).into_response()
}
