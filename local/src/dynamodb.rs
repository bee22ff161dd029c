//! DynamoDB on one machine: an engine in this process, with the template's tables, behind the real protocol.

use std::{path::Path, time::Duration};

pub use dynoxide::Database;
use dynoxide::actions::{
    create_table::CreateTableRequest, get_item::GetItemRequest, update_time_to_live::UpdateTimeToLiveRequest,
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{
    Error,
    template::{TableSpec, Template},
};

/// A running engine; it stops when this is dropped.
pub struct Engine {
    /// What `AWS_ENDPOINT_URL_DYNAMODB` takes.
    pub url: String,
    /// The engine itself, for looks past the protocol and for [`Database::sweep_ttl`].
    pub db: Database,
    tasks: Vec<JoinHandle<()>>,
}

/// An empty engine of its own on a free port of 127.0.0.1, with all tables of `template`. Expired items stay until
/// `engine.db.sweep_ttl()` is called, as they do for days on AWS.
///
/// # Errors
/// When the template's tables are refused.
pub async fn start_in_memory(template: &Template) -> Result<Engine, Error> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    Engine::start(Database::memory()?, template, listener)
}

/// Opens the database kept in `folder`, which exists, or makes one.
///
/// # Errors
/// When the folder can't be written, or the file is no database.
pub fn open(folder: &Path) -> Result<Database, Error> {
    let file = folder.join("dynamodb.sqlite");
    let name = file.to_str().ok_or("the data folder's name is no UTF-8")?;
    Ok(Database::new(name).map_err(|error| format!("can't open {name}: {error}"))?)
}

impl Engine {
    /// Creates those tables that `db` lacks and serves it on `listener`.
    ///
    /// # Errors
    /// When a table is refused, or an existing one has another key than the template's.
    pub fn start(db: Database, template: &Template, listener: TcpListener) -> Result<Self, Error> {
        for table in template.tables()? {
            create(&db, &table).map_err(|error| format!("table {}: {error}", table.name))?;
        }
        let url = format!("http://{}", listener.local_addr()?);
        let server = tokio::spawn(dynoxide::server::serve_on(listener, db.clone()));
        Ok(Self { url, db, tasks: vec![server] })
    }

    /// Deletes expired items once a `period`, which AWS does within days.
    pub fn sweep_every(&mut self, period: Duration) {
        let db = self.db.clone();
        self.tasks.push(tokio::spawn(async move {
            let mut clock = tokio::time::interval(period);
            loop {
                clock.tick().await;
                let db = db.clone();
                // It waits for other requests' turns: nothing for an async thread.
                _ = tokio::task::spawn_blocking(move || db.sweep_ttl()).await;
            }
        }));
    }

    /// Whether a table has an item with this key (`{"email": {"S": "ada@example.com"}}`).
    pub fn has(&self, table: &str, key: &Value) -> bool {
        let request: Result<GetItemRequest, _> =
            serde_json::from_value(json!({ "TableName": table, "Key": key }));
        let answer = request.ok().and_then(|request| self.db.get_item(request).ok());
        answer.and_then(|answer| serde_json::to_value(answer).ok()).is_some_and(|it| it["Item"].is_object())
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

fn create(db: &Database, table: &TableSpec) -> Result<(), Error> {
    match db.get_table_metadata(&table.name)? {
        Some(existing) => {
            let key: Value = serde_json::from_str(&existing.key_schema)?;
            if key != table.create["KeySchema"] {
                return Err("it was kept with another key than template.yaml gives it now; \
                            delete the data folder, or use --memory"
                    .into());
            }
        }
        None => {
            let request: CreateTableRequest = serde_json::from_value(table.create.clone())?;
            db.create_table(request)?;
        }
    }
    if let Some(attribute) = &table.ttl {
        let request: UpdateTimeToLiveRequest = serde_json::from_value(json!({
            "TableName": table.name,
            "TimeToLiveSpecification": { "AttributeName": attribute, "Enabled": true },
        }))?;
        db.update_time_to_live(request)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours() -> Template {
        Template::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../template.yaml")).expect("template.yaml")
    }

    #[tokio::test]
    async fn all_tables_of_the_template_are_there() {
        let engine = start_in_memory(&ours()).await.expect("an engine");
        assert_eq!(engine.db.table_count().expect("a count"), 10);
        assert!(!engine.has("latchkey-Users", &json!({ "user_id": { "S": "nobody" } })));
    }

    #[tokio::test]
    async fn a_kept_database_opens_again_and_refuses_another_key() {
        let folder = std::env::temp_dir().join(format!("latchkey-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir(&folder).expect("a folder");
        let tables = |hash: &str| {
            let yaml = format!(
                "Resources: {{T: {{Type: 'AWS::DynamoDB::Table', Properties: {{TableName: ttt, BillingMode: \
                 PAY_PER_REQUEST, AttributeDefinitions: [{{AttributeName: {hash}, AttributeType: S}}], \
                 KeySchema: [{{AttributeName: {hash}, KeyType: HASH}}]}}}}}}"
            );
            Template::parse(&yaml).expect("a template").tables().expect("tables")
        };
        for _ in 0..2 {
            create(&open(&folder).expect("a database"), &tables("a")[0]).expect("the same table");
        }
        let error = create(&open(&folder).expect("a database"), &tables("b")[0]).expect_err("another key");
        assert!(error.to_string().contains("--memory"), "{error}");
        std::fs::remove_dir_all(folder).expect("removed");
    }
}
