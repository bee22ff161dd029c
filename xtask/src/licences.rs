//! Whether each dependency may be used: its licence is on the list, and it comes from a registry.

use anyhow::{Result, bail};
use serde_json::Value;
use spdx::{Expression, LicenseReq, ParseMode};

use crate::{
    npm_dependencies,
    steps::Done,
    workspace::{Workspace, metadata},
};

/// Licences that ask for no more than a notice.
const ALLOWED: [&str; 13] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Looks at every package of `Cargo.lock`, those for other platforms too, and at what `web/` ships of npm's; names each
/// that can't stay.
pub fn check(workspace: &Workspace) -> Result<Done> {
    let metadata = metadata(&["--locked"])?;
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut refused: Vec<String> = packages.iter().filter_map(refusal).collect();
    refused.extend(npm_dependencies::refused_licences(&workspace.root)?);
    if !refused.is_empty() {
        bail!("{} can't be used:\n  - {}", refused.len(), refused.join("\n  - "));
    }
    let foreign = packages.iter().filter(|package| !package["source"].is_null()).count();
    println!("{foreign} dependencies, each under a licence of the list in xtask/src/licences.rs");
    Ok(Done::Whole)
}

/// Why a package of `cargo metadata` can't be used. Our own, which have no source, always can.
fn refusal(package: &Value) -> Option<String> {
    let source = package["source"].as_str()?;
    let why = if !source.starts_with("registry+") && !source.starts_with("sparse+") {
        Some(format!("comes from {source}, not from a registry"))
    } else {
        match package["license"].as_str() {
            Some(licence) => unacceptable(licence),
            None => Some("names no licence".to_owned()),
        }
    };
    let name = package["name"].as_str().unwrap_or("?");
    let version = package["version"].as_str().unwrap_or("?");
    why.map(|why| format!("{name} {version}: {why}"))
}

/// Why an SPDX expression can't be met by the list. `MIT/Apache-2.0`, an older way to write OR, is understood.
pub fn unacceptable(licence: &str) -> Option<String> {
    match Expression::parse_mode(licence, ParseMode::LAX) {
        Ok(expression) if expression.evaluate(is_allowed) => None,
        Ok(_) => Some(format!("its licence `{licence}` isn't on the list")),
        Err(error) => Some(format!("its licence `{licence}` isn't SPDX: {}", error.reason)),
    }
}

/// An exception (`WITH ...`) only ever permits more.
fn is_allowed(required: &LicenseReq) -> bool {
    required.license.id().is_some_and(|id| ALLOWED.contains(&id.name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_expression_is_met_or_not() {
        for (licence, met) in [
            ("MIT", true),
            ("MIT OR Apache-2.0", true),
            ("MIT/Apache-2.0", true),
            ("Apache-2.0 / MIT", true),
            ("GPL-3.0-only OR MIT", true),
            ("MIT OR Apache-2.0 OR LGPL-2.1-or-later", true),
            ("Apache-2.0 WITH LLVM-exception", true),
            ("ISC AND (Apache-2.0 OR ISC) AND BSD-3-Clause", true),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
            ("MIT AND GPL-3.0-only", false),
            ("(MIT OR Apache-2.0) AND OpenSSL", false),
            ("AGPL-3.0-or-later", false),
            ("MPL-2.0", false),
            ("LicenseRef-Ours", false),
            ("free for all", false),
            ("", false),
        ] {
            assert_eq!(unacceptable(licence).is_none(), met, "{licence}");
        }
    }

    #[test]
    fn a_package_needs_a_registry_and_a_licence() {
        let registry = "registry+https://github.com/rust-lang/crates.io-index";
        for (source, licence, usable) in [
            (json!(null), json!(null), true),
            (json!(registry), json!("MIT"), true),
            (json!("sparse+https://example.com/"), json!("MIT"), true),
            (json!(registry), json!(null), false),
            (json!("git+https://github.com/a/b#c"), json!("MIT"), false),
        ] {
            let package = json!({"name": "a", "version": "1.0.0", "source": source, "license": licence});
            assert_eq!(refusal(&package).is_none(), usable, "{package}");
        }
    }
}
