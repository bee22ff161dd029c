//! Event patterns, as an event source mapping's `FilterCriteria` writes them.

use serde_json::Value;

/// Whether any of the patterns matches; without patterns, everything does.
pub fn passes(patterns: &[Value], record: &Value) -> bool {
    patterns.is_empty() || patterns.iter().any(|pattern| matches(pattern, Some(record)))
}

fn matches(pattern: &Value, value: Option<&Value>) -> bool {
    match pattern {
        Value::Object(members) => {
            members.iter().all(|(name, pattern)| matches(pattern, value.and_then(|value| value.get(name))))
        }
        Value::Array(rules) => rules.iter().any(|rule| applies(rule, value)),
        // A pattern's leaves are lists; anything else matches nothing.
        _ => false,
    }
}

fn applies(rule: &Value, value: Option<&Value>) -> bool {
    let Value::Object(comparison) = rule else { return value == Some(rule) };
    let Some((name, argument)) = comparison.iter().next() else { return false };
    let text = value.and_then(Value::as_str);
    let starts = |word: &Value| text.zip(word.as_str()).is_some_and(|(text, word)| text.starts_with(word));
    match name.as_str() {
        "exists" => value.is_some() == (argument == true),
        "prefix" => starts(argument),
        "suffix" => text.zip(argument.as_str()).is_some_and(|(text, word)| text.ends_with(word)),
        "equals-ignore-case" => {
            text.zip(argument.as_str()).is_some_and(|(text, word)| text.eq_ignore_ascii_case(word))
        }
        "anything-but" => match argument {
            Value::Array(refused) => value.is_some_and(|value| !refused.contains(value)),
            Value::Object(not) => value.is_some() && !not.get("prefix").is_some_and(starts),
            refused => value.is_some_and(|value| value != refused),
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn patterns_match_as_lambda_documents_them() {
        let insert = json!({"eventName": "INSERT", "dynamodb": {"NewImage": {"kind": {"S": "reset"}}}});
        let ours = json!({"eventName": ["INSERT"], "dynamodb": {"NewImage": {"kind": {"S": [{"anything-but": ["suppressed"]}]}}}});
        let cases = [
            (ours.clone(), insert.clone(), true),
            (ours.clone(), json!({"eventName": "MODIFY", "dynamodb": insert["dynamodb"]}), false),
            (ours.clone(), json!({"eventName": "REMOVE", "dynamodb": {}}), false),
            (
                ours,
                json!({"eventName": "INSERT", "dynamodb": {"NewImage": {"kind": {"S": "suppressed"}}}}),
                false,
            ),
            (json!({"a": [1, "x", null]}), json!({"a": "x"}), true),
            (json!({"a": [1, "x", null]}), json!({"a": null}), true),
            (json!({"a": [1, "x", null]}), json!({"a": 2}), false),
            (json!({"a": [{"exists": false}]}), json!({}), true),
            (json!({"a": [{"exists": true}]}), json!({}), false),
            (json!({"a": [{"prefix": "ab"}]}), json!({"a": "abc"}), true),
            (json!({"a": [{"suffix": "bc"}]}), json!({"a": "abd"}), false),
            (json!({"a": [{"anything-but": {"prefix": "ab"}}]}), json!({"a": "abc"}), false),
            (json!({"a": [{"equals-ignore-case": "AB"}]}), json!({"a": "ab"}), true),
            (json!({"a": [{"unknown": 1}]}), json!({"a": 1}), false),
            (json!({"a": "x"}), json!({"a": "x"}), false),
        ];
        for (pattern, record, expected) in cases {
            assert_eq!(passes(std::slice::from_ref(&pattern), &record), expected, "{pattern} {record}");
        }
        assert!(passes(&[], &insert));
    }
}
