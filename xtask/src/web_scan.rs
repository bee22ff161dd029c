//! Finds the tests of the front end, and the promises that the line above each of them names:
//!
//! ```text
//! // FE7
//! test("a logout in one tab signs out all", async () => {
//! ```

use std::{fs, path::Path};

use anyhow::{Context, Result};

use crate::{
    scan::{Scan, SourceTest, ids},
    workspace::Workspace,
};

/// Reads every test file of the packages in `web/`.
pub fn scan(workspace: &Workspace, scan: &mut Scan) -> Result<()> {
    for package in ["client", "pages"] {
        walk(workspace, &workspace.root.join("web").join(package).join("test"), scan)?;
    }
    Ok(())
}

fn walk(workspace: &Workspace, folder: &Path, scan: &mut Scan) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("{} can't be read", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path.to_string_lossy();
        if path.is_dir() {
            walk(workspace, &path, scan)?;
        } else if name.ends_with(".test.ts") || name.ends_with(".test.tsx") {
            let text = fs::read_to_string(&path).with_context(|| format!("{name} can't be read"))?;
            file(&text, &workspace.relative(&path), scan);
        }
    }
    Ok(())
}

/// Reads one file. A title is the first string behind `test` or `it`, on the same line.
fn file(text: &str, path: &str, scan: &mut Scan) {
    let mut above: Vec<String> = Vec::new();
    for (number, line) in (1..).zip(text.lines().map(str::trim)) {
        let place = format!("{path}:{number}");
        if let Some(ids) = ids(line) {
            above.extend(ids);
            continue;
        }
        let ids = std::mem::take(&mut above);
        if let Some(title) = title(line) {
            let modules = vec![path.to_owned()];
            scan.tests.push(SourceTest { name: title.to_owned(), modules, may_be_root: false, ids, place });
        } else if !ids.is_empty() {
            scan.strays.push(format!("{place}: {} above no test", ids.join(" ")));
        }
    }
}

fn title(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("test(").or_else(|| line.strip_prefix("it("))?;
    let quote = rest.chars().next().filter(|quote| "\"'`".contains(*quote))?;
    rest[1..].split(quote).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_above_a_test_names_its_promises() {
        for (text, found, strays) in [
            ("// FE7\ntest(\"signs out all\", async () => {", Some(("signs out all", "FE7")), 0),
            ("// FE7 RT2\n  it('stays', () => {", Some(("stays", "FE7 RT2")), 0),
            ("test(\"plain\", () => {", Some(("plain", "")), 0),
            ("// FE7 is shown here\ntest(\"a\", f);", Some(("a", "")), 0),
            ("// FE7\n\ntest(\"a\", f);", Some(("a", "")), 1),
            ("// FE7\nconst helper = 1;", None, 1),
            ("test.each([1])(\"many\", f);", None, 0),
        ] {
            let mut scan = Scan::default();
            file(text, "web/pages/test/a.test.ts", &mut scan);
            let tests: Vec<_> =
                scan.tests.iter().map(|test| (test.name.as_str(), test.ids.join(" "))).collect();
            let expected: Vec<_> = found.into_iter().map(|(name, ids)| (name, ids.to_owned())).collect();
            assert_eq!((tests, scan.strays.len()), (expected, strays), "{text}");
        }
    }

    #[test]
    fn the_runners_name_is_file_and_title() {
        let mut scan = Scan::default();
        file("test(\"holds\", f);", "web/a.test.ts", &mut scan);
        assert!(scan.tests[0].is("web/a.test.ts::holds"));
        assert!(!scan.tests[0].is("web/b.test.ts::holds"));
    }
}
