//! `vacatur policy check`.

use crate::commands::documents;
use crate::failure::Failure;
use crate::screen;
use std::process::ExitCode;
use std::sync::Arc;
use vacatur_eligibility::{MutationError, boundaries};
use vacatur_statutes::Statutes;

pub(super) fn run(name: &str) -> Result<ExitCode, Failure> {
    let text = documents::text(name)?;
    let (policy, mut remarks) = documents::parse(name, &text)?;
    let statutes = Arc::new(Statutes::us_ca()?);
    let (rules, tests, hash) = (policy.rules.len(), policy.cases.len(), policy.hash().digits().to_owned());
    let values = policy.values([])?;
    documents::compile(name, policy, values, &statutes)?;
    let failing = match boundaries(&text, statutes, super::threads()) {
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
