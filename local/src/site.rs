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
        let kept = if path.starts_with("/assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
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
