//! What our own template must say.

use super::*;

fn ours() -> Template {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../template.yaml");
    Template::read(path).expect("template.yaml").with_local_values(9000)
}

#[test]
fn each_function_has_its_own_environment_and_no_other() {
    let functions = ours().functions().expect("functions");
    let with = |variable: &str| {
        let has = functions.iter().filter(|function| function.environment.contains_key(variable));
        let mut names: Vec<_> = has.map(|function| function.name.as_str()).collect();
        names.sort_unstable();
        names
    };
    let all = [
        "account",
        "admin",
        "authorizer",
        "forgot",
        "keys",
        "login",
        "logout",
        "mailer",
        "me",
        "refresh",
        "register",
        "reset",
        "rotate",
        "sessions",
    ];
    assert_eq!(with("TABLE_PREFIX"), all);
    assert_eq!(with("SECRET_KEY"), ["account", "admin", "login", "logout", "me", "refresh", "sessions"]);
    assert_eq!(with("AUTHORIZER_ROLES"), ["authorizer"]);
    assert_eq!(with("MAIL_FROM"), ["mailer"]);
    assert_eq!(with("RESET_URL"), ["mailer"]);
}

#[test]
fn a_function_has_the_templates_values() {
    let functions = ours().functions().expect("functions");
    let login = functions.iter().find(|function| function.name == "login").expect("login");
    assert_eq!((login.memory, login.timeout), (1769, Duration::from_secs(15)));
    assert_eq!(login.function_name, "latchkey-login");
    assert_eq!(login.environment["TABLE_PREFIX"], "latchkey-");
    assert_eq!(login.environment["BCRYPT_COST"], "12");
    let origins: Vec<_> = login.environment["ALLOWED_ORIGINS"].split(',').collect();
    assert_eq!(origins[..2], ["http://localhost:9000", "http://127.0.0.1:9000"]);
    // web/example and web/pages, as their vite.config.ts serve them.
    assert!(origins.contains(&"http://localhost:5173") && origins.contains(&"http://localhost:5174"));
    assert_eq!(login.routes, [Route::new("ANY", "/api/v1/auth/login")]);
}

#[test]
fn a_secret_decides_the_algorithm_and_a_kms_key_encrypts_the_keys() {
    let algorithm = |template: &Template| {
        let functions = template.functions().expect("functions");
        let all: std::collections::BTreeSet<_> =
            functions.iter().map(|function| function.environment["ALGORITHM"].clone()).collect();
        all.into_iter().collect::<Vec<_>>()
    };
    assert_eq!(algorithm(&ours()), ["ES256"]);
    assert_eq!(algorithm(&ours().with("SigningAlgorithm", "RS256")), ["RS256"]);
    assert_eq!(algorithm(&ours().with("SecretKey", "secret").with("SigningAlgorithm", "RS256")), ["HS256"]);
    let encryption = |template: &Template| {
        let table = template.document["Resources"]["SigningKeysTable"]["Properties"].clone();
        template.resolve(&table["SSESpecification"]).expect("resolves")
    };
    assert_eq!(encryption(&ours()), Value::Null);
    let key = "arn:aws:kms:eu-west-1:123456789012:key/1";
    assert_eq!(encryption(&ours().with("SigningKeysKmsKey", key))["KMSMasterKeyId"], key);
}

// OP7
#[test]
fn whoever_reads_or_writes_signing_keys_may_use_the_operators_kms_key() {
    let ours = ours();
    let roles = |policy: &str| {
        let roles = &ours.document["Resources"][policy]["Properties"]["Roles"];
        let names = roles.as_array().expect("a list").iter().map(|role| text(&role["Ref"]));
        names.map(|name| name.trim_end_matches("FunctionRole").to_lowercase()).collect::<Vec<_>>()
    };
    for (policy, action) in [("SigningKeysReaders", "Query"), ("SigningKeysWriters", "PutItem")] {
        let mut named = roles(policy);
        named.sort();
        let policies = ours.policies().expect("policies").into_iter();
        let granted = policies.filter(|(_, policy)| policy.allows(action, "SigningKeys"));
        assert_eq!(named, granted.map(|(name, _)| name).collect::<Vec<_>>(), "{policy}");
    }
}

#[test]
fn tables_carry_keys_ttl_and_stream() {
    let tables = ours().tables().expect("tables");
    assert_eq!(tables.len(), 10);
    let find = |name: &str| tables.iter().find(|table| table.name == name).expect("a table");
    assert_eq!(find("latchkey-Credentials").ttl, None);
    assert_eq!(find("latchkey-Sessions").ttl.as_deref(), Some("expires_at"));
    assert_eq!(find("latchkey-Sessions").create["KeySchema"][1]["AttributeName"], "session_id");
    let index = &find("latchkey-Audit").create["GlobalSecondaryIndexes"][0]["IndexName"];
    assert_eq!(index, "ByDay");
    let stream = &find("latchkey-Outbox").create["StreamSpecification"];
    assert_eq!(stream, &json!({ "StreamEnabled": true, "StreamViewType": "NEW_IMAGE" }));
}

#[test]
fn the_outbox_feeds_the_mailer() {
    let sources = ours().event_sources().expect("event sources");
    let [source] = sources.as_slice() else { panic!("one event source: {sources:?}") };
    assert_eq!((source.function.as_str(), source.table.as_str()), ("MailerFunction", "latchkey-Outbox"));
    assert_eq!((source.batch_size, source.retries), (10, 10));
    assert!(source.bisect && source.reports_failures);
    assert_eq!(source.filters.len(), 1);
}

#[test]
fn the_example_events_are_of_the_templates_routes() {
    let events = Path::new(env!("CARGO_MANIFEST_DIR")).join("../events");
    let filters = &ours().event_sources().expect("event sources")[0].filters;
    for function in ours().functions().expect("functions") {
        let file = events.join(format!("{}.json", function.name));
        let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file:?}: {error}"));
        let event: Value = serde_json::from_str(&text).expect("JSON");
        match function.routes.as_slice() {
            [] if function.name == "rotate" => assert_eq!(event["detail-type"], "Scheduled Event"),
            [] if function.name == "authorizer" => assert_eq!(event["type"], "REQUEST"),
            [] => assert!(crate::filter::passes(filters, &event["Records"][0]), "{file:?}"),
            routes => {
                let is_of = |route: &Route| {
                    (&event["routeKey"], &event["rawPath"]) == (&json!(route.key()), &json!(route.path()))
                };
                assert!(routes.iter().any(is_of), "{file:?}");
            }
        }
    }
}

#[test]
fn a_parameter_without_a_value_is_named() {
    let yaml = "Parameters: {Key: {Type: String}}\nResources: {T: {Type: 'AWS::DynamoDB::Table', \
                Properties: {TableName: !Ref Key}}}";
    let error = Template::parse(yaml).expect("a template").tables().expect_err("no value").to_string();
    assert!(error.contains("`Key`"), "{error}");
}
