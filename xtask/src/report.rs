//! The closing report: what each point promises, and whether the tests that just ran have shown it.

use std::{env, process::Command};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{
    command,
    evidence::{End, Evidence},
    promises::{POINTS, Point},
    results::{Counts, Outcome, Run},
    scan,
    steps::Done,
    workspace::Workspace,
};

/// Prints the report; fails if a point wasn't shown, or if what the tests name can't be trusted. `checked` are the
/// promises that other checks of this run have shown.
pub fn print(workspace: &Workspace, run: &Run, checked: &[&'static str], verbose: bool) -> Result<Done> {
    let scan = scan::workspace(workspace)?;
    let evidence = Evidence::new(&scan, &run.tests, checked);
    for point in POINTS {
        println!("{}", summary(point, &evidence));
        if verbose {
            println!("{}", details(point, &evidence));
        }
    }
    print_tests(run);
    let mut faults = evidence.faults();
    if let Err(failure) = print_recommendations(workspace) {
        faults.push(format!("{failure:#}"));
    }
    if !faults.is_empty() {
        bail!("\n  - {}", faults.join("\n  - "));
    }
    Ok(Done::Whole)
}

/// A point in a few lines: how many of its promises were shown, by how many tests, and which.
fn summary(point: &Point, evidence: &Evidence) -> String {
    let (passed, ran) = evidence.tests_of(point);
    let title = point.title;
    if ran == 0 {
        return format!("{title:<10} NOT SHOWN: no test of it has run");
    }
    let ids = |end| {
        let ids = point.promises.iter().map(|(id, _)| *id);
        ids.filter(|id| evidence.end_of(id) == end).collect::<Vec<_>>()
    };
    let (shown, promised) = (ids(End::Passed), point.promises.len());
    let tests = if ran == 1 { "1 test".to_owned() } else { format!("{ran} tests") };
    let failed = if passed == ran { "all passed".to_owned() } else { format!("{} FAILED", ran - passed) };
    let mut lines =
        vec![format!("{title:<10} {} of {promised} promises shown, {tests}, {failed}", shown.len())];
    let groups =
        [("shown", shown), ("FAILED", ids(End::Failed)), ("not shown by a test yet", ids(End::DidNotRun))];
    for (words, ids) in groups.into_iter().filter(|(_, ids)| !ids.is_empty()) {
        lines.push(format!("{:<10} {words}: {}", "", ids.join(" ")));
    }
    lines.join("\n")
}

/// Each promise of a point, and under it the sentences of its tests.
fn details(point: &Point, evidence: &Evidence) -> String {
    let mut lines = Vec::new();
    for (id, meaning) in point.promises {
        lines.push(format!("    {id:<5} {:<9}  {meaning}", evidence.end_of(id).word()));
        for shown in evidence.of_promise(id) {
            let sentence = shown.test.name.replace('_', " ");
            lines.push(format!("          {:<9}  - {sentence} ({})", shown.end.word(), shown.test.place));
        }
    }
    lines.join("\n")
}

fn print_tests(run: &Run) {
    let Counts { passed, failed, .. } = run.counts();
    println!("tests passed: {passed}/{}", passed + failed);
    for test in run.tests.iter().filter(|test| test.outcome == Outcome::Failed) {
        println!("    FAILED {}", test.name);
    }
}

/// Asks the operator's command, which judges the settings of this environment as the functions would see them.
fn print_recommendations(workspace: &Workspace) -> Result<()> {
    let latchkey = workspace.target.join("debug").join(format!("latchkey{}", env::consts::EXE_SUFFIX));
    let json = command::stdout(Command::new(latchkey).args(["settings", "--json"]))
        .context("the security recommendations can't be given")?;
    let settings: Value = serde_json::from_str(&json).context("`latchkey settings --json` prints no JSON")?;
    let recommendations = settings["recommendations"]
        .as_array()
        .context("`latchkey settings --json` gives no list of recommendations")?;
    println!("security recommendations for the settings in force:");
    for recommendation in recommendations.iter().filter_map(Value::as_str) {
        println!("    - {recommendation}");
    }
    if recommendations.is_empty() {
        println!("    none");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        results::TestResult,
        scan::{Scan, SourceTest},
    };

    const POINT: Point =
        Point { title: "JWT", promises: &[("AT1", "one key"), ("AT2", "typed"), ("AT3", "apart")] };

    fn summary_and_details(ends: &[(&str, Outcome)]) -> (String, String) {
        let source = |name: &str, id: &str| SourceTest {
            name: name.to_owned(),
            modules: Vec::new(),
            may_be_root: false,
            ids: vec![id.to_owned()],
            place: "a.rs:1".to_owned(),
        };
        let scan = Scan { tests: vec![source("one_key", "AT1"), source("typed", "AT2")], strays: Vec::new() };
        let results = ends.iter().map(|&(name, outcome)| TestResult { name: name.to_owned(), outcome });
        let results: Vec<_> = results.collect();
        let evidence = Evidence::new(&scan, &results, &[]);
        (summary(&POINT, &evidence), details(&POINT, &evidence))
    }

    #[test]
    fn a_point_tells_what_was_shown_what_failed_and_what_is_missing() {
        let (summary, details) =
            summary_and_details(&[("one_key", Outcome::Passed), ("typed", Outcome::Failed)]);
        assert_eq!(
            summary.lines().map(str::trim).collect::<Vec<_>>(),
            [
                "JWT        1 of 3 promises shown, 2 tests, 1 FAILED",
                "shown: AT1",
                "FAILED: AT2",
                "not shown by a test yet: AT3"
            ]
        );
        assert!(
            details.contains("AT1   shown      one key\n          shown      - one key (a.rs:1)"),
            "{details}"
        );
    }

    #[test]
    fn a_point_without_a_test_that_ran_is_not_shown() {
        assert_eq!(summary_and_details(&[]).0, "JWT        NOT SHOWN: no test of it has run");
        assert_eq!(
            summary_and_details(&[("typed", Outcome::Ignored)]).0,
            "JWT        NOT SHOWN: no test of it has run"
        );
    }
}
