//! Joins the tests that name promises with how they just ended.

use crate::{
    promises::{POINTS, Point, is_known},
    results::{Outcome, TestResult},
    scan::{Scan, SourceTest},
};

/// What this run has shown.
pub struct Evidence<'a> {
    /// The tests that name promises.
    pub shown: Vec<Shown<'a>>,
    /// Promises that a check other than a test has just shown.
    checked: &'a [&'static str],
    strays: &'a [String],
}

/// A test that names promises, and how it ended.
pub struct Shown<'a> {
    /// Where it stands and what it names.
    pub test: &'a SourceTest,
    /// How it ended.
    pub end: End,
}

/// How a test, or a promise through its tests, ended in this run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// It was shown.
    Passed,
    /// It was shown to be untrue.
    Failed,
    /// Not built, filtered out, or ignored.
    DidNotRun,
    /// Several tests of this name stand in the sources, and not all ran: which of them did can't be told.
    Ambiguous,
}

impl<'a> Evidence<'a> {
    /// `checked` are the promises that other checks of this run have shown.
    pub fn new(scan: &'a Scan, results: &[TestResult], checked: &'a [&'static str]) -> Self {
        let named = scan.tests.iter().filter(|test| !test.ids.is_empty());
        let shown = named.map(|test| Shown { test, end: End::of(test, scan, results) }).collect();
        Self { shown, checked, strays: &scan.strays }
    }

    /// The tests that name a promise.
    pub fn of_promise(&self, id: &str) -> impl Iterator<Item = &Shown<'a>> {
        self.shown.iter().filter(move |shown| shown.test.ids.iter().any(|of_test| of_test == id))
    }

    /// How a promise stands: one failing test breaks it, one that passed shows it.
    pub fn end_of(&self, id: &str) -> End {
        let any = |end| self.of_promise(id).any(|shown| shown.end == end);
        if any(End::Failed) {
            End::Failed
        } else if any(End::Passed) || self.checked.contains(&id) {
            End::Passed
        } else {
            End::DidNotRun
        }
    }

    /// The tests of a point that ran: how many passed, of how many.
    pub fn tests_of(&self, point: &Point) -> (usize, usize) {
        let names = |shown: &&Shown| shown.test.ids.iter().any(|id| point.has(id));
        let count = |end| self.shown.iter().filter(names).filter(|shown| shown.end == end).count();
        (count(End::Passed), count(End::Passed) + count(End::Failed))
    }

    /// What makes a report of this evidence untrue.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = self.strays.to_vec();
        for point in POINTS.iter().filter(|point| self.tests_of(point).1 == 0) {
            faults.push(format!("{}: NOT SHOWN", point.title));
        }
        for Shown { test: SourceTest { place, name, ids, .. }, end } in &self.shown {
            for id in ids.iter().filter(|id| !is_known(id)) {
                faults.push(format!("{place}: there is no promise {id}"));
            }
            if *end == End::Ambiguous {
                faults.push(format!(
                    "{place}: more than one test is named {name}, and not all ran: rename one"
                ));
            }
        }
        faults
    }
}

impl End {
    fn of(test: &SourceTest, scan: &Scan, results: &[TestResult]) -> Self {
        let mine: Vec<_> = results.iter().filter(|result| test.is(&result.name)).collect();
        let ended = |outcome| mine.iter().filter(|result| result.outcome == outcome).count();
        let claims = |other: &&SourceTest| mine.iter().any(|result| other.is(&result.name));
        if ended(Outcome::Failed) > 0 {
            Self::Failed
        } else if ended(Outcome::Passed) == 0 {
            Self::DidNotRun
        } else if ended(Outcome::Passed) < scan.tests.iter().filter(claims).count() {
            Self::Ambiguous
        } else {
            Self::Passed
        }
    }

    /// As the report says it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Passed => "shown",
            Self::Failed => "FAILED",
            Self::DidNotRun => "not shown",
            Self::Ambiguous => "unclear",
        }
    }
}

#[cfg(test)]
mod tests {
    use Outcome::{Failed, Ignored, Passed};

    use super::*;

    fn source(name: &str, modules: &[&str], ids: &str) -> SourceTest {
        SourceTest {
            name: name.to_owned(),
            modules: modules.iter().map(|&module| module.to_owned()).collect(),
            may_be_root: false,
            ids: ids.split_whitespace().map(str::to_owned).collect(),
            place: format!("{name}.rs:1"),
        }
    }

    fn results(results: &[(&str, Outcome)]) -> Vec<TestResult> {
        results.iter().map(|&(name, outcome)| TestResult { name: name.to_owned(), outcome }).collect()
    }

    #[test]
    fn a_promise_is_shown_by_one_test_and_broken_by_one() {
        let tests =
            vec![source("a", &["login"], "LG1 LG2"), source("b", &["login"], "LG2"), source("c", &[], "")];
        let scan = Scan { tests, strays: Vec::new() };
        for (ran, lg1, lg2) in [
            (vec![("login::a", Passed), ("login::b", Passed)], End::Passed, End::Passed),
            (vec![("login::a", Passed), ("login::b", Failed)], End::Passed, End::Failed),
            (vec![("login::a", Passed), ("login::b", Ignored)], End::Passed, End::Passed),
            (vec![("login::a", Ignored), ("login::b", Passed)], End::DidNotRun, End::Passed),
            (vec![("reset::a", Passed)], End::DidNotRun, End::DidNotRun),
            (vec![], End::DidNotRun, End::DidNotRun),
        ] {
            let results = results(&ran);
            let evidence = Evidence::new(&scan, &results, &["OP9"]);
            assert_eq!((evidence.end_of("LG1"), evidence.end_of("LG2")), (lg1, lg2), "{ran:?}");
            assert_eq!(evidence.end_of("OP9"), End::Passed);
        }
    }

    #[test]
    fn of_two_tests_with_one_name_both_must_have_run() {
        let scan =
            Scan { tests: vec![source("a", &[], "LG1"), source("a", &["tests"], "")], strays: Vec::new() };
        for (ran, end) in [
            (vec![("tests::a", Passed), ("tests::a", Passed)], End::Passed),
            (vec![("tests::a", Passed), ("tests::a", Failed)], End::Failed),
            (vec![("tests::a", Passed), ("tests::a", Ignored)], End::Ambiguous),
            (vec![("tests::a", Passed)], End::Ambiguous),
        ] {
            assert_eq!(Evidence::new(&scan, &results(&ran), &[]).shown[0].end, end, "{ran:?}");
        }
    }

    #[test]
    fn typing_mistakes_strays_and_points_without_a_test_are_faults() {
        // A test for the first promise of every point but the last.
        let (last, others) = POINTS.split_last().expect("points");
        let mut tests: Vec<_> =
            others.iter().map(|point| source(point.title, &[], point.promises[0].0)).collect();
        tests.push(source("typo", &[], "AT99"));
        let ran: Vec<_> = tests.iter().map(|test| (test.name.clone(), Passed)).collect();
        let results = results(&ran.iter().map(|(name, end)| (name.as_str(), *end)).collect::<Vec<_>>());
        let scan = Scan { tests, strays: vec!["a.rs:2: LG5 above no test".to_owned()] };
        assert_eq!(
            Evidence::new(&scan, &results, &["OP9"]).faults(),
            [
                "a.rs:2: LG5 above no test",
                &format!("{}: NOT SHOWN", last.title),
                "typo.rs:1: there is no promise AT99"
            ]
        );
    }
}
