//! How the functions of the template are started.

use std::{collections::BTreeMap, env, path::Path};

use tokio::sync::watch;

use crate::{
    Error,
    instance::Launch,
    template::{FunctionSpec, Template, intrinsics::REGION},
};

/// What every AWS SDK wants to have, and nobody checks here.
pub const CREDENTIALS: [(&str, &str); 4] = [
    ("AWS_REGION", REGION),
    ("AWS_DEFAULT_REGION", REGION),
    ("AWS_ACCESS_KEY_ID", "local"),
    ("AWS_SECRET_ACCESS_KEY", "local"),
];

/// Every function of the template, and how its binary in `binaries` is started with `endpoints` in its environment.
///
/// # Errors
/// When the template is not as it must be, or a binary is missing.
pub fn launches(
    template: &Template,
    binaries: &Path,
    endpoints: &[(&str, String)],
    stopping: &watch::Receiver<bool>,
) -> Result<Vec<(FunctionSpec, Launch)>, Error> {
    let mut launches = Vec::new();
    for mut spec in template.functions()? {
        let binary = binaries.join(&spec.name);
        if !binary.is_file() {
            let binary = binary.display();
            return Err(format!("{binary} is not built: run `cargo build --workspace --bins`").into());
        }
        prefer_own_environment(&mut spec.environment);
        let launch = Launch {
            name: spec.name.clone(),
            binary,
            environment: environment(&spec, endpoints),
            stopping: stopping.clone(),
        };
        launches.push((spec, launch));
    }
    Ok(launches)
}

/// Everything that a function's process sees. Where things are is ours to say: a shell that names another database for
/// the operator's command must not send the functions there.
fn environment(spec: &FunctionSpec, endpoints: &[(&str, String)]) -> Vec<(String, String)> {
    let mut environment = spec.environment.clone();
    let mut set = |name: &str, value: &str| _ = environment.insert(name.to_owned(), value.to_owned());
    for (name, value) in CREDENTIALS {
        set(name, value);
    }
    for (name, value) in endpoints {
        set(name, value);
    }
    set("AWS_LAMBDA_FUNCTION_NAME", &spec.function_name);
    set("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
    set("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", &spec.memory.to_string());
    set("AWS_LAMBDA_LOG_GROUP_NAME", &format!("/aws/lambda/{}", spec.function_name));
    set("AWS_LAMBDA_LOG_STREAM_NAME", "local");
    set("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
    set("_HANDLER", "bootstrap");
    set("TZ", ":UTC");
    environment.into_iter().collect()
}

/// A setting that the template names may be given from outside, for one run; but the tables are the template's.
fn prefer_own_environment(environment: &mut BTreeMap<String, String>) {
    // The template was given these, and our own origin with them.
    let given_before = ["ALLOWED_ORIGINS", "TABLE_PREFIX"];
    for (name, value) in environment.iter_mut().filter(|(name, _)| !given_before.contains(&name.as_str())) {
        if let Some(own) = given(name) {
            *value = own;
        }
    }
}

/// A variable of our own environment.
#[expect(clippy::disallowed_methods, reason = "our own environment is handed on to the functions")]
pub fn given(name: &str) -> Option<String> {
    env::var(name).ok()
}
