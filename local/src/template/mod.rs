//! What `template.yaml` says: functions with their environments and routes, policies, tables, CORS, event sources.

mod conditions;
pub mod intrinsics;
mod page_headers;
pub mod policy;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, path::Path, time::Duration};

use serde_json::{Map, Value, json};

use self::intrinsics::{Resolver, text, to_json};
use crate::{Error, cors::Cors, route::Route};

/// A SAM template, with the values of its parameters.
#[derive(Debug, Clone)]
pub struct Template {
    document: Value,
    parameters: BTreeMap<String, Value>,
}

/// One `AWS::Serverless::Function`, everything resolved.
#[derive(Debug, Clone)]
pub struct FunctionSpec {
    /// The binary, which is also the folder in `functions/`.
    pub name: String,
    /// The resource's name in the template.
    pub resource: String,
    /// The name that the function has in AWS.
    pub function_name: String,
    /// Megabytes of memory.
    pub memory: u64,
    /// How long one invocation may take.
    pub timeout: Duration,
    /// Exactly the variables that the template gives it.
    pub environment: BTreeMap<String, String>,
    /// Calls that the gateway sends to it.
    pub routes: Vec<Route>,
}

/// One table.
#[derive(Debug, Clone)]
pub struct TableSpec {
    /// The resource's name in the template.
    pub resource: String,
    /// The table's name in DynamoDB.
    pub name: String,
    /// What `CreateTable` takes.
    pub create: Value,
    /// The attribute that ends an item's life.
    pub ttl: Option<String>,
}

impl TableSpec {
    /// The attribute whose value `dynamodb:LeadingKeys` means.
    pub fn partition_key(&self) -> &str {
        self.create["KeySchema"][0]["AttributeName"].as_str().unwrap_or_default()
    }
}

/// One `AWS::Lambda::EventSourceMapping` of a table's stream.
#[derive(Debug, Clone)]
pub struct EventSourceSpec {
    /// The resource's name of the function that it calls.
    pub function: String,
    /// The table whose stream it reads.
    pub table: String,
    /// Records to a call, at most.
    pub batch_size: usize,
    /// Event patterns, of which one must match. None: every record passes.
    pub filters: Vec<Value>,
    /// Calls after the first one, before a record is given up.
    pub retries: u32,
    /// Whether a failed batch is halved.
    pub bisect: bool,
    /// Whether the function tells which records failed.
    pub reports_failures: bool,
}

impl Template {
    /// Reads a template; parameters have their defaults.
    ///
    /// # Errors
    /// When the file can't be read or is no template.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let yaml = std::fs::read_to_string(path)
            .map_err(|error| format!("can't read {}: {error}", path.display()))?;
        Self::parse(&yaml).map_err(|error| format!("{}: {error}", path.display()).into())
    }

    /// Reads a template from its text.
    ///
    /// # Errors
    /// When the text is no template.
    pub fn parse(yaml: &str) -> Result<Self, Error> {
        let document = to_json(serde_yaml_ng::from_str(yaml)?)?;
        if !document["Resources"].is_object() {
            return Err("there are no Resources".into());
        }
        let parameters = (document["Parameters"].as_object().into_iter().flatten())
            .filter_map(|(name, parameter)| Some((name.clone(), parameter.get("Default")?.clone())))
            .collect();
        Ok(Self { document, parameters })
    }

    /// The same template with a value for a parameter; a list's items are separated by commas.
    #[must_use]
    pub fn with(mut self, parameter: &str, value: &str) -> Self {
        let list = self.document["Parameters"][parameter]["Type"] == "CommaDelimitedList";
        let value = if list { value.split(',').collect() } else { json!(value) };
        self.parameters.insert(parameter.to_owned(), value);
        self
    }

    /// The same template with the parameters that make sense on one machine.
    #[must_use]
    pub fn with_local_values(self, port: u16) -> Self {
        // Our own pages; front ends as tools serve them, web/example among them; web/pages as they are edited.
        let own = format!("http://localhost:{port},http://127.0.0.1:{port}");
        let origins = format!("{own},http://localhost:3000,http://localhost:5173,http://localhost:5174");
        self.with("FrontendOrigins", &origins)
            .with("SenderAddress", "no-reply@latchkey.example")
            .with("ResetUrl", &format!("http://localhost:{port}/reset-password"))
            .with("TokenIssuer", &format!("http://localhost:{port}"))
    }

    /// All functions, in the order of their names.
    ///
    /// # Errors
    /// When a parameter has no value, or a function is not built from a binary of ours.
    pub fn functions(&self) -> Result<Vec<FunctionSpec>, Error> {
        self.of_type("AWS::Serverless::Function").map(|(name, _)| self.function(name)).collect()
    }

    /// All tables.
    ///
    /// # Errors
    /// When a property can't be resolved.
    pub fn tables(&self) -> Result<Vec<TableSpec>, Error> {
        self.of_type("AWS::DynamoDB::Table").map(|(name, _)| self.table(name)).collect()
    }

    /// The API's CORS configuration.
    ///
    /// # Errors
    /// When the front end's origins have no value.
    pub fn cors(&self) -> Result<Cors, Error> {
        let api = self.of_type("AWS::Serverless::HttpApi").next();
        let configuration = api.map(|(_, api)| &api["Properties"]["CorsConfiguration"]);
        Ok(Cors::new(&self.resolve(configuration.unwrap_or(&Value::Null))?))
    }

    /// The mappings of streams to functions.
    ///
    /// # Errors
    /// When one names a stream or a function that the template does not have.
    pub fn event_sources(&self) -> Result<Vec<EventSourceSpec>, Error> {
        self.of_type("AWS::Lambda::EventSourceMapping")
            .map(|(name, mapping)| {
                let raw = &mapping["Properties"];
                let properties = self.resolve(raw)?;
                let table = raw["EventSourceArn"]["Fn::GetAtt"][0].as_str();
                let function = raw["FunctionName"]["Ref"].as_str();
                let (Some(table), Some(function)) = (table, function) else {
                    return Err(format!("{name} names no stream of a table and no function").into());
                };
                let filters = properties["FilterCriteria"]["Filters"].as_array().into_iter().flatten();
                let reports = properties["FunctionResponseTypes"].as_array();
                Ok(EventSourceSpec {
                    function: function.to_owned(),
                    table: self.table(table)?.name,
                    batch_size: properties["BatchSize"].as_u64().unwrap_or(100) as usize,
                    filters: filters
                        .map(|filter| serde_json::from_str(filter["Pattern"].as_str().unwrap_or_default()))
                        .collect::<Result<_, _>>()?,
                    retries: properties["MaximumRetryAttempts"].as_u64().unwrap_or(10_000) as u32,
                    bisect: properties["BisectBatchOnFunctionError"] == true,
                    reports_failures: reports
                        .is_some_and(|types| types.contains(&json!("ReportBatchItemFailures"))),
                })
            })
            .collect()
    }

    fn function(&self, resource: &str) -> Result<FunctionSpec, Error> {
        let globals = self.resolve(&self.document["Globals"]["Function"])?;
        let own = &self.document["Resources"][resource];
        let properties = self.resolve(&own["Properties"])?;
        let property = |name: &str| properties.get(name).or_else(|| globals.get(name)).cloned();
        let binary = own["Metadata"]["BuildProperties"]["Binary"].as_str();
        let variables =
            [&globals, &properties].map(|place| place["Environment"]["Variables"].as_object().cloned());
        let mut environment: BTreeMap<String, String> =
            (variables.into_iter().flatten().flatten()).map(|(name, value)| (name, text(&value))).collect();
        if let Some(format) = property("LoggingConfig").and_then(|logging| logging.get("LogFormat").cloned())
        {
            environment.insert("AWS_LAMBDA_LOG_FORMAT".to_owned(), text(&format));
        }
        let events = properties["Events"].as_object().into_iter().flatten();
        Ok(FunctionSpec {
            name: binary.ok_or_else(|| format!("{resource} names no binary to build"))?.to_owned(),
            resource: resource.to_owned(),
            function_name: property("FunctionName").map_or_else(|| resource.to_owned(), |name| text(&name)),
            memory: property("MemorySize").and_then(|size| size.as_u64()).unwrap_or(128),
            timeout: Duration::from_secs(property("Timeout").and_then(|time| time.as_u64()).unwrap_or(3)),
            environment,
            routes: events
                .filter(|(_, event)| event["Type"] == "HttpApi")
                .map(|(_, event)| {
                    let event = &event["Properties"];
                    Route::new(&text(&event["Method"]), &text(&event["Path"]))
                })
                .collect(),
        })
    }

    fn table(&self, resource: &str) -> Result<TableSpec, Error> {
        let properties = self.resolve(&self.document["Resources"][resource]["Properties"])?;
        let mut create = Map::new();
        let taken = [
            "TableName",
            "BillingMode",
            "AttributeDefinitions",
            "KeySchema",
            "GlobalSecondaryIndexes",
            "LocalSecondaryIndexes",
            "StreamSpecification",
        ];
        for key in taken {
            if let Some(value) = properties.get(key) {
                create.insert(key.to_owned(), value.clone());
            }
        }
        // CloudFormation knows a stream by its view type; the API wants it switched on besides.
        if let Some(stream) = create.get_mut("StreamSpecification") {
            stream["StreamEnabled"] = json!(true);
        }
        let ttl = &properties["TimeToLiveSpecification"];
        Ok(TableSpec {
            resource: resource.to_owned(),
            name: text(&properties["TableName"]),
            create: Value::Object(create),
            ttl: ttl["AttributeName"].as_str().filter(|_| ttl["Enabled"] == true).map(str::to_owned),
        })
    }

    fn resolve(&self, value: &Value) -> Result<Value, Error> {
        let resources = self.document["Resources"].as_object().ok_or("there are no Resources")?;
        let none = Map::new();
        let conditions = self.document["Conditions"].as_object().unwrap_or(&none);
        Ok(Resolver { resources, parameters: &self.parameters, conditions }.resolve(value)?)
    }

    fn of_type<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = (&'a String, &'a Value)> {
        let resources = self.document["Resources"].as_object().into_iter().flatten();
        resources.filter(move |(_, resource)| resource["Type"] == kind)
    }
}
