//! What the template's policies let a function do with the items of our tables.

use std::{collections::BTreeMap, fmt};

use serde_json::Value;

use super::{
    Template,
    intrinsics::{ACCOUNT, REGION, STACK},
};
use crate::Error;

/// What a function may do with items: this and nothing else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy(Vec<Grant>);

/// One action on one table, or on indexes of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The API's action, such as `UpdateItem`.
    pub action: String,
    /// The table without its stack's name, such as `Users`; indexes of it are `Users/index/*` or `Users/index/NAME`.
    pub table: String,
    /// Of which requests.
    pub condition: Condition,
}

/// What a granted request must keep to. Nothing is asked where there is no list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Condition {
    /// `dynamodb:Attributes`: the only ones that it may touch.
    pub attributes: Option<Vec<String>>,
    /// `dynamodb:Select`: what a read may answer, where it says so.
    pub select: Option<Vec<String>>,
    /// `dynamodb:ReturnValues`: what a write may answer, where it says so.
    pub return_values: Option<Vec<String>>,
    /// `dynamodb:LeadingKeys`: the only partitions that it may touch.
    pub leading_keys: Option<Vec<String>>,
}

impl Template {
    /// Each function's policy, by the function's name. Streams, queues and mails are no part of it.
    ///
    /// # Errors
    /// When a policy says what can't be understood here: it might grant more than it seems to.
    pub fn policies(&self) -> Result<BTreeMap<String, Policy>, Error> {
        let functions = self.functions()?.into_iter();
        functions
            .map(|function| {
                let raw = &self.document["Resources"][&function.resource]["Properties"]["Policies"];
                let policy = Policy::read(&self.resolve(raw)?);
                Ok((function.name, policy.map_err(|error| format!("{}: {error}", function.resource))?))
            })
            .collect()
    }
}

impl Policy {
    /// All that it grants.
    pub fn grants(&self) -> impl Iterator<Item = &Grant> {
        self.0.iter()
    }

    /// Whether it grants an action on a table or an index (`Users/index/by_email`), its condition aside.
    pub fn allows(&self, action: &str, table: &str) -> bool {
        self.grants().any(|grant| grant.covers(action, table))
    }

    fn read(policies: &Value) -> Result<Self, String> {
        let mut grants = Vec::new();
        for policy in list(policies) {
            let statements = policy.get("Statement").ok_or("a policy has no statements of its own")?;
            for statement in list(statements) {
                grants.extend(granted_by(statement)?);
            }
        }
        Ok(Self(grants))
    }
}

impl Grant {
    /// Whether it is for this action on this table or index.
    pub fn covers(&self, action: &str, table: &str) -> bool {
        self.action == action
            && match self.table.strip_suffix('*') {
                Some(beginning) => table.starts_with(beginning),
                None => self.table == table,
            }
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}", self.action, self.table)
    }
}

fn granted_by(statement: &Value) -> Result<Vec<Grant>, String> {
    let known = ["Sid", "Effect", "Action", "Resource", "Condition"];
    let unknown = statement.as_object().into_iter().flatten().find(|(key, _)| !known.contains(&key.as_str()));
    if unknown.is_some() || statement["Effect"] != "Allow" {
        return Err(format!("a statement that is not understood: {statement}"));
    }
    let mut actions = Vec::new();
    for action in strings(&statement["Action"]) {
        let (service, name) = action.split_once(':').ok_or_else(|| format!("an action of all: {action}"))?;
        if service == "dynamodb" {
            actions.push(name.to_owned());
        }
    }
    let mut grants = Vec::new();
    if actions.is_empty() {
        return Ok(grants);
    }
    let condition = Condition::read(&statement["Condition"])?;
    if condition.leading_keys.is_some() && actions.iter().any(|action| action == "Scan") {
        return Err("a scan has no leading keys: the condition would hold for all of the table".to_owned());
    }
    let ours = format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{STACK}-");
    for resource in strings(&statement["Resource"]) {
        let table = resource.strip_prefix(&ours).ok_or_else(|| format!("{resource} is no table of ours"))?;
        if table.contains("/stream/") {
            continue;
        }
        grants.extend(actions.iter().map(|action| Grant {
            action: action.clone(),
            table: table.to_owned(),
            condition: condition.clone(),
        }));
    }
    Ok(grants)
}

impl Condition {
    fn read(condition: &Value) -> Result<Self, String> {
        let mut read = Self::default();
        for (operator, keys) in condition.as_object().into_iter().flatten() {
            for (key, values) in keys.as_object().into_iter().flatten() {
                let list = match (operator.as_str(), key.as_str()) {
                    ("ForAllValues:StringEquals", "dynamodb:Attributes") => &mut read.attributes,
                    ("ForAllValues:StringEquals", "dynamodb:LeadingKeys") => &mut read.leading_keys,
                    ("StringEqualsIfExists", "dynamodb:Select") => &mut read.select,
                    ("StringEqualsIfExists", "dynamodb:ReturnValues") => &mut read.return_values,
                    _ => return Err(format!("a condition that is not understood: {operator} {key}")),
                };
                *list = Some(strings(values));
            }
        }
        Ok(read)
    }
}

/// IAM takes one value for a list of one.
fn list(value: &Value) -> &[Value] {
    match value {
        Value::Null => &[],
        Value::Array(values) => values,
        one => std::slice::from_ref(one),
    }
}

fn strings(value: &Value) -> Vec<String> {
    list(value).iter().map(super::text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The policy of a function with these `Policies`, beside a table of users.
    fn policy_of(policies: &str) -> Result<Policy, Error> {
        let resources = "UsersTable: {Type: AWS::DynamoDB::Table, \
                           Properties: {TableName: !Sub '${AWS::StackName}-Users'}}, \
                         Login: {Type: AWS::Serverless::Function, \
                           Metadata: {BuildProperties: {Binary: login}}, Properties: {Policies: ";
        let template = Template::parse(&format!("Resources: {{{resources}{policies}}}}}}}"))?;
        Ok(template.policies()?.remove("login").expect("login"))
    }

    // OP7
    #[test]
    fn actions_are_read_by_table_and_index_and_streams_queues_and_mails_left_out() {
        let policy = policy_of(
            "[Statement: [{Effect: Allow, Action: [dynamodb:GetItem, dynamodb:Query], \
               Resource: [!GetAtt UsersTable.Arn, !Sub '${UsersTable.Arn}/index/*']}, \
              {Effect: Allow, Action: dynamodb:GetRecords, Resource: !GetAtt UsersTable.StreamArn}, \
              {Effect: Allow, Action: ses:SendEmail, Resource: '*', \
               Condition: {StringEquals: {ses:FromAddress: a}}}]]",
        );
        let policy = policy.expect("a policy");
        let grants: Vec<_> = policy.grants().map(ToString::to_string).collect();
        let on = |table: &str| ["GetItem", "Query"].map(|action| format!("{action} on {table}"));
        assert_eq!(grants, [on("Users"), on("Users/index/*")].concat());
        assert!(policy.allows("GetItem", "Users") && policy.allows("Query", "Users/index/by_email"));
        assert!(!policy.allows("PutItem", "Users") && !policy.allows("GetItem", "UsersOfAnother"));
        assert_eq!(policy_of("[]").expect("a policy"), Policy::default());
    }

    // OP7
    #[test]
    fn what_might_grant_more_than_it_seems_to_is_no_policy() {
        let statement =
            |rest: &str| format!("[Statement: {{Effect: Allow, Resource: !GetAtt UsersTable.Arn, {rest}}}]");
        assert!(policy_of(&statement("Action: dynamodb:GetItem")).is_ok());
        for refused in [
            statement("Action: '*'"),
            statement("NotAction: dynamodb:GetItem"),
            statement("Action: dynamodb:GetItem, Condition: {StringEquals: {dynamodb:Attributes: [a]}}"),
            // A scan has no leading keys, and whatever IAM asks of all of none is so.
            statement(
                "Action: dynamodb:Scan, Condition: {'ForAllValues:StringEquals': {dynamodb:LeadingKeys: [a]}}",
            ),
            "[Statement: {Effect: Allow, Action: dynamodb:GetItem, Resource: '*'}]".to_owned(),
            "[Statement: {Effect: Deny, Action: dynamodb:GetItem, Resource: !GetAtt UsersTable.Arn}]"
                .to_owned(),
            "[AmazonDynamoDBFullAccess]".to_owned(),
            "[DynamoDBCrudPolicy: {TableName: !Ref UsersTable}]".to_owned(),
        ] {
            assert!(policy_of(&refused).is_err(), "{refused}");
        }
    }
}
