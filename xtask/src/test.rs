//! `cargo xtask test`: every check, then the report.

use std::process::ExitCode;

use anyhow::Result;

use crate::{
    audit,
    command::{self, cargo},
    foreign, licences, python, report,
    results::{self, Run},
    steps::{Done, Steps},
    tools,
    workspace::Workspace,
};

/// What the caller asked for.
#[derive(Default)]
pub struct Options {
    /// List each promise with its tests.
    pub verbose: bool,
    /// This part alone.
    pub only: Option<Part>,
}

/// What can be run alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    Fmt,
    Clippy,
    Tests,
    Tokens,
    Template,
    Dependencies,
}

impl Part {
    /// The part by the name that the command line gives it.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "fmt" => Self::Fmt,
            "clippy" => Self::Clippy,
            "tests" => Self::Tests,
            "tokens" => Self::Tokens,
            "template" => Self::Template,
            "dependencies" => Self::Dependencies,
            _ => return None,
        })
    }
}

/// Runs the parts asked for. They are independent, so that one run names everything that is wrong; but what doesn't
/// build can't be tested.
pub fn run(options: &Options) -> ExitCode {
    match try_run(options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("{failure:#}");
            ExitCode::FAILURE
        }
    }
}

fn try_run(options: &Options) -> Result<bool> {
    let wants = |part| options.only.is_none_or(|only| only == part);
    tools::check(wants(Part::Template))?;
    let workspace = Workspace::load()?;

    let mut steps = Steps::default();
    if wants(Part::Fmt) {
        steps.run("Formatting", || cargo_step("fmt --all --check"));
    }
    if wants(Part::Clippy) {
        steps.run("Lints", || cargo_step("clippy --workspace --all-targets --locked -- -D warnings"));
    }
    // The tests start the binaries. With all targets, features are unified as `cargo test` unifies them, and nothing
    // is compiled twice.
    let builds = wants(Part::Tests) || wants(Part::Tokens);
    if builds && !steps.run("Build", || cargo_step("build --workspace --all-targets --locked")) {
        steps.summarise();
        return Ok(false);
    }
    let mut tests = Run::default();
    if wants(Part::Tests) {
        steps.run("Tests", || results::run(&mut tests));
    }
    if wants(Part::Tokens) {
        steps.run("Foreign", || foreign::run(&workspace, &mut tests));
    }
    if wants(Part::Template) {
        steps.run("Template", || python::lint_template(&workspace));
    }
    if wants(Part::Dependencies) {
        steps.run("Licences", licences::check);
        steps.run("Advisories", audit::check);
    }
    if wants(Part::Tests) {
        let checked: &[_] = if steps.passed_whole(&["Licences", "Advisories"]) { &["OP9"] } else { &[] };
        steps.run("Report", || report::print(&workspace, &tests, checked, options.verbose));
    }
    steps.summarise();
    if builds {
        tests.print_closing_lines();
    }
    Ok(steps.all_passed())
}

fn cargo_step(arguments: &str) -> Result<Done> {
    command::run(cargo().args(arguments.split(' ')))?;
    Ok(Done::Whole)
}
