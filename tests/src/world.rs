//! Every function in this process, on a real DynamoDB-compatible engine of its own, in memory, with a captured SES.

use std::{sync::Arc, time::Duration};

use aws_config::{SdkConfig, timeout::TimeoutConfig};
use aws_credential_types::Credentials;
use aws_sdk_dynamodb::Client;
use axum::{Router, body::Bytes, routing::post};
use latchkey_local::{
    dynamodb::{self, Engine},
    inbox::Mail,
    ses::{Fault, Faults, Ses},
};
use mailer::{MailerApp, Mails, Outcome};
use serde_json::json;
use shared::{
    app::{App, KeylessApp},
    aws,
    config::{Config, MailSettings, SecretKey},
    domain::{IntentId, Timestamp},
    mailer::Mailer,
    store::Store,
};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{
    call::{Answer, Call},
    functions::{self, Functions, Kind},
    proxy::{OPERATOR, Proxy},
};
pub use crate::{functions::template, look::text};

/// A password that every policy takes.
pub const PASSWORD: &str = "Kestrel-Orbit-92";
/// Another one.
pub const OTHER_PASSWORD: &str = "Tundra-Violin-47";
/// A secret that signs tokens, for worlds where keys are not managed.
pub const SECRET: &str = "0123456789abcdef0123456789abcdef";
/// The front end's one origin.
pub const ORIGIN: &str = "https://app.example.com";

/// All functions on one engine. Dropped, it is gone.
pub struct World {
    /// The operator's, who may do everything.
    pub app: App,
    /// The same without keys.
    pub keyless: KeylessApp,
    /// The mailer, under its policy.
    pub mailer: MailerApp,
    /// Holds each function to its policy; counts and breaks calls.
    pub proxy: Proxy,
    /// The SES that mails go to.
    pub ses: Arc<Ses>,
    /// A client for looking at items, past the proxy.
    pub dynamo: Client,
    /// When the test plays.
    pub now: Timestamp,
    pub(crate) functions: Functions,
    pub(crate) kind: Kind,
    pub(crate) aws: SdkConfig,
    _engine: Engine,
    _ses_server: AbortOnDrop,
}

struct AbortOnDrop(JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl World {
    /// A world with default settings, but for bcrypt's cost (10, a quarter of the time).
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// A world with some settings. Its SDK clients wait long: a busy machine is no fault.
    pub async fn with(settings: &[(&str, &str)]) -> Self {
        let world = Self::not_started(settings).await;
        world.start_functions().await;
        world
    }

    /// As [`World::with`], before any function was started: nobody has made or read a key.
    pub async fn not_started(settings: &[(&str, &str)]) -> Self {
        let patience = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(60)).build();
        Self::build(settings, Some(patience)).await
    }

    /// A world whose SDK clients wait as long as the deployed functions do.
    pub async fn with_real_timeouts() -> Self {
        let world = Self::build(&[], None).await;
        world.start_functions().await;
        world
    }

    async fn build(settings: &[(&str, &str)], patience: Option<TimeoutConfig>) -> Self {
        let mut pairs = settings.to_vec();
        pairs.extend([("BCRYPT_COST", "10"), ("ALLOWED_ORIGINS", ORIGIN)]);
        let config = Config::from_pairs(&pairs).expect("valid settings");
        pairs.extend([
            ("RESET_URL", "https://app.example.com/reset-password"),
            ("MAIL_FROM", "no-reply@example.com"),
        ]);
        let mail_settings = MailSettings::from_pairs(&pairs).expect("valid settings");
        let secret = settings.iter().find(|(name, _)| *name == "SECRET_KEY");
        let secret = secret.map(|(_, text)| SecretKey::from_text(text).expect("long enough"));
        let kind = Kind { config, secret };

        let template = template();
        let engine = dynamodb::start_in_memory(&template).await.expect("an engine");
        let proxy = Proxy::start(&engine.url, &template).await;
        let (ses, ses_url, ses_server) = start_ses().await;
        let aws = sdk_config(&engine.url, patience).await;
        let operator = functions::caller(&aws, &proxy.url, OPERATOR);
        let config = kind.config.clone();
        Self {
            app: kind.app(&operator),
            keyless: kind.keyless(&operator),
            functions: Functions::new(template.functions().expect("functions"), &aws, &proxy.url, &kind),
            mailer: MailerApp {
                store: Store::new(&functions::caller(&aws, &proxy.url, "mailer"), &config),
                mailer: Mailer::new(&aws.to_builder().endpoint_url(ses_url).build(), &mail_settings.from),
                mails: Mails::new(&config, &mail_settings).expect("templates parse"),
                config,
            },
            dynamo: Client::new(&aws),
            proxy,
            ses,
            now: Timestamp::from_epoch_seconds(1_800_000_000),
            kind,
            aws,
            _engine: engine,
            _ses_server: AbortOnDrop(ses_server),
        }
    }

    /// Lets time pass.
    pub fn pass(&mut self, duration: Duration) {
        self.now = self.now + duration;
    }

    /// Sends a request to the function of its path, as the gateway would.
    pub async fn send(&self, call: Call) -> Answer {
        let (signer, verifier) = (|name| self.functions.signer(name), |name| self.functions.verifier(name));
        let keyless = |name| self.functions.keyless(name);
        let function = self.functions.serving(&call);
        let request = call.into_request();
        // Boxed: side by side they are too large for a test's stack.
        let response = match function {
            "account" => Box::pin(account::answer(signer(function), request, self.now)).await,
            "admin" => Box::pin(admin::answer(verifier(function), request, self.now)).await,
            "forgot" => Box::pin(forgot::answer(keyless(function), request, self.now)).await,
            "keys" => Box::pin(keys::answer(verifier(function), request, self.now)).await,
            "login" => Box::pin(login::answer(signer(function), request, self.now)).await,
            "logout" => Box::pin(logout::answer(self.functions.session(function), request, self.now)).await,
            "me" => Box::pin(me::answer(verifier(function), request, self.now)).await,
            "refresh" => Box::pin(refresh::answer(signer(function), request, self.now)).await,
            "register" => Box::pin(register::answer(keyless(function), request, self.now)).await,
            "reset" => Box::pin(reset::answer(keyless(function), request, self.now)).await,
            "sessions" => Box::pin(sessions::answer(verifier(function), request, self.now)).await,
            unknown => panic!("no test knows the function {unknown}"),
        };
        let Ok(response) = response;
        Answer::of(&response)
    }

    /// The tables as a function that verifies access tokens reaches them, under its policy.
    pub fn store_of(&self, function: &str) -> &Store {
        &self.functions.verifier(function).store
    }

    /// Logs in, the refresh token in the body.
    pub async fn login(&self, email: &str, password: &str) -> Answer {
        self.send(Call::post("/auth/login", json!({ "email": email, "password": password }))).await
    }

    /// Refreshes with a token in the body.
    pub async fn refresh(&self, token: &str) -> Answer {
        self.send(Call::post("/auth/refresh", json!({ "refresh_token": token }))).await
    }

    /// Asks who the bearer of a token is.
    pub async fn me(&self, token: &str) -> Answer {
        self.send(Call::get("/users/me").bearer(token)).await
    }

    /// Asks for a reset.
    pub async fn forgot(&self, email: &str) -> Answer {
        self.send(Call::post("/auth/forgot-password", json!({ "email": email }))).await
    }

    /// Resets with a token.
    pub async fn reset(&self, token: &str, password: &str) -> Answer {
        self.send(Call::post("/auth/reset-password", json!({ "token": token, "new_password": password })))
            .await
    }

    /// Delivers every mail of the Outbox that waits, and tells what became of each.
    pub async fn deliver_all(&self) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        for row in self.scan("Outbox").await {
            if !row.contains_key("sent_at") {
                let id: IntentId = text(&row, "id").parse().expect("an id");
                outcomes.push(mailer::deliver(&self.mailer, id, self.now).await.expect("delivers"));
            }
        }
        outcomes
    }

    /// Asks for a reset, delivers the mail, and takes the token out of it.
    pub async fn mailed_token(&self, email: &str) -> String {
        self.forgot(email).await;
        self.deliver_all().await;
        let mails = self.mails();
        token_in(mails.iter().find(|mail| mail.text.contains("#token=")).expect("a mail with a link"))
    }

    /// The mails that were sent, newest first.
    pub fn mails(&self) -> Vec<Mail> {
        self.ses.inbox.all()
    }

    /// Lets the next mails fail.
    pub fn break_ses(&self, kind: Fault, times: u32) {
        self.ses.set_faults(Faults { kind, times });
    }
}

/// The token of the link in a mail.
pub fn token_in(mail: &Mail) -> String {
    let (_, rest) = mail.text.split_once("#token=").expect("the mail has a link");
    rest.split_whitespace().next().expect("a token").to_owned()
}

async fn sdk_config(endpoint: &str, patience: Option<TimeoutConfig>) -> SdkConfig {
    let credentials = Credentials::new("test", "test", None, None, "tests");
    let region = aws_config::Region::from_static("eu-west-1");
    let loader = aws::loader().endpoint_url(endpoint).region(region).credentials_provider(credentials);
    match patience {
        Some(patience) => loader.timeout_config(patience).load().await,
        None => loader.load().await,
    }
}

async fn start_ses() -> (Arc<Ses>, String, JoinHandle<()>) {
    let ses = Arc::new(Ses::default());
    let answering = Arc::clone(&ses);
    let app = Router::new().route(
        "/",
        post(move |body: Bytes| {
            let ses = Arc::clone(&answering);
            async move { ses.answer(&body).await }
        }),
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let server = tokio::spawn(async move { axum::serve(listener, app).await.expect("serves") });
    (ses, url, server)
}
