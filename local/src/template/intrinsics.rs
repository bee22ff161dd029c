//! CloudFormation's functions (`!Ref`, `!Sub`, `!Join`, `!GetAtt`) and their values on one machine. `!If` is in
//! [`super::conditions`].

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use serde_yaml_ng::Value as Yaml;

/// The account, Region and stack that the template is resolved for.
pub const ACCOUNT: &str = "123456789012";
/// See [`ACCOUNT`].
pub const REGION: &str = "eu-west-1";
/// See [`ACCOUNT`]. Names of tables and functions begin with it.
pub const STACK: &str = "latchkey";

/// YAML with short tags (`!Sub x`) as the JSON that CloudFormation makes of it (`{"Fn::Sub": "x"}`).
pub fn to_json(yaml: Yaml) -> Result<Value, String> {
    Ok(match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(bool) => json!(bool),
        Yaml::Number(number) => serde_json::to_value(number).map_err(|error| error.to_string())?,
        Yaml::String(string) => json!(string),
        Yaml::Sequence(items) => Value::Array(items.into_iter().map(to_json).collect::<Result<_, _>>()?),
        Yaml::Mapping(entries) => {
            let mut map = Map::new();
            for (key, value) in entries {
                let key = key.as_str().ok_or("a key of the template is no string")?.to_owned();
                map.insert(key, to_json(value)?);
            }
            Value::Object(map)
        }
        Yaml::Tagged(tagged) => {
            let tag = tagged.tag.to_string();
            let name = tag.trim_start_matches('!');
            let value = to_json(tagged.value)?;
            match (name, &value) {
                ("Ref" | "Condition", _) => json!({ name: value }),
                ("GetAtt", Value::String(path)) => {
                    let (resource, attribute) = path.split_once('.').unwrap_or((path, ""));
                    json!({ "Fn::GetAtt": [resource, attribute] })
                }
                _ => json!({ format!("Fn::{name}"): value }),
            }
        }
    })
}

/// Resolves intrinsic functions against one template's resources and one set of parameters.
pub struct Resolver<'a> {
    /// The template's `Resources`, for references to them.
    pub resources: &'a Map<String, Value>,
    /// Values of the template's parameters.
    pub parameters: &'a BTreeMap<String, Value>,
    /// The template's `Conditions`.
    pub conditions: &'a Map<String, Value>,
}

impl Resolver<'_> {
    /// `value` without any intrinsic function in it.
    pub fn resolve(&self, value: &Value) -> Result<Value, String> {
        match value {
            Value::Array(items) => items.iter().map(|item| self.resolve(item)).collect(),
            Value::Object(map) => match single(map) {
                Some(("Ref", name)) => self.reference(name.as_str().unwrap_or_default()),
                Some(("Fn::Sub", argument)) => self.substitute(argument),
                Some(("Fn::Join", argument)) => self.join(argument),
                Some(("Fn::GetAtt", argument)) => self.attribute(argument),
                Some(("Fn::If", argument)) => self.branch(argument),
                Some((function, _)) if function.starts_with("Fn::") => {
                    Err(format!("{function} is not known on one machine"))
                }
                _ => map
                    .iter()
                    .map(|(key, value)| Ok((key.clone(), self.resolve(value)?)))
                    .collect::<Result<Map<_, _>, String>>()
                    .map(Value::Object),
            },
            plain => Ok(plain.clone()),
        }
    }

    fn reference(&self, name: &str) -> Result<Value, String> {
        if let Some(value) = self.parameters.get(name) {
            return Ok(value.clone());
        }
        Ok(match name {
            "AWS::Region" => json!(REGION),
            "AWS::AccountId" => json!(ACCOUNT),
            "AWS::StackName" => json!(STACK),
            "AWS::Partition" => json!("aws"),
            "AWS::URLSuffix" => json!("amazonaws.com"),
            "AWS::NoValue" => Value::Null,
            _ => {
                let resource = self
                    .resources
                    .get(name)
                    .ok_or_else(|| format!("`{name}` is neither a resource nor a parameter with a value"))?;
                // What AWS makes of a reference is the physical name, where the template gives one.
                let named = ["TableName", "FunctionName", "QueueName", "LogGroupName"]
                    .iter()
                    .find_map(|key| resource["Properties"].get(key));
                named.map_or(Ok(json!(name)), |physical| self.resolve(physical))?
            }
        })
    }

    fn substitute(&self, argument: &Value) -> Result<Value, String> {
        let (pattern, own) = match argument {
            Value::Array(parts) => (parts.first(), parts.get(1).and_then(Value::as_object)),
            plain => (Some(plain), None),
        };
        let mut rest = pattern.and_then(Value::as_str).ok_or("Fn::Sub needs a string")?;
        let mut result = String::new();
        while let Some((before, after)) = rest.split_once("${") {
            let (name, tail) = after.split_once('}').ok_or("Fn::Sub has an open ${")?;
            result.push_str(before);
            if let Some(literal) = name.strip_prefix('!') {
                result.push_str(&format!("${{{literal}}}"));
            } else if let Some(value) = own.and_then(|own| own.get(name)) {
                result.push_str(&text(&self.resolve(value)?));
            } else if let Some((resource, attribute)) = name.split_once('.') {
                result.push_str(&text(&self.attribute(&json!([resource, attribute]))?));
            } else {
                result.push_str(&text(&self.reference(name)?));
            }
            rest = tail;
        }
        result.push_str(rest);
        Ok(Value::String(result))
    }

    fn join(&self, argument: &Value) -> Result<Value, String> {
        let separator = argument[0].as_str().ok_or("Fn::Join needs a separator")?;
        let items = self.resolve(&argument[1])?;
        let items = items.as_array().ok_or("Fn::Join needs a list")?;
        Ok(Value::String(items.iter().map(text).collect::<Vec<_>>().join(separator)))
    }

    fn attribute(&self, argument: &Value) -> Result<Value, String> {
        let resource = argument[0].as_str().ok_or("Fn::GetAtt needs a resource")?;
        let attribute = argument[1].as_str().unwrap_or_default();
        let name = text(&self.reference(resource)?);
        let service = match self.resources[resource]["Type"].as_str() {
            Some("AWS::DynamoDB::Table") => format!("dynamodb:{REGION}:{ACCOUNT}:table/{name}"),
            Some("AWS::SQS::Queue") => format!("sqs:{REGION}:{ACCOUNT}:{name}"),
            _ => format!("lambda:{REGION}:{ACCOUNT}:function:{name}"),
        };
        match attribute {
            "Arn" => Ok(json!(format!("arn:aws:{service}"))),
            "StreamArn" => Ok(json!(format!("arn:aws:{service}/stream/local"))),
            _ => Err(format!("the attribute {resource}.{attribute} is not known on one machine")),
        }
    }
}

/// Environment variables and names are strings, whatever YAML made of them.
pub fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn single(map: &Map<String, Value>) -> Option<(&str, &Value)> {
    let mut entries = map.iter();
    let (key, value) = entries.next()?;
    entries.next().is_none().then_some((key.as_str(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intrinsic_functions_resolve_as_cloudformation_does() {
        let resources = json!({
            "Users": {
                "Type": "AWS::DynamoDB::Table",
                "Properties": { "TableName": { "Fn::Sub": "${AWS::StackName}-Users" } }
            },
            "Plain": { "Type": "AWS::Lambda::Function", "Properties": {} }
        });
        let parameters =
            BTreeMap::from([("Origins".into(), json!(["a", "b"])), ("Name".into(), json!("Ada"))]);
        let resources = resources.as_object().expect("an object");
        let conditions = Map::new();
        let resolver = Resolver { resources, parameters: &parameters, conditions: &conditions };
        let table = "arn:aws:dynamodb:eu-west-1:123456789012:table/latchkey-Users";
        let cases = [
            ("!Ref Name", json!("Ada")),
            ("!Ref Origins", json!(["a", "b"])),
            ("!Ref Users", json!("latchkey-Users")),
            ("!Ref Plain", json!("Plain")),
            ("!Ref AWS::NoValue", Value::Null),
            ("!Sub 'x-${Name}-${AWS::Region}'", json!("x-Ada-eu-west-1")),
            ("!Sub ['${Greeting} ${Name}', {Greeting: !Ref AWS::Partition}]", json!("aws Ada")),
            ("!Sub '${!Name} ${Users.Arn}/x'", json!(format!("${{Name}} {table}/x"))),
            ("!Join [',', !Ref Origins]", json!("a,b")),
            ("!GetAtt Users.Arn", json!(table)),
            ("!GetAtt Users.StreamArn", json!(format!("{table}/stream/local"))),
            ("Fn::Join: ['-', [a, !Ref Name]]", json!("a-Ada")),
            ("{a: [!Ref Name, 1, true], b: {Ref: Name}}", json!({"a": ["Ada", 1, true], "b": "Ada"})),
        ];
        for (yaml, expected) in cases {
            let parsed = serde_yaml_ng::from_str(yaml).map_err(|error| error.to_string());
            let resolved = parsed.and_then(to_json).and_then(|json| resolver.resolve(&json));
            assert_eq!(resolved, Ok(expected), "{yaml}");
        }
        for yaml in
            ["!Ref Nobody", "!Sub '${Nobody}'", "!Sub '${open'", "!GetAtt Users.Colour", "!If [a, b, c]"]
        {
            let json = serde_yaml_ng::from_str(yaml).map_err(|error| error.to_string()).and_then(to_json);
            assert!(json.and_then(|json| resolver.resolve(&json)).is_err(), "{yaml}");
        }
    }
}
