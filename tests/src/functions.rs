//! Each function's app, as its deployed one: it reaches DynamoDB under its own name, and so under its own policy, and
//! holds as much of the keys as it works with.

use std::{collections::BTreeMap, path::Path};

use aws_config::SdkConfig;
use futures::future::{join_all, join3};
use latchkey_local::template::{FunctionSpec, Template};
use shared::{
    app::{App, KeylessApp, SessionApp, VerifierApp},
    config::{Config, SecretKey},
    domain::Timestamp,
    keys::{KeySet, Keys},
    store::Store,
};

use crate::call::Call;

/// All functions of the template.
pub(crate) struct Functions {
    specs: Vec<FunctionSpec>,
    signers: BTreeMap<&'static str, App>,
    verifiers: BTreeMap<&'static str, VerifierApp>,
    sessions: BTreeMap<&'static str, SessionApp>,
    keyless: BTreeMap<String, KeylessApp>,
}

const SIGNERS: [&str; 3] = ["account", "login", "refresh"];
const VERIFIERS: [&str; 5] = ["admin", "authorizer", "keys", "me", "sessions"];
const SESSIONS: [&str; 1] = ["logout"];

impl Functions {
    /// Functions that reach DynamoDB through the proxy at `proxy`.
    pub fn new(specs: Vec<FunctionSpec>, aws: &SdkConfig, proxy: &str, kind: &Kind) -> Self {
        let of = |name: &str| caller(aws, proxy, name);
        let has_keys = |name: &str| SIGNERS.iter().chain(&VERIFIERS).chain(&SESSIONS).any(|own| *own == name);
        let keyless = specs.iter().filter(|spec| !has_keys(&spec.name));
        Self {
            signers: SIGNERS.map(|name| (name, kind.app(&of(name)))).into(),
            verifiers: VERIFIERS.map(|name| (name, kind.app(&of(name)))).into(),
            sessions: SESSIONS.map(|name| (name, kind.app(&of(name)))).into(),
            keyless: keyless.map(|spec| (spec.name.clone(), kind.keyless(&of(&spec.name)))).collect(),
            specs,
        }
    }

    /// Reads the keys, as each function does in its init phase.
    pub async fn start(&self, now: Timestamp) {
        join3(
            join_all(self.signers.values().map(|app| started(app, now))),
            join_all(self.verifiers.values().map(|app| started(app, now))),
            join_all(self.sessions.values().map(|app| started(app, now))),
        )
        .await;
    }

    /// The function to which the gateway would send a call.
    pub fn serving(&self, call: &Call) -> &str {
        let path = call.full_path();
        let routes = self.specs.iter().flat_map(|spec| spec.routes.iter().map(move |route| (spec, route)));
        let matching = routes.filter(|(_, route)| route.matches(&call.method, &path).is_some());
        let best = matching.max_by_key(|(_, route)| route.precision());
        best.map_or_else(
            || panic!("no function answers {} {path}", call.method),
            |(spec, _)| spec.name.as_str(),
        )
    }

    /// The app of a function that makes tokens.
    pub fn signer(&self, function: &str) -> &App {
        self.signers.get(function).unwrap_or_else(|| panic!("{function} makes no tokens"))
    }

    /// The app of a function that verifies access tokens.
    pub fn verifier(&self, function: &str) -> &VerifierApp {
        self.verifiers.get(function).unwrap_or_else(|| panic!("{function} only verifies no access tokens"))
    }

    /// The app of a function that reads refresh tokens alone.
    pub fn session(&self, function: &str) -> &SessionApp {
        self.sessions.get(function).unwrap_or_else(|| panic!("{function} has more than the session's key"))
    }

    /// The app of a function without keys.
    pub fn keyless(&self, function: &str) -> &KeylessApp {
        self.keyless.get(function).unwrap_or_else(|| panic!("{function} has keys"))
    }
}

/// How apps are made: with these settings, and the one secret if there is one.
pub(crate) struct Kind {
    pub config: Config,
    pub secret: Option<SecretKey>,
}

impl Kind {
    pub fn app<T: KeySet>(&self, aws: &SdkConfig) -> App<Keys<T>> {
        let KeylessApp { config, store, .. } = self.keyless(aws);
        let keys = self.secret.as_ref().map(|secret| Keys::of_secret(secret, &config));
        App { keys: keys.unwrap_or_else(Keys::of_table), config, store }
    }

    pub fn keyless(&self, aws: &SdkConfig) -> KeylessApp {
        KeylessApp { config: self.config.clone(), store: Store::new(aws, &self.config), keys: () }
    }
}

/// The template that all of this is made from.
pub fn template() -> Template {
    let template = Template::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../template.yaml"));
    template.expect("template.yaml").with_local_values(9000)
}

/// The SDK's settings under which the proxy knows who calls.
pub(crate) fn caller(aws: &SdkConfig, proxy: &str, name: &str) -> SdkConfig {
    aws.to_builder().endpoint_url(format!("{proxy}/{name}")).build()
}

async fn started<T: KeySet>(app: &App<Keys<T>>, now: Timestamp) {
    app.keys(now).await.expect("the keys can be read");
}
