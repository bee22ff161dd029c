//! The parts of a run: each is announced, timed, and remembered for the closing list.

use std::time::{Duration, Instant};

use anyhow::Result;

/// How much of a step was done, if nothing in it failed.
#[derive(Clone, Copy)]
pub enum Done {
    /// All of it.
    Whole,
    /// But for what these words say.
    Partly(&'static str),
    /// Nothing, for this reason.
    Skipped(&'static str),
}

/// The steps that ran, in order.
#[derive(Default)]
pub struct Steps {
    done: Vec<Step>,
}

struct Step {
    title: &'static str,
    took: Duration,
    outcome: Result<Done>,
}

impl Steps {
    /// Runs one step and tells whether it passed. A failure doesn't stop the others: the caller decides.
    pub fn run(&mut self, title: &'static str, work: impl FnOnce() -> Result<Done>) -> bool {
        println!("\n==> {title}");
        let start = Instant::now();
        let outcome = work();
        let step = Step { title, took: start.elapsed(), outcome };
        println!("{}", step.line());
        let passed = step.outcome.is_ok();
        self.done.push(step);
        passed
    }

    /// Whether nothing failed.
    pub fn all_passed(&self) -> bool {
        self.done.iter().all(|step| step.outcome.is_ok())
    }

    /// Whether each of these steps ran and passed with no part of it skipped.
    pub fn passed_whole(&self, titles: &[&str]) -> bool {
        let whole = |step: &Step| matches!(step.outcome, Ok(Done::Whole));
        titles.iter().all(|title| self.done.iter().any(|step| step.title == *title && whole(step)))
    }

    /// Prints each step with its outcome, one a line.
    pub fn summarise(&self) {
        println!("\n==> Checks");
        for step in &self.done {
            println!("{}", step.line());
        }
    }
}

impl Step {
    fn line(&self) -> String {
        let (word, remark) = match &self.outcome {
            Ok(Done::Whole) => ("ok", String::new()),
            Ok(Done::Partly(but)) => ("ok", format!("  ({but})")),
            Ok(Done::Skipped(why)) => ("skipped", format!("  ({why})")),
            Err(failure) => ("FAILED", format!("  {failure:#}")),
        };
        format!("{word:<7} {:<11} {:>6.1} s{remark}", self.title, self.took.as_secs_f64())
    }
}
