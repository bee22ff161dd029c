//! The project's own tasks, run as `cargo xtask <task>`.
//!
//! [`test`] is the whole test run, and [`steps`] times and remembers its parts. [`tools`] looks for what must be
//! installed, [`results`] runs the tests and reads their lines while [`relay`] shows them, [`foreign`] has others verify
//! our tokens, [`python`] lints the template, [`audit`], [`licences`] and [`npm_dependencies`] look at the dependencies,
//! [`web`] checks the front end in [`chromium`] and reads what vitest says ([`web_results`]). [`promises`] lists what the
//! service promises, [`scan`] and [`web_scan`] find the tests that name it, [`evidence`] joins both with what the tests
//! just said, [`report`] prints it.

#![expect(clippy::print_stdout, reason = "printing is this program's job")]

mod audit;
mod chromium;
mod command;
mod dev;
mod evidence;
mod foreign;
mod licences;
mod npm_dependencies;
mod promises;
mod python;
mod relay;
mod report;
mod results;
mod scan;
mod steps;
mod test;
mod tools;
mod web;
mod web_results;
mod web_scan;
mod workspace;

use std::{env, process::ExitCode};

use test::{Options, Part};

const HELP: &str = "\
cargo xtask test      formatting, lints, build, tests, front end, template, dependencies, and the report of what was shown
    --verbose         the report lists each promise with the tests that show it
    --only PART       one part alone: fmt, clippy, tests, tokens, web, template or dependencies
cargo dev             builds the functions and runs the cloud on this machine; `cargo dev --help` tells its flags
cargo xtask help      this page

CHROMIUM=FILE         the browser of the front end's tests, instead of the first one found
RUSTSEC_DB=DIR        a checkout of https://github.com/RustSec/advisory-db for `cargo audit`, instead of fetching one";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.split_first() {
        Some((&"test", flags)) => match options(flags) {
            Ok(options) => test::run(&options),
            Err(unclear) => refuse(&unclear),
        },
        Some((&"dev", flags)) => match dev::run(flags) {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => {
                eprintln!("error: {failure:#}");
                ExitCode::FAILURE
            }
        },
        Some((&("help" | "--help" | "-h"), _)) | None => {
            println!("{HELP}");
            ExitCode::SUCCESS
        }
        Some((task, _)) => refuse(&format!("there is no task `{task}`")),
    }
}

fn options(flags: &[&str]) -> Result<Options, String> {
    let mut options = Options::default();
    let mut flags = flags.iter();
    while let Some(&flag) = flags.next() {
        match flag {
            "--verbose" => options.verbose = true,
            "--only" => {
                let name = flags.next().ok_or("--only wants the name of a part")?;
                options.only = Some(Part::parse(name).ok_or(format!("there is no part `{name}`"))?);
            }
            _ => return Err(format!("there is no flag `{flag}`")),
        }
    }
    Ok(options)
}

fn refuse(unclear: &str) -> ExitCode {
    eprintln!("{unclear}\n\n{HELP}");
    ExitCode::from(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_understood_or_refused() {
        let parse = |flags: &[&str]| options(flags).map(|o| (o.verbose, o.only));
        assert_eq!(parse(&[]), Ok((false, None)));
        assert_eq!(parse(&["--verbose"]), Ok((true, None)));
        assert_eq!(parse(&["--only", "fmt"]), Ok((false, Some(Part::Fmt))));
        for wrong in [["--only"].as_slice(), &["--only", "lunch"], &["--loud"], &["fmt"]] {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
    }
}
