//! Finds the tests in the sources, and the promises that the line above each of them names:
//!
//! ```text
//! // LG5 LG8
//! #[tokio::test]
//! async fn fifty_parallel_guesses_give_five_checks() {
//! ```

use std::{fs, path::Path};

use anyhow::{Context, Result};

use crate::{promises::looks_like_id, web_scan, workspace::Workspace};

/// Where the workspace keeps its Rust.
const FOLDERS: [&str; 5] = ["shared", "functions", "local", "cli", "tests"];

/// A test as it stands in a file.
#[derive(Debug, PartialEq, Eq)]
pub struct SourceTest {
    /// The function's name, a sentence.
    pub name: String,
    /// The file's place in its crate: `src/http/cookie.rs` is `["http", "cookie"]`.
    pub modules: Vec<String>,
    /// Whether the first module may be the crate itself (the root of an integration test).
    pub may_be_root: bool,
    /// The promises that it shows.
    pub ids: Vec<String>,
    /// `shared/src/hashing.rs:73`.
    pub place: String,
}

/// What the sources hold.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// All tests, with and without promises.
    pub tests: Vec<SourceTest>,
    /// Ids that stand above something that is no test: whoever wrote them believes that they are shown.
    pub strays: Vec<String>,
}

impl SourceTest {
    /// Whether the runner's name can be this test: same function, same file. Modules inside the file are free.
    pub fn is(&self, runner_name: &str) -> bool {
        let mut path: Vec<&str> = runner_name.split("::").collect();
        if path.pop() != Some(&self.name) {
            return false;
        }
        let lies_in = |modules: &[String]| {
            path.len() >= modules.len() && modules.iter().zip(&path).all(|(m, p)| m == p)
        };
        lies_in(&self.modules) || (self.may_be_root && lies_in(&self.modules[1..]))
    }
}

/// Reads every Rust file of the workspace, and the tests of the front end.
pub fn workspace(workspace: &Workspace) -> Result<Scan> {
    let mut scan = Scan::default();
    for folder in FOLDERS {
        walk(workspace, &workspace.root.join(folder), &mut Vec::new(), &mut scan)?;
    }
    web_scan::scan(workspace, &mut scan)?;
    Ok(scan)
}

/// `inside` is the way from the package's root to `folder`.
fn walk(workspace: &Workspace, folder: &Path, inside: &mut Vec<String>, scan: &mut Scan) -> Result<()> {
    if folder.join("Cargo.toml").exists() {
        inside.clear();
    }
    let entries = fs::read_dir(folder).with_context(|| format!("{} can't be read", folder.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            let mut deeper = [inside.clone(), vec![name]].concat();
            walk(workspace, &path, &mut deeper, scan)?;
        } else if let Some(stem) = name.strip_suffix(".rs") {
            let text =
                fs::read_to_string(&path).with_context(|| format!("{} can't be read", path.display()))?;
            file(&text, &[inside.clone(), vec![stem.to_owned()]].concat(), &workspace.relative(&path), scan);
        }
    }
    Ok(())
}

/// Reads one file. `inside` is its way from the package's root, without the ending.
fn file(text: &str, inside: &[String], name: &str, scan: &mut Scan) {
    let mut above = Above::default();
    for (number, line) in (1..).zip(text.lines().map(str::trim)) {
        let place = format!("{name}:{number}");
        if let Some(ids) = ids(line) {
            above.ids.extend(ids);
        } else if let Some(function) = function_name(line).filter(|_| above.is_test) {
            let Above { ids, .. } = std::mem::take(&mut above);
            let (modules, may_be_root) = modules(inside);
            scan.tests.push(SourceTest { name: function.to_owned(), modules, may_be_root, ids, place });
        } else if is_test_attribute(line) {
            above.is_test = true;
        } else if line.is_empty() || !(above.is_test || line.starts_with("#[") || line.starts_with("//")) {
            let Above { ids, .. } = std::mem::take(&mut above);
            scan.strays
                .extend((!ids.is_empty()).then(|| format!("{place}: {} above no test", ids.join(" "))));
        }
    }
}

/// What has been read since the last thing that was complete.
#[derive(Default)]
struct Above {
    ids: Vec<String>,
    is_test: bool,
}

/// The ids of a comment that holds nothing else.
pub fn ids(line: &str) -> Option<Vec<String>> {
    let mut words = line.strip_prefix("//")?.split_whitespace().peekable();
    words.peek()?;
    words.map(|word| looks_like_id(word).then(|| word.to_owned())).collect()
}

fn is_test_attribute(line: &str) -> bool {
    let Some(attribute) = line.strip_prefix("#[") else { return false };
    let path = attribute.split(['(', ']']).next().unwrap_or_default();
    path.rsplit("::").next() == Some("test")
}

fn function_name(line: &str) -> Option<&str> {
    let mut words = line.split([' ', '(', '<']);
    words.by_ref().find(|word| *word == "fn")?;
    words.next()
}

/// The modules of a file, and whether the first of them may be the crate's own root.
fn modules(inside: &[String]) -> (Vec<String>, bool) {
    let mut modules = inside.get(1..).unwrap_or_default().to_vec();
    if modules.last().is_some_and(|last| matches!(last.as_str(), "lib" | "main" | "mod")) {
        modules.pop();
    }
    let may_be_root = inside[0] != "src" && !modules.is_empty();
    (modules, may_be_root)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(text: &str) -> Scan {
        let mut scan = Scan::default();
        file(text, &["src".to_owned(), "lib".to_owned()], "lib.rs", &mut scan);
        scan
    }

    #[test]
    fn the_line_above_a_test_names_its_promises() {
        for (text, name, ids) in [
            ("// LG5\n#[test]\nfn a() {", "a", "LG5"),
            ("    // LG3 LG5\n    #[tokio::test]\n    async fn b() {", "b", "LG3 LG5"),
            ("// LG3\n// LG5\n#[test]\nfn c() {", "c", "LG3 LG5"),
            (
                "// LG3\n#[tokio::test(flavor = \"multi_thread\", worker_threads = 2)]\nasync fn d() {",
                "d",
                "LG3",
            ),
            ("// LG3\n#[test]\n#[ignore = \"slow\"]\n#[expect(\n    dead_code\n)]\nfn e() {", "e", "LG3"),
            ("// LG3\n#[cfg(unix)]\n/// Why.\n#[test]\nfn f() -> Result<()> {", "f", "LG3"),
            ("// LG3\n\n#[test]\nfn g() {", "g", ""),
            ("// LG3 holds here\n#[test]\nfn h() {", "h", ""),
            ("#[test]\nfn i() {", "i", ""),
        ] {
            let tests = scan(text).tests;
            let found: Vec<_> = tests.iter().map(|test| (test.name.as_str(), test.ids.join(" "))).collect();
            assert_eq!(found, [(name, ids.to_owned())], "{text}");
        }
    }

    #[test]
    fn ids_above_anything_but_a_test_are_strays() {
        for (text, strays) in [
            ("// LG5\nfn helper() {}", 1),
            ("// LG5\n\n#[test]\nfn a() {", 1),
            ("// LG5\n#[derive(Debug)]\nstruct A;", 1),
            ("/// LG5\nfn a() {}", 0),
            ("// see LG5\nfn a() {}", 0),
        ] {
            assert_eq!(scan(text).strays.len(), strays, "{text}");
        }
    }

    #[test]
    fn the_runners_name_is_joined_by_file_and_function() {
        for (path, runner, expected) in [
            ("src/lib", "tests::a", true),
            ("src/lib", "a", true),
            ("src/http/cookie", "http::cookie::tests::a", true),
            ("src/token/tests", "token::tests::a", true),
            ("src/config/mod", "config::tests::a", true),
            ("src/http/cookie", "http::headers::tests::a", false),
            ("src/http/cookie", "tests::a", false),
            ("tests/login", "a", true),
            ("tests/login", "slow::a", true),
            ("behaviour/login", "login::a", true),
            ("behaviour/main", "a", true),
            ("end_to_end/main", "b", false),
        ] {
            let inside: Vec<String> = path.split('/').map(str::to_owned).collect();
            let (modules, may_be_root) = modules(&inside);
            let test =
                SourceTest { name: "a".into(), modules, may_be_root, ids: Vec::new(), place: String::new() };
            assert_eq!(test.is(runner), expected, "{path} {runner}");
        }
    }
}
