//! Python: virtual environments with what is pinned, and in one of them the template's linter cfn-lint, beside `sam` where
//! that is installed.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::{
    command::{self, program},
    steps::Done,
    tools::version,
    workspace::Workspace,
};

/// What cfn-lint's pinned release wants.
const OLDEST_PYTHON: &str = "3.10";

/// What has to be installed before the environment can be made, if anything.
pub fn missing() -> Option<String> {
    let Ok(told) = command::stdout(Command::new("python3").arg("--version")) else {
        return Some(
            "Python 3: `apt install python3 python3-venv`, or https://www.python.org/downloads/".to_owned(),
        );
    };
    let found = told.trim().trim_start_matches("Python ");
    if version(found) < version(OLDEST_PYTHON) {
        return Some(format!("Python {OLDEST_PYTHON} or newer (this is {found})"));
    }
    let can_make_environments =
        command::succeeds(Command::new("python3").args(["-c", "import venv, ensurepip"]));
    (!can_make_environments).then(|| "Python's venv: `apt install python3-venv`".to_owned())
}

/// Both linters: they find different faults.
pub fn lint_template(workspace: &Workspace) -> Result<Done> {
    let cfn_lint = installed_cfn_lint(workspace)?;
    let ours = workspace.root.join("template.yaml");
    let samples = templates_in(&workspace.root.join("docs/protect-routes"))?;
    for template in [ours].into_iter().chain(samples) {
        println!("cfn-lint {}", workspace.relative(&template));
        command::run(Command::new(&cfn_lint).arg(template).current_dir(&workspace.root))?;
    }

    if !command::succeeds(Command::new("sam").arg("--version").env("SAM_CLI_TELEMETRY", "0")) {
        return Ok(Done::Partly("without `sam validate`: the SAM CLI isn't installed"));
    }
    println!("sam validate --lint");
    let arguments = ["validate", "--lint", "--region", "eu-west-1"];
    command::run(program("sam", &arguments, &workspace.root).env("SAM_CLI_TELEMETRY", "0"))?;
    Ok(Done::Whole)
}

fn templates_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let unreadable = || format!("{} can't be read", folder.display());
    let entries = fs::read_dir(folder).with_context(unreadable)?;
    let paths =
        entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>().with_context(unreadable)?;
    let mut templates: Vec<_> = paths
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .collect();
    templates.sort();
    Ok(templates)
}

fn installed_cfn_lint(workspace: &Workspace) -> Result<PathBuf> {
    let environment = Environment {
        folder: workspace.target.join("venv"),
        pins: workspace.root.join("xtask/requirements.txt"),
        probe: &["-m", "cfnlint", "--version"],
    };
    environment.install(workspace).context("the template's linter can't be installed")?;
    Ok(environment.folder.join("bin/cfn-lint"))
}

/// A virtual environment.
pub struct Environment {
    /// Where it is.
    pub folder: PathBuf,
    /// The file that says what is in it.
    pub pins: PathBuf,
    /// What its Python does if that is there.
    pub probe: &'static [&'static str],
}

impl Environment {
    /// Makes it, or uses the one that was made for the same pins.
    pub fn install(&self, workspace: &Workspace) -> Result<()> {
        let Self { folder, pins, probe } = self;
        let wanted = fs::read_to_string(pins).with_context(|| format!("{} can't be read", pins.display()))?;
        let made_for = folder.join("requirements.txt");
        let python = folder.join("bin/python");

        let is_current = fs::read_to_string(&made_for).is_ok_and(|made| made == wanted);
        if is_current && command::succeeds(Command::new(&python).args(*probe)) {
            return Ok(());
        }
        println!("installing {} into {}", workspace.relative(pins), workspace.relative(folder));
        command::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder))?;
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
        command::run(Command::new(python).args(pip).arg(pins))?;
        fs::write(&made_for, wanted).with_context(|| format!("{} can't be written", made_for.display()))
    }
}
