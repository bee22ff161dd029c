//! Software that is not ours and verifies our tokens, `jose` and PyJWT: installed as pinned in `tests/foreign`, then
//! asked by the tests that wait for it; with it, what docs/verify-tokens tells services to do.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result};

use crate::{
    command,
    python::{self, Environment},
    results::{self, Run},
    steps::Done,
    workspace::Workspace,
};

/// Installs both, and runs the tests that are ignored without them.
pub fn run(workspace: &Workspace, tests: &mut Run) -> Result<Done> {
    if !command::succeeds(Command::new("npm").arg("--version")) {
        return Ok(Done::Skipped("npm isn't installed: `apt install npm`, or https://nodejs.org"));
    }
    if python::missing().is_some() {
        return Ok(Done::Skipped("Python 3.10 with venv isn't installed: `apt install python3-venv`"));
    }
    let folder = workspace.root.join("tests/foreign");
    install_packages(&folder)?;
    // docs/verify-tokens/verify.ts, for a Node.js that reads no types yet.
    command::run(&mut command::program("node_modules/.bin/tsc", &["--project", "."], &folder))?;
    let environment = Environment {
        folder: workspace.target.join("foreign"),
        pins: folder.join("requirements.txt"),
        probe: &["-c", "import jwt, cryptography"],
    };
    environment.install(workspace).context("PyJWT can't be installed")?;
    results::run_ignored(tests)
}

/// As `package-lock.json` says, unless that is what is there.
fn install_packages(folder: &Path) -> Result<()> {
    let wanted = fs::read_to_string(folder.join("package-lock.json")).context("package-lock.json")?;
    let made_for = folder.join("node_modules/made-for.json");
    if fs::read_to_string(&made_for).is_ok_and(|made| made == wanted) {
        return Ok(());
    }
    println!("installing tests/foreign/package-lock.json");
    let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    command::run(&mut command::program("npm", &arguments, folder)).context("jose can't be installed")?;
    fs::write(&made_for, wanted).with_context(|| format!("{} can't be written", made_for.display()))
}
