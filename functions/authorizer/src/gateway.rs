//! The gateways that ask, and the answers that each of them takes.

use serde_json::{Value, json};
use shared::{
    error::{Error, Result},
    guard::SignedIn,
};

/// A gateway, by the answers that it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Gateway {
    /// A REST API: an IAM policy for its stage. It answers 401 to a raised `Unauthorized`, and 403 to a policy that denies.
    Rest(Stage),
    /// An HTTP API with payload 1.0: an IAM policy for its stage. It answers 403 to every refusal.
    HttpPolicy(Stage),
    /// An HTTP API with payload 2.0 and simple responses: yes or no. It answers 403 to every no.
    HttpSimple,
}

/// The ARN of all methods and paths in a stage of an API. An answer is for all of them: it does not depend on any, and the
/// gateway may use it for others while it remembers it (docs/decisions/0014).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stage(String);

impl Gateway {
    /// The answer for what was found out. Errors: what can't be said but by raising an error.
    pub fn answer(&self, found: Result<SignedIn>) -> Result<Value> {
        let is_refused = |error: &Error| match error.status() {
            // Clients refresh their token at a 401 and at nothing else: where it can be had, it is given.
            401 => !matches!(self, Self::Rest(_)),
            status => status == 403,
        };
        match found {
            Ok(signed_in) => Ok(self.allow(&signed_in)),
            Err(error) if is_refused(&error) => Ok(self.deny()),
            Err(error) => Err(error),
        }
    }

    /// Only what a service needs to know who calls: it can ask for the rest by the id (promise AT7).
    fn allow(&self, SignedIn { user, session_id }: &SignedIn) -> Value {
        let context = json!({ "user_id": user.id, "role": user.role, "session_id": session_id });
        match self {
            Self::HttpSimple => json!({ "isAuthorized": true, "context": context }),
            Self::Rest(stage) | Self::HttpPolicy(stage) => {
                let mut answer = stage.policy("Allow", &user.id.to_string());
                answer["context"] = context;
                answer
            }
        }
    }

    fn deny(&self) -> Value {
        match self {
            Self::HttpSimple => json!({ "isAuthorized": false }),
            Self::Rest(stage) | Self::HttpPolicy(stage) => stage.policy("Deny", "refused"),
        }
    }
}

impl Stage {
    /// The stage in which a method or route lies: `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/GET/orders`.
    pub fn of(arn: &str) -> Option<Self> {
        let (api, method) = arn.split_once('/')?;
        let (stage, _) = method.split_once('/')?;
        let fields: Vec<_> = api.split(':').collect();
        let is_word = |word: &str| {
            !word.is_empty()
                && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_$*".contains(&byte))
        };
        let is_ours = matches!(fields[..], ["arn", _, "execute-api", _, _, _])
            && fields.into_iter().chain([stage]).all(is_word);
        is_ours.then(|| Self(format!("{api}/{stage}/*")))
    }

    fn policy(&self, effect: &str, principal: &str) -> Value {
        let statement = json!({ "Action": "execute-api:Invoke", "Effect": effect, "Resource": self.0 });
        json!({
            "principalId": principal,
            "policyDocument": { "Version": "2012-10-17", "Statement": [statement] },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // AZ5
    #[test]
    fn an_answer_is_for_the_whole_stage_and_for_no_other() {
        let api = "arn:aws:execute-api:eu-west-1:123456789012:abcdef123";
        for (method, stage) in [
            ("/prod/GET/orders/7", Some("/prod/*")),
            ("/prod/POST/", Some("/prod/*")),
            ("/$default/GET/a:b/c", Some("/$default/*")),
            ("/*/GET/", Some("/*/*")),
            ("/prod", None),
            ("//GET/", None),
            ("", None),
            ("/pr od/GET/", None),
            ("/${aws:username}/GET/", None),
        ] {
            let expected = stage.map(|stage| Stage(format!("{api}{stage}")));
            assert_eq!(Stage::of(&format!("{api}{method}")), expected, "{method}");
        }
        for other in [
            "arn:aws-cn:execute-api:cn-north-1:123456789012:abcdef123/prod/GET/",
            "arn:aws-us-gov:execute-api:us-gov-west-1:123456789012:abcdef123/prod/GET/",
        ] {
            assert!(Stage::of(other).is_some(), "{other}");
        }
        for nothing in [
            "",
            "*",
            "arn:aws:lambda:eu-west-1:123456789012:function/a/b",
            "arn:aws:execute-api:eu-west-1:123456789012:/prod/GET/",
            "arn:aws:execute-api:eu-west-1::abcdef123/prod/GET/",
            "arn:aws:execute-api:eu-west-1:123456789012:abc:def/prod/GET/",
        ] {
            assert_eq!(Stage::of(nothing), None, "{nothing}");
        }
    }
}
