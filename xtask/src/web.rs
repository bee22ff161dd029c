//! The front end in `web/`: npm builds it, vitest tests it, and Chromium opens it before the real functions.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{
    chromium,
    command::{self, program},
    relay,
    results::Run,
    steps::{Done, Steps},
    tools::version,
    web_results,
    workspace::Workspace,
};

/// `engines` of web/package.json.
const OLDEST_NODE: &str = "20.19";

/// What can be checked without them is checked; the rest is skipped, and says so.
pub const NO_NODE: &str = "Node.js 20.19 or newer with npm isn't installed: https://nodejs.org";

/// Everything about the front end, step by step. The binaries must have been built.
pub fn check(steps: &mut Steps, workspace: &Workspace, run: &mut Run) {
    let web = Web { root: workspace.root.join("web"), workspace };
    if !has_node() {
        steps.run("Web", || Ok(Done::Skipped(NO_NODE)));
        return;
    }
    if !steps.run("Web build", || web.build()) {
        return;
    }
    steps.run("Web types", || web.npm(&["run", "--silent", "typecheck"]));
    steps.run("Web tests", || web.unit_tests(run));
    steps.run("Web browser", || web.browser_tests(run));
}

/// Builds the pages for `cargo dev` where npm is there and they are missing or older than their sources. The API needs
/// none of it: what fails is told, and no more.
pub fn build_pages(root: &Path) {
    let pages = root.join("web/pages");
    if !has_node() || is_current(&pages) {
        return;
    }
    println!("building the pages (the API works without: see web/pages)");
    let built = install(&root.join("web")).and_then(|()| {
        command::run(&mut program("npm", &["run", "build", "--workspace", "pages"], &root.join("web")))
    });
    if let Err(failure) = built {
        eprintln!("the pages are not built: {failure:#}");
    }
}

struct Web<'a> {
    root: PathBuf,
    workspace: &'a Workspace,
}

impl Web<'_> {
    fn build(&self) -> Result<Done> {
        install(&self.root)?;
        self.npm(&["run", "--silent", "build"])
    }

    /// The client's, and those of the pages that need no browser.
    fn unit_tests(&self, run: &mut Run) -> Result<Done> {
        let found = chromium::find();
        let client = self.vitest(run, "client", "test", found.as_deref());
        let pages = self.vitest(run, "pages", "test", found.as_deref());
        client.and(pages)?;
        Ok(Done::Whole)
    }

    fn browser_tests(&self, run: &mut Run) -> Result<Done> {
        let Some(chromium) = chromium::find_or_install() else { return Ok(Done::Skipped(chromium::MISSING)) };
        self.vitest(run, "pages", "test:browser", Some(&chromium))?;
        println!("pictures of every page: web/pages/screenshots");
        Ok(Done::Whole)
    }

    /// One run of vitest, whose lines a person reads and whose report we do.
    fn vitest(&self, run: &mut Run, package: &str, script: &str, chromium: Option<&Path>) -> Result<()> {
        let report =
            self.workspace.target.join(format!("vitest-{package}-{}.json", script.replace(':', "-")));
        // An old one must not pass for this run's.
        _ = fs::remove_file(&report);
        let mut command =
            program("npm", &["run", "--silent", script, "--workspace", package, "--"], &self.root);
        command.args(["--reporter=default", "--reporter=json"]);
        command.arg(format!("--outputFile.json={}", report.display()));
        command.env("LATCHKEY_LOCAL", self.workspace.target.join("debug/latchkey-local"));
        command.envs(chromium.map(|path| ("CHROMIUM", path)));
        let mut closing = None;
        let status = relay::run(&mut command, |line| {
            let line = without_colours(line);
            closing = line.trim().starts_with("Tests ").then(|| line.trim().to_owned()).or(closing.take());
        })?;
        let text =
            fs::read_to_string(&report).with_context(|| format!("{package}: vitest left no report"))?;
        let said = closing.unwrap_or_default();
        let failed =
            run.take_vitest(web_results::read(&text, self.workspace)?, &format!("{package}: {said}"));
        match (status.success(), failed) {
            (true, 0) => Ok(()),
            (_, 0) => bail!("vitest of {package} ended with {status}"),
            (_, failed) => bail!("{failed} failed"),
        }
    }

    fn npm(&self, arguments: &[&str]) -> Result<Done> {
        command::run(&mut program("npm", arguments, &self.root))?;
        Ok(Done::Whole)
    }
}

fn without_colours(line: &str) -> String {
    let mut parts = line.split('\x1b');
    let plain = parts.next().unwrap_or_default().to_owned();
    parts.fold(plain, |plain, part| plain + part.split_once('m').map_or(part, |(_, rest)| rest))
}

/// Whether Node.js and npm are there, new enough.
pub fn has_node() -> bool {
    let told = command::stdout(Command::new("node").arg("--version")).unwrap_or_default();
    let found = version(told.trim().trim_start_matches('v'));
    found.is_some_and(|found| Some(found) >= version(OLDEST_NODE))
        && command::succeeds(Command::new("npm").arg("--version"))
}

/// `npm ci`, unless the packages are there for the same lock file.
fn install(web: &Path) -> Result<()> {
    let wanted = fs::read_to_string(web.join("package-lock.json")).context("web/package-lock.json")?;
    let made_for = web.join("node_modules/.made-for");
    if fs::read_to_string(&made_for).is_ok_and(|made| made == wanted) {
        return Ok(());
    }
    command::run(&mut program("npm", &["ci", "--no-audit", "--no-fund"], web))?;
    fs::write(&made_for, wanted).with_context(|| format!("{} can't be written", made_for.display()))
}

/// Whether the build is newer than all that it is made of.
fn is_current(pages: &Path) -> bool {
    let changed = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    let Some(built) = changed(&pages.join("dist/index.html")) else { return false };
    let sources = ["src", "public", "../client/src"].map(|folder| pages.join(folder));
    let mut folders = sources.to_vec();
    let mut is_current = files(pages).iter().all(|file| changed(file) <= Some(built));
    while let Some(folder) = folders.pop() {
        is_current &= files(&folder).iter().all(|file| changed(file) <= Some(built));
        folders.extend(entries(&folder).into_iter().filter(|entry| entry.is_dir()));
    }
    is_current
}

fn files(folder: &Path) -> Vec<PathBuf> {
    entries(folder).into_iter().filter(|entry| entry.is_file()).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.filter_map(|entry| Some(entry.ok()?.path())).collect()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn a_line_is_read_without_its_colours() {
        let line = "\x1b[2m      Tests \x1b[22m \x1b[1m\x1b[32m47 passed\x1b[39m\x1b[22m (47)";
        assert_eq!(without_colours(line).trim(), "Tests  47 passed (47)");
        assert_eq!(without_colours("plain"), "plain");
    }

    #[test]
    fn a_build_is_current_until_something_that_it_is_made_of_changes() {
        let root = std::env::temp_dir().join(format!("latchkey-web-{}", std::process::id()));
        let pages = root.join("pages");
        let write = |path: &str, second: u64| {
            let path = pages.join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            let file = fs::File::create(&path).expect("a file");
            file.set_modified(UNIX_EPOCH + Duration::from_secs(second)).expect("a time");
        };
        for source in ["index.html", "src/a/b.ts", "public/theme.css", "../client/src/index.ts"] {
            write(source, 10);
        }
        assert!(!is_current(&pages), "not built");
        write("dist/index.html", 20);
        assert!(is_current(&pages));
        for source in ["index.html", "src/a/b.ts", "public/theme.css", "../client/src/index.ts"] {
            write(source, 30);
            assert!(!is_current(&pages), "{source}");
            write(source, 10);
        }
        fs::remove_dir_all(root).expect("it is ours");
    }
}
