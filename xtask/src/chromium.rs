//! The browser that tests open: one that is there or, where that is ours to do, Debian's.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use crate::command;

/// Why tests in a browser did not run.
pub const MISSING: &str = "Chromium isn't installed: `apt install chromium`, or CHROMIUM=/path/to/it";

/// Names that it goes by.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// `CHROMIUM`, or the first on the way of `PATH`.
pub fn find() -> Option<PathBuf> {
    if let Some(chosen) = env::var_os("CHROMIUM") {
        return Some(PathBuf::from(chosen));
    }
    let path = env::var_os("PATH")?;
    let mut candidates =
        NAMES.iter().flat_map(|name| env::split_paths(&path).map(move |folder| folder.join(name)));
    candidates.find(|candidate| candidate.is_file())
}

/// As [`find`], and installs Debian's package where there is none, as root on Debian alone.
pub fn find_or_install() -> Option<PathBuf> {
    find().or_else(|| {
        let may = Path::new("/etc/debian_version").exists() && is_root();
        may.then(install)?;
        find()
    })
}

fn is_root() -> bool {
    command::stdout(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// A failure needs no more than its own words: there is no browser then.
fn install() {
    println!("installing Debian's chromium, which the tests in a browser need");
    for arguments in [&["update", "-qq"][..], &["install", "-qq", "-y", "chromium", "fonts-liberation"]] {
        let mut apt = Command::new("apt-get");
        apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdout(std::process::Stdio::null());
        if let Err(failure) = command::run(&mut apt) {
            eprintln!("{failure:#}");
        }
    }
}
