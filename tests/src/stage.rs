//! `cargo dev` itself: the gateway, the inbox and the real function binaries, in a process of their own.

use std::{
    io::{BufRead, BufReader},
    net::IpAddr,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::{
    call::Answer,
    contract::{Document, Exchange},
};

/// A running `cargo dev`. Dropped, it is told to stop, and everything that it started with it.
pub struct Stage {
    /// The API, with /api/v1.
    pub api: String,
    /// The inbox page.
    pub inbox: String,
    /// DynamoDB.
    pub dynamodb: String,
    process: Child,
    log: Arc<Mutex<Vec<String>>>,
    http: Client,
}

/// The account that `cargo dev` makes.
pub const EMAIL: &str = latchkey_local::account::EMAIL;
/// Its password.
pub const PASSWORD: &str = latchkey_local::account::PASSWORD;

impl Stage {
    /// An empty one with the account to try, and bcrypt's cost at 10 (a quarter of the time).
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    /// As [`Stage::start`], with settings in its environment.
    pub async fn with(settings: &[(&str, &str)]) -> Self {
        Self::run(&["--memory"], settings)
    }

    /// As [`Stage::start`], with its data in a folder. Its port is another one each time, and the issuer is not.
    pub async fn with_data(folder: &str) -> Self {
        Self::run(&["--data", folder], &[("TOKEN_ISSUER", "http://localhost:9000")])
    }

    fn run(arguments: &[&str], settings: &[(&str, &str)]) -> Self {
        let mut process = Command::new(binary("latchkey-local"))
            .args(["--port", "0", "--dynamodb-port", "0", "--json", "--retry-after", "5"])
            .args(arguments)
            .env("BCRYPT_COST", "10")
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("latchkey-local is built: cargo build --workspace --bins");
        let log = Arc::new(Mutex::new(Vec::new()));
        let stderr = BufReader::new(process.stderr.take().expect("piped"));
        let lines = Arc::clone(&log);
        thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                lines.lock().unwrap_or_else(PoisonError::into_inner).push(line);
            }
        });
        let mut ready = String::new();
        BufReader::new(process.stdout.take().expect("piped")).read_line(&mut ready).expect("a line");
        let urls: Value = serde_json::from_str(&ready).unwrap_or_else(|_| {
            panic!("latchkey-local says when it is ready, not {ready:?}; its log: {:#?}", log.lock())
        });
        let url = |name: &str| urls[name].as_str().expect("a URL").to_owned();
        Self {
            api: url("api"),
            inbox: url("inbox"),
            dynamodb: url("dynamodb"),
            process,
            log,
            http: client(None),
        }
    }

    /// POSTs JSON to a path under /api/v1.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, &[("content-type", "application/json")], &body.to_string()).await
    }

    /// As [`Stage::post`], and again while a function says that it is busy, as clients do: where many of them start at
    /// once on a busy machine, DynamoDB may answer later than they wait (promise OP6). 20 seconds at most.
    pub async fn post_patiently(&self, path: &str, body: Value) -> Answer {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let answer = self.post(path, body.clone()).await;
            if answer.status != 503 || Instant::now() >= deadline {
                return answer;
            }
            let seconds = answer.header("retry-after").expect("it says when").parse().expect("whole seconds");
            tokio::time::sleep(Duration::from_secs(seconds)).await;
        }
    }

    /// Any request to a path under /api/v1. The answer is as openapi.yaml says, or the test fails.
    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        send(&self.http, method, &format!("{}{path}", self.api), headers, body).await
    }

    /// Any request to a path beside the API.
    pub async fn send_at_root(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
        let url = format!("{}{path}", self.api.trim_end_matches("/api/v1"));
        send(&self.http, method, &url, headers, "").await
    }

    /// POSTs JSON from another loopback address: another client, as the gateway sees it.
    pub async fn post_from(&self, address: [u8; 4], path: &str, body: Value) -> Answer {
        let http = client(Some(address.into()));
        let headers = [("content-type", "application/json")];
        send(&http, Method::POST, &format!("{}{path}", self.api), &headers, &body.to_string()).await
    }

    /// Logs in, the refresh token in the body.
    pub async fn login(&self, email: &str, password: &str) -> Answer {
        self.post("/auth/login", json!({ "email": email, "password": password })).await
    }

    /// Asks who the bearer of a token is.
    pub async fn me(&self, token: &str) -> Answer {
        self.send(Method::GET, "/users/me", &[("authorization", &format!("Bearer {token}"))], "").await
    }

    /// A JSON page beside the API, such as `/inbox.json`.
    pub async fn page(&self, path: &str) -> Value {
        serde_json::from_str(&self.text(path).await).expect("JSON")
    }

    /// A page beside the API, such as `/docs`.
    pub async fn text(&self, path: &str) -> String {
        let url = format!("{}{path}", self.api.trim_end_matches("/api/v1"));
        self.http.get(url).send().await.expect("answers").text().await.expect("text")
    }

    /// Lets the next mails fail.
    pub async fn break_ses(&self, kind: &str, times: u32) {
        let url = format!("{}/ses/faults", self.api.trim_end_matches("/api/v1"));
        let answer = self.http.post(url).json(&json!({ "kind": kind, "times": times })).send().await;
        assert!(answer.expect("answers").status().is_success());
    }

    /// Waits until a JSON page is as wanted, 20 seconds at most.
    pub async fn wait_for(&self, path: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let page = self.page(path).await;
            if wanted(&page) {
                return page;
            }
            assert!(Instant::now() < deadline, "{path} stayed {page}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The id of its process.
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// The log so far.
    pub fn log(&self) -> Vec<String> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until the log says something, quotes unescaped; 20 seconds at most: a line comes a moment after its answer.
    pub async fn wait_for_log(&self, words: &str) {
        let deadline = Instant::now() + Duration::from_secs(20);
        let log = || self.log().join("\n").replace("\\\"", "\"");
        while !log().contains(words) {
            assert!(Instant::now() < deadline, "{words} is not in {}", log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The security events once there are so many: a line comes a moment after its answer. 20 seconds at most.
    pub async fn events_at_least(&self, count: usize) -> Vec<Value> {
        let deadline = Instant::now() + Duration::from_secs(20);
        while self.events().len() < count && Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // One more moment, for lines that should not come.
        tokio::time::sleep(Duration::from_millis(200)).await;
        self.events()
    }

    /// The security events in the log so far, as JSON.
    pub fn events(&self) -> Vec<Value> {
        let lines = self.log();
        let json = lines.iter().filter_map(|line| line.split_once("| ")).map(|(_, rest)| rest);
        json.filter_map(|text| serde_json::from_str::<Value>(text).ok())
            .filter(|line| line["event"].is_string())
            .collect()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // SIGTERM by its id, so that it can stop what it started.
        let told = Command::new("sh").args(["-c", &format!("kill -TERM {}", self.process.id())]).status();
        for _ in 0..100 {
            if told.is_err() || matches!(self.process.try_wait(), Ok(Some(_))) {
                break;
            }
            thread::sleep(Duration::from_millis(50));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A program of this workspace, as `cargo build --workspace --bins` leaves it: beside the folder of this test.
pub fn binary(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a path");
    test.ancestors().nth(2).expect("target/debug").join(name)
}

fn client(address: Option<IpAddr>) -> Client {
    Client::builder().local_address(address).no_proxy().build().expect("a client")
}

async fn send(http: &Client, method: Method, url: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let request = http.request(method.clone(), url).body(body.to_owned());
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let answer = request.send().await.expect("the gateway answers");
    let (status, url) = (answer.status().as_u16(), answer.url().clone());
    let headers: Vec<_> = answer
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().expect("text").to_owned()))
        .collect();
    let bytes = answer.bytes().await.expect("a body");
    Document::get().assert_kept(&Exchange {
        method: method.as_str(),
        path: url.path(),
        query: url.query().unwrap_or_default(),
        body,
        status,
        headers: &headers,
        answer: &bytes,
    });
    Answer { status, headers, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null) }
}
