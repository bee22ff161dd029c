//! CORS as an HTTP API does it: the gateway answers preflights and owns every `access-control-*` header.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use serde_json::Value;

use crate::template::intrinsics::text;

/// An API's `CorsConfiguration`.
#[derive(Debug, Clone, Default)]
pub struct Cors {
    origins: Vec<String>,
    methods: String,
    headers: String,
    exposed: String,
    credentials: bool,
    max_age: Option<u64>,
}

impl Cors {
    /// Reads a resolved `CorsConfiguration`; null stands for an API without CORS.
    pub fn new(configuration: &Value) -> Self {
        let list = |name: &str| -> Vec<String> {
            configuration[name].as_array().into_iter().flatten().map(text).collect()
        };
        Self {
            origins: list("AllowOrigins"),
            methods: list("AllowMethods").join(","),
            headers: list("AllowHeaders").join(","),
            exposed: list("ExposeHeaders").join(","),
            credentials: configuration["AllowCredentials"] == true,
            max_age: configuration["MaxAge"].as_u64(),
        }
    }

    /// Whether the gateway answers a call itself, without any function.
    pub fn is_preflight(&self, method: &Method, headers: &HeaderMap) -> bool {
        !self.origins.is_empty()
            && method == Method::OPTIONS
            && headers.contains_key(header::ORIGIN)
            && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
    }

    /// The headers of a preflight's answer; none for a foreign origin.
    pub fn preflight(&self, request: &HeaderMap) -> HeaderMap {
        let mut answer = self.allowed(request);
        if !answer.is_empty() {
            insert(&mut answer, header::ACCESS_CONTROL_ALLOW_METHODS, &self.methods);
            insert(&mut answer, header::ACCESS_CONTROL_ALLOW_HEADERS, &self.headers);
            if let Some(seconds) = self.max_age {
                insert(&mut answer, header::ACCESS_CONTROL_MAX_AGE, &seconds.to_string());
            }
        }
        answer
    }

    /// Puts the gateway's headers in place of those that a function set.
    pub fn apply(&self, request: &HeaderMap, answer: &mut HeaderMap) {
        if self.origins.is_empty() {
            return;
        }
        let of_function: Vec<HeaderName> =
            answer.keys().filter(|name| name.as_str().starts_with("access-control-")).cloned().collect();
        for name in of_function {
            answer.remove(name);
        }
        let mut allowed = self.allowed(request);
        if !allowed.is_empty() {
            insert(&mut allowed, header::ACCESS_CONTROL_EXPOSE_HEADERS, &self.exposed);
        }
        // `vary` is a list: a function's own entry stays.
        for (name, value) in &allowed {
            answer.append(name, value.clone());
        }
    }

    fn allowed(&self, request: &HeaderMap) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let Some(origin) = request.get(header::ORIGIN) else { return headers };
        if !self.origins.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes()) {
            return headers;
        }
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(header::VARY, HeaderValue::from_static("origin"));
        if self.credentials {
            headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        }
        headers
    }
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let (false, Ok(value)) = (value.is_empty(), HeaderValue::from_str(value)) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_listed_origins_get_headers() {
        let cors = Cors::new(&json!({
            "AllowOrigins": ["https://app.example.com"], "AllowMethods": ["GET", "POST"],
            "AllowHeaders": ["content-type"], "AllowCredentials": true, "MaxAge": 600
        }));
        let cases = [
            (Some("https://app.example.com"), Some("https://app.example.com")),
            (Some("https://app.example.com.evil.test"), None),
            (Some("https://evil.test"), None),
            (Some("null"), None),
            (Some("https://APP.example.com"), None),
            (None, None),
        ];
        for (origin, expected) in cases {
            let mut request = HeaderMap::new();
            if let Some(origin) = origin {
                request.insert(header::ORIGIN, HeaderValue::from_static(origin));
            }
            request.insert(header::ACCESS_CONTROL_REQUEST_METHOD, HeaderValue::from_static("POST"));
            assert_eq!(cors.is_preflight(&Method::OPTIONS, &request), origin.is_some());
            let preflight = cors.preflight(&request);
            let mut answer = HeaderMap::new();
            answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
            cors.apply(&request, &mut answer);
            for headers in [&preflight, &answer] {
                let allowed = headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN);
                assert_eq!(allowed.and_then(|value| value.to_str().ok()), expected, "{origin:?}");
                assert_eq!(
                    headers.contains_key(header::ACCESS_CONTROL_ALLOW_CREDENTIALS),
                    expected.is_some()
                );
            }
            assert_eq!(preflight.contains_key(header::ACCESS_CONTROL_MAX_AGE), expected.is_some());
        }
    }
}
