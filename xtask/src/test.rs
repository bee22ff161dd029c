//! `cargo xtask test`: every check, then the report.

use std::process::ExitCode;

use anyhow::Result;

use crate::{
    audit,
    command::{self, cargo},
    foreign, licences, npm_dependencies, python, report,
    results::{self, Run},
    steps::{Done, Steps},
    tools, web,
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
    Web,
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
            "web" => Self::Web,
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
    let builds = [
        (Part::Tests, "build --workspace --all-targets --locked"),
        (Part::Tokens, "build --workspace --all-targets --locked"),
        (Part::Web, "build --workspace --bins --locked"),
    ];
    let build = builds.into_iter().find(|(part, _)| wants(*part));
    if let Some((_, arguments)) = build
        && !steps.run("Build", || cargo_step(arguments))
    {
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
    if wants(Part::Web) {
        web::check(&mut steps, &workspace, &mut tests);
    }
    if wants(Part::Template) {
        steps.run("Template", || python::lint_template(&workspace));
    }
    if wants(Part::Dependencies) {
        steps.run("Licences", || licences::check(&workspace));
        steps.run("Advisories", audit::check);
        steps.run("npm audit", || npm_dependencies::audit(&workspace.root));
    }
    if wants(Part::Tests) {
        let dependencies = ["Licences", "Advisories", "npm audit"];
        let checked: &[_] = if steps.passed_whole(&dependencies) { &["OP9"] } else { &[] };
        steps.run("Report", || report::print(&workspace, &tests, checked, options.verbose));
    }
    steps.summarise();
    if build.is_some() {
        tests.print_closing_lines();
    }
    Ok(steps.all_passed())
}

fn cargo_step(arguments: &str) -> Result<Done> {
    command::run(cargo().args(arguments.split(' ')))?;
    Ok(Done::Whole)
}
