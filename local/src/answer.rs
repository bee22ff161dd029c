//! API Gateway's payload format 2.0: what a function returned as an HTTP response.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Response, StatusCode, header},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

/// The response that the gateway makes of what a function returned. `multiValueHeaders` is no member of format
/// 2.0: AWS drops it, and so does this.
///
/// # Errors
/// When the value is no answer in format 2.0; says what is wrong with it.
pub fn decode(answer: &[u8]) -> Result<Response<Body>, String> {
    let answer: Value =
        serde_json::from_slice(answer).map_err(|error| format!("its answer is no JSON: {error}"))?;
    let Some(status) = answer.get("statusCode") else {
        // Format 2.0 takes any other JSON as the body of a 200.
        let mut response = Response::new(Body::from(answer.to_string()));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        return Ok(response);
    };
    let status = status.as_u64().and_then(|code| StatusCode::from_u16(code.try_into().ok()?).ok());
    let status = status.ok_or_else(|| format!("its statusCode is {}", answer["statusCode"]))?;
    let text = answer["body"].as_str().unwrap_or_default();
    let body = if answer["isBase64Encoded"] == true {
        STANDARD.decode(text).map_err(|error| format!("its body is no base64: {error}"))?
    } else {
        text.as_bytes().to_vec()
    };
    let is_empty = body.is_empty();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in answer["headers"].as_object().into_iter().flatten() {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        headers.insert(header_name(name)?, header_value(name, &value)?);
    }
    for cookie in answer["cookies"].as_array().into_iter().flatten() {
        headers.append(header::SET_COOKIE, header_value("set-cookie", cookie.as_str().unwrap_or_default())?);
    }
    // The length is the server's to tell.
    headers.remove(header::CONTENT_LENGTH);
    if !is_empty && !headers.contains_key(header::CONTENT_TYPE) {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain;charset=UTF-8"));
    }
    Ok(response)
}

fn header_name(name: &str) -> Result<HeaderName, String> {
    name.to_ascii_lowercase().parse().map_err(|_| format!("it set a header of the impossible name {name:?}"))
}

fn header_value(name: &str, value: &str) -> Result<HeaderValue, String> {
    HeaderValue::from_str(value).map_err(|_| format!("its header {name} has an impossible value"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn answers_become_responses() {
        let answer = json!({
            "statusCode": 201, "headers": {"X-A": "1"}, "multiValueHeaders": {"x-a": ["1"], "x-b": ["2"]},
            "cookies": ["a=1; Path=/", "b=2"], "body": "aGk=", "isBase64Encoded": true
        });
        let response = decode(answer.to_string().as_bytes()).expect("a response");
        assert_eq!(response.status(), 201);
        assert_eq!(response.headers()["x-a"], "1");
        assert_eq!(response.headers().get("x-b"), None);
        let cookies: Vec<_> = response.headers().get_all(header::SET_COOKIE).iter().collect();
        assert_eq!(cookies, ["a=1; Path=/", "b=2"]);
        assert_eq!(decode(br#"{"any": "thing"}"#).expect("a response").status(), 200);
        let broken = [
            "",
            "not JSON",
            r#"{"statusCode": 7}"#,
            r#"{"statusCode": "x"}"#,
            r#"{"statusCode": 200, "headers": {"a b": "c"}}"#,
            r#"{"statusCode": 200, "headers": {"a": "b\nc"}}"#,
            r#"{"statusCode": 200, "body": "%", "isBase64Encoded": true}"#,
        ];
        for answer in broken {
            assert!(decode(answer.as_bytes()).is_err(), "{answer}");
        }
    }
}
