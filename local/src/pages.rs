//! What the gateway's port serves besides the API: its contract, the inbox, what mails say, the pages for users, and SES
//! itself.

use std::{net::IpAddr, sync::Arc};

use axum::{
    Json,
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header},
    response::IntoResponse,
};
use serde_json::json;

use crate::{
    contract::Contract,
    outbox::DeadLetters,
    previews::Previews,
    ses::{Faults, Ses},
    site::Site,
};

/// Of the developer's pages: scripts and styles are their own; a mail's HTML may show pictures.
const POLICY: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; \
                      connect-src 'self'; img-src https: data:; frame-ancestors 'none'; base-uri 'self'; \
                      form-action 'none'";

/// All that is not the API.
pub struct Pages {
    /// SES with its inbox.
    pub ses: Ses,
    /// What the outbox could not deliver.
    pub dead_letters: Arc<DeadLetters>,
    /// What mails say.
    pub previews: Previews,
    /// What the API promises.
    pub contract: Contract,
    /// The pages for users.
    pub site: Site,
    /// Where DynamoDB is.
    pub dynamodb: String,
}

impl Pages {
    /// The answer to a call, if it is for one of the pages.
    pub async fn answer(
        &self,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
        body: &Bytes,
    ) -> Option<Response<Body>> {
        if !is_local(headers) {
            // A foreign name that resolves to this machine: some web page tries to read the reset links.
            let refused = json!({ "message": "Only localhost and loopback addresses are served here" });
            return Some((StatusCode::FORBIDDEN, Json(refused)).into_response());
        }
        let answer = match path {
            "/dev" => {
                page("text/html", include_str!("../pages/dev.html").replace("{dynamodb}", &self.dynamodb))
            }
            "/style.css" => page("text/css", include_str!("../pages/style.css")),
            "/docs" => page("text/html", include_str!("../pages/docs.html")),
            "/docs.css" => page("text/css", include_str!("../pages/docs.css")),
            "/docs.js" => page("text/javascript", include_str!("../pages/docs.js")),
            "/docs-examples.js" => page("text/javascript", include_str!("../pages/docs-examples.js")),
            "/docs-fields.js" => page("text/javascript", include_str!("../pages/docs-fields.js")),
            "/docs-text.js" => page("text/javascript", include_str!("../pages/docs-text.js")),
            "/openapi.json" => told("application/json", self.contract.json()),
            // As text, so that a browser shows it instead of saving it.
            "/openapi.yaml" => told("text/plain; charset=utf-8", self.contract.yaml()),
            "/inbox" => page("text/html", include_str!("../pages/inbox.html")),
            "/mails" => page("text/html", include_str!("../pages/mails.html")),
            "/mails.json" => self.previews.answer().await,
            "/favicon.ico" => StatusCode::NO_CONTENT.into_response(),
            "/inbox.json" if method == Method::DELETE => {
                self.ses.inbox.clear();
                StatusCode::NO_CONTENT.into_response()
            }
            "/inbox.json" => Json(self.ses.inbox.all()).into_response(),
            "/dead-letters.json" => Json(self.dead_letters.all()).into_response(),
            "/ses/faults" if method == Method::POST => self.set_faults(body),
            "/ses" | "/ses/" if method == Method::POST => self.ses.answer(body).await,
            _ => return self.site.answer(method, path).await,
        };
        Some(answer)
    }

    fn set_faults(&self, body: &Bytes) -> Response<Body> {
        match serde_json::from_slice::<Faults>(body) {
            Ok(faults) => {
                self.ses.set_faults(faults);
                Json(faults).into_response()
            }
            Err(error) => {
                let usage = r#"send {"kind": "throttle" | "reject" | "timeout" | "lost_answer" | "slow", "times": N}"#;
                let message = format!("{error}; {usage}");
                (StatusCode::BAD_REQUEST, Json(json!({ "message": message }))).into_response()
            }
        }
    }
}

/// What was read, or what is wrong with it.
fn told(kind: &'static str, read: Result<String, String>) -> Response<Body> {
    match read {
        Ok(text) => {
            ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-store")], text).into_response()
        }
        Err(message) => {
            (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "message": message }))).into_response()
        }
    }
}

fn page(kind: &str, text: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(text.into());
    let headers = response.headers_mut();
    if let Ok(kind) = HeaderValue::from_str(&format!("{kind}; charset=utf-8")) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

fn is_local(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    fn pages() -> Pages {
        let contract = Contract::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi.yaml").into());
        let site = Site::of_our_template("target/no-such-folder");
        let (ses, dead_letters, previews) = (Ses::default(), Arc::default(), Previews::default());
        let dynamodb = "http://127.0.0.1:8765".to_owned();
        Pages { ses, dead_letters, previews, contract, site, dynamodb }
    }

    #[tokio::test]
    async fn the_page_to_begin_at_leads_everywhere() {
        let headers = HeaderMap::from_iter([(header::HOST, HeaderValue::from_static("localhost"))]);
        let answer = pages().answer(&Method::GET, "/dev", &headers, &Bytes::new()).await.expect("a page");
        let body = to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
        let text = String::from_utf8(body.into()).expect("HTML");
        for path in [
            "/",
            "/admin",
            "/docs",
            "/inbox",
            "/mails",
            "/dead-letters.json",
            "/sample/hello",
            "/.well-known/jwks.json",
            "/.well-known/openid-configuration",
        ] {
            assert!(text.contains(&format!("href=\"{path}\"")), "{path}");
        }
        assert!(text.contains("http://127.0.0.1:8765"), "DynamoDB");
    }

    #[tokio::test]
    async fn every_page_and_what_it_loads_is_served() {
        let headers = HeaderMap::from_iter([(header::HOST, HeaderValue::from_static("localhost"))]);
        for (path, status) in [
            ("/dev", 200),
            ("/style.css", 200),
            ("/inbox", 200),
            ("/docs", 200),
            ("/docs.css", 200),
            ("/docs.js", 200),
            ("/docs-examples.js", 200),
            ("/docs-fields.js", 200),
            ("/docs-text.js", 200),
            ("/openapi.json", 200),
            ("/openapi.yaml", 200),
            ("/mails", 200),
            ("/config.json", 200),
            // They are files that Node.js makes.
            ("/", 404),
            ("/reset-password", 404),
            // Here nobody can be asked for them.
            ("/mails.json", 422),
        ] {
            let answer = pages().answer(&Method::GET, path, &headers, &Bytes::new()).await;
            assert_eq!(answer.expect("a page").status(), status, "{path}");
        }
    }

    #[tokio::test]
    async fn the_inbox_is_for_this_machine_only() {
        let pages = pages();
        let cases = [
            ("localhost:9000", 200),
            ("127.0.0.1:9000", 200),
            ("127.0.0.2", 200),
            ("evil.example:9000", 403),
            ("localhost.evil.example", 403),
            ("10.0.0.1:9000", 403),
        ];
        for (host, expected) in cases {
            let headers = HeaderMap::from_iter([(header::HOST, HeaderValue::from_static(host))]);
            let answer = pages.answer(&Method::GET, "/inbox.json", &headers, &Bytes::new()).await;
            assert_eq!(answer.expect("a page").status(), expected, "{host}");
        }
    }
}
