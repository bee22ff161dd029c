//! The Cognito user pool that users came from, asked whether a password is right: one call of InitiateAuth, which is not
//! signed. The SDK for Cognito has a hundred other calls.

use std::time::Duration;

use aws_lc_rs::hmac;
use aws_smithy_runtime_api::client::{http::HttpConnector, orchestrator::HttpRequest};
use aws_smithy_types::{body::SdkBody, byte_stream::ByteStream};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{
    aws,
    config::OldPool,
    domain::Password,
    error::{Error, Result},
};

/// What the pool says of a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolVerdict {
    /// It is the one.
    Right,
    /// It is another.
    Wrong,
    /// The pool would ask for more (a second factor, a new password), does not know the user, or has a trigger that refuses.
    NotByPassword,
}

/// A person waits.
const PATIENCE: Duration = Duration::from_secs(4);

impl OldPool {
    /// Asks it once. Errors: it can't be reached, or did not judge the password.
    pub async fn ask(&self, username: &str, password: &Password) -> Result<PoolVerdict> {
        let mut parameters = json!({ "USERNAME": username, "PASSWORD": password.expose() });
        if let Some(secret) = &self.client_secret {
            let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
            let proof = hmac::sign(&key, format!("{username}{}", self.client_id).as_bytes());
            parameters["SECRET_HASH"] = Value::from(STANDARD.encode(proof));
        }
        let body = json!({
            "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": self.client_id, "AuthParameters": parameters,
        });
        let answer = tokio::time::timeout(PATIENCE, self.call(body.to_string())).await;
        let (status, answer) = answer.map_err(|_| unavailable("it did not answer in time"))??;
        verdict(status, &answer)
    }

    async fn call(&self, body: String) -> Result<(u16, Value)> {
        let mut request = HttpRequest::new(SdkBody::from(body));
        request.set_method("POST").map_err(|error| Error::Internal(error.to_string()))?;
        request.set_uri(&self.endpoint[..]).map_err(|error| Error::Internal(error.to_string()))?;
        let headers = request.headers_mut();
        headers.insert("content-type", "application/x-amz-json-1.1");
        headers.insert("x-amz-target", "AWSCognitoIdentityProviderService.InitiateAuth");
        // Errors of the connector name hosts and causes, and no body.
        let answer = aws::connector().call(request).await.map_err(|error| unavailable(&error.to_string()))?;
        let status = answer.status().as_u16();
        let bytes = ByteStream::new(answer.into_body()).collect().await;
        let bytes = bytes.map_err(|error| unavailable(&error.to_string()))?.into_bytes();
        Ok((status, serde_json::from_slice(&bytes).unwrap_or(Value::Null)))
    }
}

fn verdict(status: u16, answer: &Value) -> Result<PoolVerdict> {
    if status == 200 {
        let has_tokens = answer["AuthenticationResult"].is_object();
        return Ok(if has_tokens { PoolVerdict::Right } else { PoolVerdict::NotByPassword });
    }
    let kind = answer["__type"].as_str().unwrap_or_default();
    let kind = kind.rsplit('#').next().unwrap_or_default();
    let message = answer["message"].as_str().unwrap_or_default();
    match kind {
        "NotAuthorizedException" if message.starts_with("Incorrect username or password") => {
            Ok(PoolVerdict::Wrong)
        }
        "NotAuthorizedException" if message.starts_with("User is disabled") => Ok(PoolVerdict::Wrong),
        // The pool's own lock: it judges nobody for a while.
        "NotAuthorizedException" if message.starts_with("Password attempts exceeded") => {
            Err(unavailable("it has locked this user for a while"))
        }
        // A trigger of the pool's own says no for the user's sake: a 500 would tell that there is one. Its words are its
        // writer's, and may name the user.
        "UserLambdaValidationException" => Ok(PoolVerdict::NotByPassword),
        "UserNotFoundException" | "PasswordResetRequiredException" | "UserNotConfirmedException" => {
            Ok(PoolVerdict::NotByPassword)
        }
        "TooManyRequestsException"
        | "LimitExceededException"
        | "InternalErrorException"
        | "UnexpectedLambdaException"
        | "InvalidLambdaResponseException" => Err(unavailable(kind)),
        _ if status >= 500 => Err(unavailable(&format!("it answered {status}"))),
        // Its words about a client that is set up wrongly name no user.
        _ => Err(Error::Internal(format!("Cognito InitiateAuth: {status} {kind}: {message}"))),
    }
}

fn unavailable(why: &str) -> Error {
    Error::Unavailable(format!("Cognito InitiateAuth: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    // MV8
    #[test]
    fn only_tokens_prove_a_password_and_only_its_own_words_refuse_one() {
        let refused = |message: &str| json!({ "__type": "NotAuthorizedException", "message": message });
        let error = |kind: &str| json!({ "__type": format!("com.amazonaws#{kind}"), "message": "no" });
        for (status, answer, expected) in [
            (200, json!({ "AuthenticationResult": { "IdToken": "x" } }), Some(PoolVerdict::Right)),
            (200, json!({ "ChallengeName": "SOFTWARE_TOKEN_MFA" }), Some(PoolVerdict::NotByPassword)),
            (200, json!({ "ChallengeName": "NEW_PASSWORD_REQUIRED" }), Some(PoolVerdict::NotByPassword)),
            (200, Value::Null, Some(PoolVerdict::NotByPassword)),
            (400, refused("Incorrect username or password."), Some(PoolVerdict::Wrong)),
            (400, refused("User is disabled."), Some(PoolVerdict::Wrong)),
            (400, refused("Password attempts exceeded"), None),
            (400, refused("Unable to verify secret hash for client 4example"), None),
            (400, error("UserNotFoundException"), Some(PoolVerdict::NotByPassword)),
            (400, error("PasswordResetRequiredException"), Some(PoolVerdict::NotByPassword)),
            (400, error("UserNotConfirmedException"), Some(PoolVerdict::NotByPassword)),
            (400, error("UserLambdaValidationException"), Some(PoolVerdict::NotByPassword)),
            (400, error("TooManyRequestsException"), None),
            (400, error("ResourceNotFoundException"), None),
            (500, error("InternalErrorException"), None),
            (502, Value::Null, None),
        ] {
            assert_eq!(verdict(status, &answer).ok(), expected, "{status} {answer}");
        }
    }

    // OP5 MV8
    #[test]
    fn a_trigger_of_the_pool_that_fails_is_an_outage_and_its_words_are_in_no_log() {
        for kind in ["UnexpectedLambdaException", "InvalidLambdaResponseException"] {
            let error = verdict(400, &json!({ "__type": kind, "message": "ada@example.com: oops" }));
            let Err(Error::Unavailable(cause)) = error else { panic!("{kind} is an outage") };
            assert!(cause.contains(kind) && !cause.contains("ada"), "{cause}");
        }
    }
}
