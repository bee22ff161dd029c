//! Starts everything in order, and stops it.

use std::{io::ErrorKind, path::PathBuf, sync::Arc, time::Duration};

use tokio::{net::TcpListener, sync::watch, task::JoinHandle, time::timeout};

use crate::{
    Error, account, console,
    contract::Contract,
    data,
    dynamodb::{self, Database, Engine},
    function::Function,
    gateway::Gateway,
    launch::{self, given},
    outbox::{DeadLetters, Pump},
    pages::Pages,
    previews::Previews,
    ses::Ses,
    settings_check,
    site::Site,
    template::Template,
};

/// How to start.
pub struct Options {
    /// `template.yaml`.
    pub template: PathBuf,
    /// `openapi.yaml`.
    pub contract: PathBuf,
    /// The folder of the mails' templates.
    pub mails: PathBuf,
    /// The folder of the built pages.
    pub pages: PathBuf,
    /// Where the functions' binaries lie.
    pub binaries: PathBuf,
    /// Where data outlive a restart. None: in memory.
    pub data: Option<PathBuf>,
    /// Instances of one function, at most.
    pub concurrency: usize,
    /// How long the outbox waits before it tries a failed delivery again; doubled each time.
    pub first_wait: Duration,
    /// Whether to create the account to try.
    pub account: bool,
}

/// The two ports, taken before anything else is done.
pub struct Ports {
    gateway: TcpListener,
    dynamodb: TcpListener,
}

/// A running cloud.
pub struct Cloud {
    /// The base of every call.
    pub api: String,
    /// The page with every route.
    pub docs: String,
    /// The page with the mails.
    pub inbox: String,
    /// Whether the pages for users were built.
    pub has_pages: bool,
    /// What `AWS_ENDPOINT_URL_DYNAMODB` takes.
    pub dynamodb: String,
    /// Whether there is the account to try.
    pub has_account: bool,
    /// What is wrong with the settings, if anything is: functions that read them won't start.
    pub complaint: Option<String>,
    functions: Vec<Arc<Function>>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    _engine: Engine,
    _lock: Option<std::fs::File>,
}

impl Ports {
    /// Takes both ports of 127.0.0.1; 0 stands for any free one.
    ///
    /// # Errors
    /// When one is taken; names it, and the flag that changes it.
    pub async fn take(gateway: u16, dynamodb: u16) -> Result<Self, Error> {
        Ok(Self {
            gateway: take(gateway, "--port").await?,
            dynamodb: take(dynamodb, "--dynamodb-port").await?,
        })
    }
}

impl Cloud {
    /// Starts everything; functions start with their first request.
    ///
    /// # Errors
    /// When the template, the data folder or a binary is not as it must be.
    pub async fn start(options: &Options, ports: Ports) -> Result<Self, Error> {
        let port = ports.gateway.local_addr()?.port();
        let (db, lock) = match &options.data {
            Some(folder) => {
                data::make(folder)?;
                let lock = data::lock(folder)?;
                (dynamodb::open(folder)?, Some(lock))
            }
            None => (Database::memory()?, None),
        };
        let mut template = Template::read(&options.template)?.with_local_values(port);
        // The gateway's CORS must know the front end that the functions know, and our own pages are one, too; and a secret
        // decides the algorithm, too.
        if let Some(origins) = given("ALLOWED_ORIGINS") {
            template = template.with("FrontendOrigins", &format!("{origins},http://localhost:{port}"));
        }
        if let Some(secret) = given("SECRET_KEY") {
            template = template.with("SecretKey", &secret);
        }
        let mut engine = Engine::start(db, &template, ports.dynamodb)?;
        engine.sweep_every(Duration::from_secs(1));

        let (stop, stopping) = watch::channel(false);
        let endpoints = [
            ("AWS_ENDPOINT_URL_DYNAMODB", engine.url.clone()),
            ("AWS_ENDPOINT_URL_SES", format!("http://127.0.0.1:{port}/ses")),
        ];
        let launches = launch::launches(&template, &options.binaries, &endpoints, &stopping)?;
        let functions: Vec<_> = launches
            .into_iter()
            .map(|(spec, launch)| Arc::new(Function::new(spec, launch, options.concurrency)))
            .collect();

        let dead_letters = Arc::new(DeadLetters::default());
        let mut tasks = pumps(&template, options, &engine, &functions, &dead_letters, &stopping)?;
        let complaint = settings_check::complaint(&options.binaries, &functions).await;
        let previews = Previews::new(&options.binaries, &options.mails, &functions);
        let contract = Contract::new(options.contract.clone());
        let settings = functions.iter().flat_map(|function| function.spec.environment.clone()).collect();
        let site = Site::new(options.pages.clone(), &template, &settings)?;
        let has_pages = site.is_built();
        let (ses, dynamodb) = (Ses::default(), engine.url.clone());
        let pages = Arc::new(Pages { ses, dead_letters, previews, contract, site, dynamodb });
        let gateway = Gateway::new(&functions, template.cors()?, pages);
        tasks.push(tokio::spawn(async move {
            if let Err(error) = gateway.serve(ports.gateway, stopping).await {
                console::note(&format!("the gateway stopped: {error}"));
            }
        }));

        let mut has_account = false;
        if options.account {
            match account::ensure(&engine, &options.binaries, &settings).await {
                Ok(()) => has_account = true,
                Err(error) => console::note(&format!("no account to try: {error}")),
            }
        }
        // By name: to browsers 127.0.0.1 is another site than a front end on localhost, and its cookies are dropped.
        let url = format!("http://localhost:{port}");
        let (api, docs, inbox) = (format!("{url}/api/v1"), format!("{url}/docs"), format!("{url}/inbox"));
        Ok(Self {
            api,
            docs,
            inbox,
            has_pages,
            dynamodb: engine.url.clone(),
            has_account,
            complaint,
            _lock: lock,
            functions,
            stop,
            tasks,
            _engine: engine,
        })
    }

    /// Stops everything and waits until all processes are gone.
    pub async fn stop(self) {
        _ = self.stop.send(true);
        for function in &self.functions {
            function.stop().await;
        }
        for task in self.tasks {
            // An open connection of a browser must not hold us up.
            _ = timeout(Duration::from_millis(500), task).await;
        }
    }
}

/// One pump for each event source of the template, running.
fn pumps(
    template: &Template,
    options: &Options,
    engine: &Engine,
    functions: &[Arc<Function>],
    dead_letters: &Arc<DeadLetters>,
    stopping: &watch::Receiver<bool>,
) -> Result<Vec<JoinHandle<()>>, Error> {
    let mut tasks = Vec::new();
    for source in template.event_sources()? {
        let function = functions.iter().find(|function| function.spec.resource == source.function);
        let function = function.ok_or_else(|| format!("{} is no function", source.function))?;
        let position = options.data.as_ref().map(|data| data.join(format!("{}.position", source.table)));
        let pump = Pump {
            source,
            db: engine.db.clone(),
            function: Arc::clone(function),
            dead_letters: Arc::clone(dead_letters),
            first_wait: options.first_wait,
            position,
            stopping: stopping.clone(),
        };
        tasks.push(tokio::spawn(pump.run()));
    }
    Ok(tasks)
}

async fn take(port: u16, flag: &str) -> Result<TcpListener, Error> {
    TcpListener::bind(("127.0.0.1", port)).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => format!(
            "port {port} is taken by another program; choose another with {flag}, such as {flag} {}",
            port + 1
        )
        .into(),
        _ => format!("can't listen on port {port} ({flag}): {error}").into(),
    })
}
