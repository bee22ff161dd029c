//! Serves a function over the Lambda Runtime API.

use std::convert::Infallible;

use lambda_http::{
    Adapter, Body, Error, LambdaEvent, Request, Response, Service, lambda_runtime, request::LambdaRequest,
    tower::ServiceExt,
};

/// As `lambda_http::run`, for events as we can read them all.
pub async fn run<'a, S>(handler: S) -> Result<(), Error>
where
    S: Service<Request, Response = Response<Body>, Error = Infallible>,
    S::Future: Send + 'a,
{
    lambda_runtime::run(Adapter::from(handler).map_request(without_foreign_parts)).await
}

/// Takes out of an event what clients write and we don't read. `lambda_http` makes a URL of it and panics where that
/// is none, before our own guard against panics stands (promises OP1, OP8).
fn without_foreign_parts(mut event: LambdaEvent<LambdaRequest>) -> LambdaEvent<LambdaRequest> {
    if let LambdaRequest::ApiGatewayV2(request) = &mut event.payload {
        request.headers.remove("host");
        request.headers.remove("x-forwarded-proto");
        request.request_context.domain_name = None;
        // Decoded, it can't break a URL any more.
        let query = request.raw_query_string.take().unwrap_or_default();
        request.query_string_parameters = query.parse().unwrap_or_else(|never: Infallible| match never {});
    }
    event
}

#[cfg(test)]
mod tests {
    use lambda_http::lambda_runtime::Context;
    use serde_json::json;

    use super::*;

    // OP1 OP8
    #[test]
    fn no_host_scheme_or_query_of_a_client_can_break_an_event() {
        for (host, scheme, query) in [
            ("api.example.com", "https", "a=b"),
            ("a b", "https", ""),
            ("x:99999999", "https", ""),
            ("", "https,evil", ""),
            ("api.example.com", "1", "a=<b>&{}|^`\"\\"),
        ] {
            let event = json!({
                "version": "2.0", "routeKey": "ANY /api/v1/users/me", "rawPath": "/api/v1/users/me",
                "rawQueryString": query, "headers": { "host": host, "x-forwarded-proto": scheme },
                "queryStringParameters": { "a": query },
                "requestContext": {
                    "accountId": "1", "apiId": "a", "domainName": host, "domainPrefix": "a", "requestId": "r",
                    "http": {
                        "method": "GET", "path": "/api/v1/users/me", "protocol": "HTTP/1.1",
                        "sourceIp": "203.0.113.7", "userAgent": "x",
                    },
                    "routeKey": "$default", "stage": "$default", "time": "t", "timeEpoch": 1,
                },
                "isBase64Encoded": false,
            });
            let payload: LambdaRequest = serde_json::from_value(event).expect("a payload-2.0 event");
            let event = without_foreign_parts(LambdaEvent { payload, context: Context::default() });
            let request: Request = event.payload.into();
            assert_eq!(request.uri().path(), "/api/v1/users/me");
        }
    }
}
