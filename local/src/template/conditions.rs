//! CloudFormation's conditions (`!If`, `!Equals`, `!Not`, `!And`, `!Or`).

use serde_json::Value;

use super::intrinsics::{Resolver, text};

impl Resolver<'_> {
    /// The branch of an `Fn::If` that counts, without any intrinsic function in it.
    pub(super) fn branch(&self, argument: &Value) -> Result<Value, String> {
        let [condition, then, otherwise] = argument.as_array().map_or(&[][..], Vec::as_slice) else {
            return Err("Fn::If needs a condition and two values".to_owned());
        };
        let name = condition.as_str().ok_or("Fn::If needs the name of a condition")?;
        self.resolve(if self.named(name)? { then } else { otherwise })
    }

    fn named(&self, name: &str) -> Result<bool, String> {
        let condition = self.conditions.get(name);
        self.holds(condition.ok_or_else(|| format!("there is no condition `{name}`"))?)
    }

    fn holds(&self, condition: &Value) -> Result<bool, String> {
        let entry = condition.as_object().and_then(|map| map.iter().next());
        let (function, argument) = entry.ok_or_else(|| format!("{condition} is no condition"))?;
        let arguments = argument.as_array().map_or(&[][..], Vec::as_slice);
        match (function.as_str(), arguments) {
            ("Condition", _) => self.named(argument.as_str().unwrap_or_default()),
            ("Fn::Equals", [one, other]) => Ok(text(&self.resolve(one)?) == text(&self.resolve(other)?)),
            ("Fn::Not", [one]) => Ok(!self.holds(one)?),
            ("Fn::And", all) => all.iter().try_fold(true, |so_far, one| Ok(self.holds(one)? && so_far)),
            ("Fn::Or", all) => all.iter().try_fold(false, |so_far, one| Ok(self.holds(one)? || so_far)),
            _ => Err(format!("{function} is no condition that is known on one machine")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;
    use crate::template::intrinsics::to_json;

    #[test]
    fn conditions_hold_as_cloudformation_reads_them() {
        let conditions = json!({
            "HasKey": { "Fn::Not": [{ "Fn::Equals": [{ "Ref": "Key" }, ""] }] },
            "HasName": { "Fn::Equals": [{ "Ref": "Name" }, "Ada"] },
            "Both": { "Fn::And": [{ "Condition": "HasKey" }, { "Condition": "HasName" }] },
            "Any": { "Fn::Or": [{ "Condition": "HasKey" }, { "Condition": "HasName" }] },
        });
        let parameters = BTreeMap::from([("Key".into(), json!("")), ("Name".into(), json!("Ada"))]);
        let resolver = Resolver {
            resources: &serde_json::Map::new(),
            parameters: &parameters,
            conditions: conditions.as_object().expect("an object"),
        };
        let resolve = |yaml: &str| {
            let parsed = serde_yaml_ng::from_str(yaml).map_err(|error| error.to_string());
            parsed.and_then(to_json).and_then(|json| resolver.resolve(&json))
        };
        for (yaml, expected) in [
            ("!If [HasKey, HS256, !Ref Name]", json!("Ada")),
            ("!If [HasName, [!Ref Name], !Ref AWS::NoValue]", json!(["Ada"])),
            ("!If [HasKey, {a: 1}, !Ref AWS::NoValue]", Value::Null),
            ("!If [Both, 1, 2]", json!(2)),
            ("!If [Any, 1, 2]", json!(1)),
        ] {
            assert_eq!(resolve(yaml), Ok(expected), "{yaml}");
        }
        for yaml in ["!If [Unknown, 1, 2]", "!If [HasKey, 1]", "!If HasKey"] {
            assert!(resolve(yaml).is_err(), "{yaml}");
        }
    }
}
