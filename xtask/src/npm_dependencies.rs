//! The same two questions about what npm brings: known vulnerabilities, and licences of what a front end ships.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{
    command::{self, program},
    licences::unacceptable,
    steps::Done,
    web,
};

/// Asks the registry about every package of `web/package-lock.json`, those that only build and test, too.
pub fn audit(root: &Path) -> Result<Done> {
    if !web::has_node() {
        return Ok(Done::Skipped(web::NO_NODE));
    }
    let arguments = ["audit", "--json", "--package-lock-only"];
    let output = command::capture(&mut program("npm", &arguments, &root.join("web")))?;
    let report: Value =
        serde_json::from_slice(&output.stdout).context("`npm audit --json` printed no JSON")?;
    match vulnerable(&report) {
        None => Ok(Done::Skipped("the npm registry doesn't answer `npm audit` here")),
        Some(names) if names.is_empty() => Ok(Done::Whole),
        Some(names) => bail!("known vulnerabilities, see `npm audit` in web/: {}", names.join(", ")),
    }
}

/// The names of packages with known vulnerabilities. None: the registry gave no report.
fn vulnerable(report: &Value) -> Option<Vec<&str>> {
    report.get("auditReportVersion")?;
    Some(report["vulnerabilities"].as_object()?.keys().map(String::as_str).collect())
}

/// Why packages of `web/package-lock.json` can't be shipped. What only builds and tests, may have any licence.
pub fn refused_licences(root: &Path) -> Result<Vec<String>> {
    let path = root.join("web/package-lock.json");
    let text = fs::read_to_string(&path).with_context(|| format!("can't read {}", path.display()))?;
    let lock: Value = serde_json::from_str(&text).with_context(|| format!("{}", path.display()))?;
    let packages = lock["packages"].as_object().context("package-lock.json has no packages")?;
    Ok(packages.iter().filter_map(|(path, package)| refusal(path, package)).collect())
}

/// Why a package of the lock file can't be shipped. Our own are links and folders outside `node_modules`.
fn refusal(path: &str, package: &Value) -> Option<String> {
    let (_, name) = path.rsplit_once("node_modules/")?;
    if package["link"] == true || package["dev"] == true {
        return None;
    }
    let why = match package["license"].as_str() {
        Some(licence) => unacceptable(licence)?,
        None => "names no licence".to_owned(),
    };
    Some(format!("{name} {}: {why}", package["version"].as_str().unwrap_or("?")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_report_names_packages_and_a_refusal_of_the_registry_is_no_report() {
        let clean = json!({ "auditReportVersion": 2, "vulnerabilities": {} });
        assert_eq!(vulnerable(&clean), Some(vec![]));
        let bad = json!({ "auditReportVersion": 2, "vulnerabilities": { "axios": { "severity": "high" } } });
        assert_eq!(vulnerable(&bad), Some(vec!["axios"]));
        let refused = json!({ "message": "405 Method Not Allowed", "statusCode": 405, "error": {} });
        assert_eq!(vulnerable(&refused), None);
    }

    #[test]
    fn what_ships_needs_a_licence_of_the_list() {
        for (path, package, usable) in [
            ("node_modules/axios", json!({ "version": "1.0.0", "license": "MIT" }), true),
            ("node_modules/axios", json!({ "version": "1.0.0", "license": "GPL-3.0-only" }), false),
            ("node_modules/axios", json!({ "version": "1.0.0" }), false),
            ("node_modules/a/node_modules/@b/c", json!({ "license": "MPL-2.0" }), false),
            ("node_modules/axe-core", json!({ "license": "MPL-2.0", "dev": true }), true),
            ("node_modules/@latchkey/client", json!({ "link": true }), true),
            ("client", json!({ "version": "0.1.0" }), true),
        ] {
            assert_eq!(refusal(path, &package).is_none(), usable, "{path} {package}");
        }
    }
}
