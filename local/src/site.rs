//! The pages of the front end: the files that `npm run build` makes of `web/pages`, served as CloudFront serves them.

use std::{collections::BTreeMap, path::PathBuf};

use axum::{
    Json,
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header},
    response::IntoResponse,
};
use serde_json::{Value, json};

use crate::{Error, template::Template};

/// Files, read anew for each request: a build shows at the next reload.
pub struct Site {
    folder: PathBuf,
    headers: HeaderMap,
    config: Value,
}

impl Site {
    /// The files of `folder` with the template's headers, and a `config.json` for functions with these settings.
    ///
    /// # Errors
    /// When the template has no headers for pages.
    pub fn new(
        folder: PathBuf,
        template: &Template,
        settings: &BTreeMap<String, String>,
    ) -> Result<Self, Error> {
        let headers = template.page_headers()?.into_iter();
        let headers = headers.map(|(name, value)| Ok((name.parse::<HeaderName>()?, value.parse()?)));
        Ok(Self { folder, headers: headers.collect::<Result<_, Error>>()?, config: config(settings) })
    }

    /// Whether the pages were built.
    pub fn is_built(&self) -> bool {
        self.folder.join("index.html").is_file()
    }

    /// The answer to a call for a file; `None` if it can't be one.
    pub async fn answer(&self, method: &Method, path: &str) -> Option<Response<Body>> {
        if path.starts_with("/api/") || (method != Method::GET && method != Method::HEAD) {
            return None;
        }
        if path == "/config.json" {
            return Some(self.dressed(Json(&self.config).into_response(), path));
        }
        let name = file_name(path)?;
        if !self.is_built() {
            return PAGES.contains(&path).then(not_built);
        }
        let read = |name: String| tokio::fs::read(self.folder.join(name));
        let (status, name, bytes) = match read(name.clone()).await {
            Ok(bytes) => (StatusCode::OK, name, bytes),
            // Whoever asks for something else than a page reads no page.
            Err(_) if !name.ends_with(".html") => return None,
            Err(_) => (StatusCode::NOT_FOUND, "404.html".to_owned(), read("404.html".to_owned()).await.ok()?),
        };
        let mut response = (status, bytes).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(&name)));
        Some(self.dressed(response, path))
    }

    fn dressed(&self, mut response: Response<Body>, path: &str) -> Response<Body> {
        let headers = response.headers_mut();
        headers.extend(self.headers.clone());
        // As README says to upload them.
        let kept =
            if path.starts_with("/assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
        response
    }
}

/// What a person opens, and what links of mails open.
const PAGES: [&str; 8] = [
    "/",
    "/register",
    "/forgot-password",
    "/reset-password",
    "/verify-email",
    "/change-email",
    "/account",
    "/admin",
];

/// The file of an address, as the template's CloudFront function finds it; `None` if it would lead out of the folder.
fn file_name(path: &str) -> Option<String> {
    let name = path.trim_matches('/');
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    if !name.chars().all(is_plain) || name.split('/').any(|part| part.starts_with('.')) {
        return None;
    }
    Some(match name {
        "" => "index.html".to_owned(),
        name if name.contains('.') => name.to_owned(),
        name => format!("{name}.html"),
    })
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" => "application/json",
        _ => "application/octet-stream",
    }
}

/// What the template's output PagesConfig says of a deployment.
fn config(settings: &BTreeMap<String, String>) -> Value {
    let setting = |name: &str| settings.get(name).map_or("", String::as_str);
    json!({
        "api": "",
        "delivery": "cookie",
        "passwordPolicy": setting("PASSWORD_POLICY"),
        "passwordHash": setting("PASSWORD_HASH"),
        "productName": setting("PRODUCT_NAME"),
        "registration": setting("REGISTRATION"),
        "lockoutMinutes": setting("LOCKOUT_MINUTES").parse::<u32>().unwrap_or(30),
        "returnTo": setting("ALLOWED_ORIGINS").split(',').collect::<Vec<_>>(),
        "dev": true,
    })
}

fn not_built() -> Response<Body> {
    let page = include_str!("../pages/not-built.html");
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (StatusCode::NOT_FOUND, kind, page).into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    impl Site {
        /// With the headers of our own template.
        pub fn of_our_template(folder: &str) -> Self {
            let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../template.yaml");
            let template = Template::read(path).expect("template.yaml").with_local_values(9000);
            let settings = template.functions().expect("functions").remove(0).environment;
            Self::new(folder.into(), &template, &settings).expect("headers")
        }
    }

    async fn get(site: &Site, path: &str) -> Option<(u16, HeaderMap, String)> {
        let (parts, body) = site.answer(&Method::GET, path).await?.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body");
        Some((parts.status.as_u16(), parts.headers, String::from_utf8_lossy(&body).into_owned()))
    }

    #[tokio::test]
    async fn an_address_without_an_ending_is_a_page_and_nothing_leads_out_of_the_folder() {
        let folder = std::env::temp_dir().join(format!("latchkey-site-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("assets")).expect("a folder");
        let files = ["index.html", "register.html", "404.html", "assets/app-1.js", ".secret"];
        for name in files {
            std::fs::write(folder.join(name), name).expect("a file");
        }
        let site = Site::of_our_template(folder.to_str().expect("UTF-8"));
        for (path, found) in [
            ("/", Some((200, "index.html", "no-cache"))),
            ("/register", Some((200, "register.html", "no-cache"))),
            ("/register/", Some((200, "register.html", "no-cache"))),
            ("/nothing", Some((404, "404.html", "no-cache"))),
            ("/assets/app-1.js", Some((200, "assets/app-1.js", "public, max-age=31536000, immutable"))),
            ("/assets/app-2.js", None),
            ("/.secret", None),
            ("/../Cargo.toml", None),
            ("/assets/../../Cargo.toml", None),
            ("/%2e%2e/Cargo.toml", None),
            ("//etc/passwd.txt", None),
            ("/api/v1/nothing", None),
        ] {
            let answer = get(&site, path).await;
            let answer = answer.as_ref().map(|(status, headers, body)| {
                let kept = headers[header::CACHE_CONTROL].to_str().expect("ASCII");
                (*status, body.as_str(), kept)
            });
            assert_eq!(answer, found, "{path}");
        }
        assert!(site.answer(&Method::POST, "/").await.is_none());
        std::fs::remove_dir_all(folder).expect("it is ours");
    }

    // FE1
    #[tokio::test]
    async fn every_answer_has_the_templates_headers_and_their_policy_lets_nothing_in() {
        let site = Site::of_our_template("target/no-such-folder");
        let (_, headers, body) = get(&site, "/config.json").await.expect("an answer");
        let policy = headers["content-security-policy"].to_str().expect("ASCII");
        for rule in [
            "default-src 'none';",
            "script-src 'self';",
            "style-src 'self';",
            "form-action 'self';",
            "base-uri 'none';",
            "frame-ancestors 'none';",
            "require-trusted-types-for 'script';",
        ] {
            assert!(policy.contains(rule), "{rule} is not in {policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains('*') && !policy.contains("http:"), "{policy}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("strict-transport-security", "max-age=63072000; includeSubDomains"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(headers[name], value);
        }
        let config: Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!((&config["productName"], &config["lockoutMinutes"]), (&json!("Latchkey"), &json!(30)));
    }

    #[tokio::test]
    async fn without_a_build_the_pages_say_how_to_make_one() {
        let site = Site::of_our_template("target/no-such-folder");
        let (status, _, body) = get(&site, "/reset-password").await.expect("an answer");
        assert!(status == 404 && body.contains("npm run build"), "{status} {body}");
        assert!(get(&site, "/assets/app-1.js").await.is_none());
    }
}
