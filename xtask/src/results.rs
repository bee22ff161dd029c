//! Runs the tests and reads what their runner prints, while the person reads it too.

use std::io::{IsTerminal, stderr};

use anyhow::{Context, Result, bail};

use crate::{command::cargo, relay, steps::Done};

/// What the runners said.
#[derive(Default)]
pub struct Run {
    /// Each test, in the order of its line.
    pub tests: Vec<TestResult>,
    /// `test result: ...`, one per binary, as printed.
    closings: Vec<String>,
    /// Binaries that began (`running 3 tests`). One that ends without a closing line has crashed.
    begun: usize,
    /// A name whose outcome hasn't been printed yet (a single-threaded run prints it first).
    pending: Option<String>,
    /// Tests that were ignored and then ran.
    made_up_for: usize,
}

/// One test and how it ended.
#[derive(Debug, PartialEq, Eq)]
pub struct TestResult {
    /// With its module path, as the runner prints it.
    pub name: String,
    /// How it ended.
    pub outcome: Outcome,
}

/// How a test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It ran, and what it says is so.
    Passed,
    /// It ran, and what it says isn't so.
    Failed,
    /// It didn't run.
    Ignored,
}

/// The sums over all runners.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Tests that passed.
    pub passed: usize,
    /// Tests that failed, and one for each binary that crashed.
    pub failed: usize,
    /// Tests that didn't run.
    pub skipped: usize,
}

/// `cargo test` over the whole workspace.
pub fn run(run: &mut Run) -> Result<Done> {
    cargo_test(run, &[], &[])
}

/// The end-to-end tests that are ignored, once what they need is there.
pub fn run_ignored(run: &mut Run) -> Result<Done> {
    cargo_test(run, &["--test", "end_to_end"], &["--ignored"])
}

fn cargo_test(run: &mut Run, targets: &[&str], tests: &[&str]) -> Result<Done> {
    let mut command = cargo();
    command.args(["test", "--workspace", "--locked", "--no-fail-fast"]).args(targets);
    if stderr().is_terminal() {
        command.arg("--color=always");
    }
    command.args(["--", "--format=pretty"]).args(tests);
    let before = run.counts().failed;
    let status = relay::run(&mut command, |line| run.take(line)).context("`cargo test`")?;
    match (status.success(), run.counts().failed - before) {
        (true, 0) => Ok(Done::Whole),
        (_, 0) => bail!("`cargo test` ended with {status}"),
        (_, failed) => bail!("{failed} failed"),
    }
}

impl Run {
    /// Takes in one line of a runner.
    fn take(&mut self, line: &str) {
        if line.starts_with("test result: ") {
            self.closings.push(line.to_owned());
        } else if line.starts_with("running ") && (line.ends_with(" tests") || line.ends_with(" test")) {
            self.begun += 1;
            self.pending = None;
        } else if let Some((name, end)) = line.strip_prefix("test ").and_then(|rest| rest.split_once(" ... "))
        {
            self.pending = Some(name.trim_end_matches(" - should panic").to_owned());
            self.settle(end);
        } else {
            self.settle(line);
        }
    }

    /// Gives the pending test its outcome, if these words are one.
    fn settle(&mut self, words: &str) {
        let Some(outcome) = Outcome::parse(words) else { return };
        if let Some(name) = self.pending.take() {
            let before = |test: &TestResult| test.name == name && test.outcome == Outcome::Ignored;
            if let (Some(ignored), true) = (self.tests.iter().position(before), outcome != Outcome::Ignored) {
                self.tests.remove(ignored);
                self.made_up_for += 1;
            }
            self.tests.push(TestResult { name, outcome });
        }
    }

    /// Counted from the runners' closing lines. A binary without one has crashed, and counts as one failure.
    pub fn counts(&self) -> Counts {
        let mut sum = Counts { failed: self.begun.saturating_sub(self.closings.len()), ..Counts::default() };
        for closing in &self.closings {
            sum.passed += number_before(closing, "passed");
            sum.failed += number_before(closing, "failed");
            sum.skipped += number_before(closing, "ignored");
        }
        sum.skipped = sum.skipped.saturating_sub(self.made_up_for);
        sum
    }

    /// The runners' closing lines once more, and their sum in the form that a machine reads: the last line.
    pub fn print_closing_lines(&self) {
        println!();
        let ran_something = |line: &&String| !line.contains(" 0 passed; 0 failed; 0 ignored;");
        for closing in self.closings.iter().filter(ran_something) {
            println!("{closing}");
        }
        let Counts { passed, failed, skipped } = self.counts();
        println!("{passed} passed, {failed} failed, {skipped} skipped");
    }
}

impl Outcome {
    fn parse(words: &str) -> Option<Self> {
        match words.split([' ', ',']).next()? {
            "ok" => Some(Self::Passed),
            "FAILED" => Some(Self::Failed),
            "ignored" => Some(Self::Ignored),
            _ => None,
        }
    }
}

/// The 3 of `...; 3 failed; ...`.
fn number_before(closing: &str, word: &str) -> usize {
    let mut words = closing.split([' ', ';', '.']).filter(|word| !word.is_empty());
    let mut before = words.clone();
    words.position(|w| w == word).and_then(|at| before.nth(at.checked_sub(1)?)?.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use Outcome::{Failed, Ignored, Passed};

    use super::*;

    fn read(output: &str) -> Run {
        let mut run = Run::default();
        output.split('\n').for_each(|line| run.take(line));
        run
    }

    #[test]
    fn a_line_of_the_runner_gives_a_test_and_its_outcome() {
        for (lines, expected) in [
            ("test domain::email::tests::trims ... ok\n", Some(("domain::email::tests::trims", Passed))),
            ("test login::locks ... FAILED\n", Some(("login::locks", Failed))),
            ("test slow ... ignored\n", Some(("slow", Ignored))),
            ("test slow ... ignored, takes an hour\n", Some(("slow", Ignored))),
            ("test a::b - should panic ... ok\n", Some(("a::b", Passed))),
            ("test timed ... ok <0.123s>\n", Some(("timed", Passed))),
            ("test src/lib.rs - add (line 3) ... ok\n", Some(("src/lib.rs - add (line 3)", Passed))),
            ("test noisy ... hello from a child\nok\n", Some(("noisy", Passed))),
            ("test noisy ... \nFAILED\n", Some(("noisy", Failed))),
            ("test a has been running for over 60 seconds\n", None),
            ("ok\n", None),
            ("test cut ... ", None),
        ] {
            let run = read(lines);
            let got = run.tests.first().map(|test| (test.name.as_str(), test.outcome));
            assert_eq!(got, expected, "{lines}");
        }
    }

    #[test]
    fn the_closing_lines_are_summed() {
        let run = read(
            "\nrunning 3 tests\ntest a ... ok\n\ntest result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s\n\
             \nrunning 1 test\ntest b ... FAILED\n\ntest result: FAILED. 12 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out\n",
        );
        assert_eq!(run.counts(), Counts { passed: 15, failed: 2, skipped: 1 });
    }

    #[test]
    fn a_test_that_was_ignored_and_then_ran_is_counted_once() {
        let run = read(
            "\nrunning 2 tests\ntest a ... ok\ntest b ... ignored, needs jose\n\n\
             test result: ok. 1 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out\n\
             \nrunning 1 test\ntest b ... ok\n\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 1 filtered out\n",
        );
        assert_eq!(run.counts(), Counts { passed: 2, failed: 0, skipped: 0 });
        let outcomes: Vec<_> = run.tests.iter().map(|test| (test.name.as_str(), test.outcome)).collect();
        assert_eq!(outcomes, [("a", Passed), ("b", Passed)]);
    }

    #[test]
    fn a_binary_that_crashes_is_one_failure() {
        let run = read(
            "\nrunning 2 tests\ntest a ... ok\ntest b ... \nrunning 1 test\ntest c ... ok\n\n\
             test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n",
        );
        assert_eq!(run.counts(), Counts { passed: 1, failed: 1, skipped: 0 });
        let names: Vec<_> = run.tests.iter().map(|test| test.name.as_str()).collect();
        assert_eq!(names, ["a", "c"]);
    }
}
