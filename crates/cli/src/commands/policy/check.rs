//! `vacatur policy check`.

use crate::commands::documents;
use crate::failure::Failure;
use crate::screen;
use std::process::ExitCode;
use std::sync::Arc;
use vacatur_eligibility::{MutationError, boundaries, coverage, undecided, unreached};
use vacatur_policy::RuleIx;
use vacatur_statutes::Statutes;

pub(super) fn run(name: &str) -> Result<ExitCode, Failure> {
    let text = documents::text(name)?;
    let statutes = Arc::new(Statutes::us_ca()?);
    let library = |base: &str| documents::library(name, base);
    let (policy, mut remarks) = documents::parse(name, &text).inspect_err(|_| {
        // Where the last word is all that is missing, a history says best what for.
        if let Some(case) = undecided(&text, &library, &statutes) {
            eprintln!("For one, no rule decides count A of this history:\n");
            for line in case.to_string().lines() {
                eprintln!("    {line}");
            }
            eprintln!();
        }
    })?;
    let (rules, tests, hash) = (policy.rules.len(), policy.cases.len(), policy.hash().digits().to_owned());
    let values = policy.values([])?;
    let policy = Arc::new(policy);
    documents::compile(name, Arc::clone(&policy), values, &statutes)?;
    let covered = coverage(&super::suite(name, &text)?);
    let reached = |rule: RuleIx| covered.rules.get(rule.at()).is_some_and(|rule| rule.decides > 0);
    remarks.extend(unreached(&policy, &statutes, &reached).map_err(|errors| {
        documents::show(name, &text, &errors);
        Failure::Shown
    })?);
    let failing = match boundaries(&text, &library, statutes, super::threads()) {
        Ok(uncovered) => {
            remarks.extend(uncovered);
            None
        }
        // What a test covers can be told of tests that pass.
        Err(MutationError::Failing(test)) => Some(test),
        Err(error) => return Err(super::untried(name, &text, error)),
    };
    remarks.sort_by_key(|remark| remark.span.start);
    documents::show(name, &text, &remarks);
    if let Some(test) = failing {
        eprintln!(
            "{name}: the test \"{test}\" fails, so that it cannot be told which boundaries are covered"
        );
    }
    let warnings = if remarks.is_empty() { String::new() } else { format!(", {} to look at", remarks.len()) };
    screen::print(&format!("{name}: {rules} rules, {tests} tests, no errors{warnings}\ndocument {hash}\n"))?;
    Ok(ExitCode::SUCCESS)
}
