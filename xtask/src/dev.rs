//! `cargo dev`: builds the functions and the pages in view of the person who waits, and becomes the cloud on one machine.

use std::{env, os::unix::process::CommandExt, process::Command};

use anyhow::{Context, Result};

use crate::{command, tools, web, workspace::Workspace};

/// Builds what the tests build, so that nothing is compiled twice, then runs `latchkey-local` in this process's place:
/// Ctrl-C and signals reach it, and its exit code is ours. Returns only if something failed.
pub fn run(arguments: &[&str]) -> Result<()> {
    tools::check_compilers()?;
    command::run(command::cargo().args(["build", "--workspace", "--bins", "--locked"]))?;
    web::build_pages(&Workspace::load()?.root);
    let binary = env::current_exe()?.with_file_name("latchkey-local");
    let error = Command::new(&binary).args(arguments).exec();
    Err(error).with_context(|| format!("{} can't be run", binary.display()))
}
