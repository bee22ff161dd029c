//! Each function's app, as its deployed one: it reaches DynamoDB under its own name, and so under its own policy, and
//! has the secret only if the template gives it.

use std::{collections::BTreeMap, path::Path};

use aws_config::SdkConfig;
use latchkey_local::template::{FunctionSpec, Template};
use shared::{
    app::{App, KeylessApp},
    config::{Config, SecretKey},
    store::Store,
    token::Tokens,
};

use crate::{call::Call, world::SECRET};

/// All functions of the template.
pub(crate) struct Functions {
    specs: Vec<FunctionSpec>,
    with_key: BTreeMap<String, App>,
    keyless: BTreeMap<String, KeylessApp>,
}

impl Functions {
    /// Functions that reach DynamoDB through the proxy at `proxy`.
    pub fn new(specs: Vec<FunctionSpec>, aws: &SdkConfig, proxy: &str, config: &Config) -> Self {
        let (mut with_key, mut keyless) = (BTreeMap::new(), BTreeMap::new());
        for FunctionSpec { name, environment, .. } in &specs {
            let aws = caller(aws, proxy, name);
            if environment.contains_key("SECRET_KEY") {
                with_key.insert(name.clone(), app(&aws, config));
            } else {
                keyless.insert(name.clone(), keyless_app(&aws, config));
            }
        }
        Self { specs, with_key, keyless }
    }

    /// The function to which the gateway would send a call.
    pub fn serving(&self, call: &Call) -> &str {
        let path = format!("/api/v1{}", call.path);
        let routes = self.specs.iter().flat_map(|spec| spec.routes.iter().map(move |route| (spec, route)));
        let matching = routes.filter(|(_, route)| route.matches(&call.method, &path).is_some());
        let best = matching.max_by_key(|(_, route)| route.precision());
        best.map_or_else(
            || panic!("no function answers {} {path}", call.method),
            |(spec, _)| spec.name.as_str(),
        )
    }

    /// The app of a function that makes or checks tokens.
    pub fn app(&self, function: &str) -> &App {
        self.with_key.get(function).unwrap_or_else(|| panic!("the template gives {function} no SECRET_KEY"))
    }

    /// The app of a function that does neither.
    pub fn keyless(&self, function: &str) -> &KeylessApp {
        self.keyless.get(function).unwrap_or_else(|| panic!("the template gives {function} the SECRET_KEY"))
    }
}

/// The template that all of this is made from.
pub fn template() -> Template {
    let template = Template::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../template.yaml"));
    template.expect("template.yaml").with_local_values(9000, SECRET)
}

/// The SDK's settings under which the proxy knows who calls.
pub(crate) fn caller(aws: &SdkConfig, proxy: &str, name: &str) -> SdkConfig {
    aws.to_builder().endpoint_url(format!("{proxy}/{name}")).build()
}

pub(crate) fn app(aws: &SdkConfig, config: &Config) -> App {
    let KeylessApp { config, store, .. } = keyless_app(aws, config);
    let secret = SecretKey::from_text(SECRET).expect("long enough");
    App { tokens: Tokens::new(&secret, &config), config, store }
}

pub(crate) fn keyless_app(aws: &SdkConfig, config: &Config) -> KeylessApp {
    KeylessApp { config: config.clone(), store: Store::new(aws, config), tokens: () }
}
