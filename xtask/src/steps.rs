//! The steps: what is run for each, how long it took, and what came of it.

use crate::{Complaints, browser, licences, python, tidy};
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// One step of the checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The code is formatted.
    Format,
    /// Clippy has nothing to say.
    Lint,
    /// The documentation builds without a warning.
    Doc,
    /// The tests of all crates.
    Unit,
    /// The licences of all dependencies.
    Licences,
    /// The repository's own rules.
    Tidy,
    /// Synthetic people with spoiled rows, many rounds.
    Fuzz,
}

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Format => "fmt",
            Self::Lint => "lint",
            Self::Doc => "doc",
            Self::Unit => "unit",
            Self::Licences => "licences",
            Self::Tidy => "tidy",
            Self::Fuzz => "fuzz",
        }
    }

    /// The arguments of the cargo command that makes the step; `None` for a check of our own.
    fn cargo(self) -> Option<&'static [&'static str]> {
        Some(match self {
            Self::Format => &["fmt", "--all", "--check"],
            Self::Lint => &["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"],
            Self::Doc => &["doc", "--workspace", "--no-deps", "--locked"],
            // All binaries run even if one fails, so that one run shows every failure.
            Self::Unit => &["test", "--workspace", "--locked", "--no-fail-fast"],
            Self::Fuzz => &["test", "--locked", "-p", "vacatur", "--test", "mutations", "--", "--nocapture"],
            Self::Licences | Self::Tidy => return None,
        })
    }
}

/// Runs the steps one after another, all of them even if one fails. Says whether all went well.
pub(crate) fn run(steps: &[Step], root: &Path) -> bool {
    let mut done: Vec<(Step, Duration, bool)> = Vec::with_capacity(steps.len());
    for &step in steps {
        let start = Instant::now();
        let fine = one(step, root);
        let took = start.elapsed();
        println!("xtask: {} {} in {}", step.name(), word(fine), seconds(took));
        done.push((step, took, fine));
    }
    if let [_, _, ..] = done.as_slice() {
        println!();
        for (step, took, fine) in &done {
            println!("xtask: {:<9} {:<6} {:>8}", step.name(), word(*fine), seconds(*took));
        }
    }
    done.iter().all(|(.., fine)| *fine)
}

fn one(step: Step, root: &Path) -> bool {
    if let Some(arguments) = step.cargo() {
        return cargo(step, arguments, root);
    }
    println!("xtask: {} ...", step.name());
    let complaints = match step {
        Step::Licences => licences::check(root),
        _ => tidy::check(root),
    };
    report(&complaints)
}

/// Runs cargo, its output straight to the screen.
fn cargo(step: Step, arguments: &[&str], root: &Path) -> bool {
    println!("xtask: cargo {}", arguments.join(" "));
    let mut command = Command::new(program());
    command.args(arguments).current_dir(root);
    if step == Step::Fuzz && std::env::var_os("VACATUR_FUZZ_ROUNDS").is_none() {
        command.env("VACATUR_FUZZ_ROUNDS", "500");
    }
    if step == Step::Doc {
        command.env("RUSTDOCFLAGS", "-D warnings");
    }
    if step == Step::Unit {
        match python::python(root) {
            Ok(found) => drop(found.map(|python| command.env(python::VARIABLE, python))),
            Err(what) => return report(&vec![what]),
        }
        match browser::packages(root) {
            Ok(found) => drop(found.map(|packages| command.env(browser::VARIABLE, packages))),
            Err(what) => return report(&vec![what]),
        }
    }
    match command.status() {
        Ok(status) => status.success(),
        Err(error) => report(&vec![format!("cargo cannot be started: {error}")]),
    }
}

/// The cargo that started us, so that the toolchain is the same.
pub(crate) fn program() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

fn report(complaints: &Complaints) -> bool {
    for complaint in complaints {
        println!("  {complaint}");
    }
    complaints.is_empty()
}

fn word(fine: bool) -> &'static str {
    if fine { "passed" } else { "FAILED" }
}

fn seconds(took: Duration) -> String {
    format!("{:.1} s", took.as_secs_f64())
}
