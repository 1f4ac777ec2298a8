//! `vacatur policy`.

use super::documents;
use crate::args::{Policy, PolicyCommand};
use crate::failure::Failure;
use crate::screen;
use std::fmt::Write as _;
use std::process::ExitCode;
use vacatur_eligibility::{VOCABULARY, run_cases, shelf};
use vacatur_ingest::doj::Words;
use vacatur_policy::{Missing, Scope};
use vacatur_statutes::Statutes;

pub(crate) fn run(args: &Policy) -> Result<ExitCode, Failure> {
    match &args.command {
        PolicyCommand::List => list(),
        PolicyCommand::Show { policy } => {
            screen::print(&documents::text(policy)?)?;
            Ok(ExitCode::SUCCESS)
        }
        PolicyCommand::Check { policy } => check(policy),
        PolicyCommand::Test { policy, only } => test(policy, only.as_deref()),
        PolicyCommand::Facts => facts(),
    }
}

fn list() -> Result<ExitCode, Failure> {
    let mut out = String::new();
    for shelved in shelf::POLICIES {
        let (policy, _) = documents::parse(shelved.name, shelved.text)?;
        let _ = writeln!(out, "{:<28} {}", shelved.name, policy.heading.title);
        let _ = writeln!(
            out,
            "{:<28} {} rules, {} tests, {}",
            "",
            policy.rules.len(),
            policy.cases.len(),
            policy.heading.status.word()
        );
    }
    screen::print(&out)?;
    Ok(ExitCode::SUCCESS)
}

fn check(name: &str) -> Result<ExitCode, Failure> {
    let text = documents::text(name)?;
    let (policy, remarks) = documents::parse(name, &text)?;
    let statutes = Statutes::us_ca()?;
    let (rules, tests, hash) = (policy.rules.len(), policy.cases.len(), policy.hash().digits().to_owned());
    let values = policy.values([])?;
    documents::compile(name, policy, values, &statutes)?;
    documents::show(name, &text, &remarks);
    let warnings = if remarks.is_empty() { String::new() } else { format!(", {} to look at", remarks.len()) };
    screen::print(&format!("{name}: {rules} rules, {tests} tests, no errors{warnings}\ndocument {hash}\n"))?;
    Ok(ExitCode::SUCCESS)
}

fn test(name: &str, only: Option<&str>) -> Result<ExitCode, Failure> {
    let text = documents::text(name)?;
    let (policy, _) = documents::parse(name, &text)?;
    let statutes = Statutes::us_ca()?;
    let values = policy.values([])?;
    documents::compile(name, policy, values, &statutes)?;
    let reports: Vec<_> = run_cases(&text, &statutes)
        .into_iter()
        .filter(|report| only.is_none_or(|only| report.name.to_lowercase().contains(&only.to_lowercase())))
        .collect();
    let mut out = String::new();
    let (mut failed, mut expectations) = (0, 0);
    for report in &reports {
        expectations += report.expectations;
        let word = if report.failures.is_empty() { "ok    " } else { "FAILED" };
        let _ = writeln!(out, "{word}  {}", report.name);
        failed += usize::from(!report.failures.is_empty());
        for failure in &report.failures {
            let line = text[..failure.span.start.min(text.len())].matches('\n').count() + 1;
            let _ = writeln!(out, "        line {line}: {}", failure.message);
            if let Some(account) = &failure.account {
                for line in account.text().lines() {
                    let _ = writeln!(out, "        | {line}");
                }
            }
        }
    }
    let _ = writeln!(
        out,
        "{name}: {} tests, {expectations} expectations, {} passed, {failed} failed",
        reports.len(),
        reports.len() - failed
    );
    screen::print(&out)?;
    if reports.is_empty() {
        return Err(Failure::said(format_args!("{name}: no test was run")));
    }
    Ok(if failed > 0 { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn facts() -> Result<ExitCode, Failure> {
    let mut out = String::new();
    let scopes = [
        (Scope::Person, "Of the person", "person."),
        (
            Scope::Conviction,
            "Of the conviction decided; inside `where` and `has` without the first word, of each that is looked at",
            "conviction.",
        ),
        (Scope::Pair, "Inside `where`: of the one that is looked at beside the one decided", ""),
        (Scope::Registration, "Inside `any registration where`", ""),
    ];
    for (scope, title, prefix) in scopes {
        let _ = writeln!(out, "{title}");
        for fact in VOCABULARY.facts().iter().filter(|fact| fact.scope == scope) {
            let _ = writeln!(out, "  {:<26} {}", format!("{prefix}{}", fact.name), fact.says);
            let _ = writeln!(
                out,
                "  {:<26} {}; unknown is reported as \"{}\"",
                "",
                fact.kind.word(),
                fact.missing.name()
            );
        }
        let _ = writeln!(out);
    }
    let statutes = Statutes::us_ca()?;
    let _ = writeln!(out, "Section tables");
    for set in statutes.sets() {
        let _ = writeln!(out, "  {:<40} {} ({} entries)", set.name(), set.title(), set.entries().len());
    }
    let _ = writeln!(out, "\nProvisions that `conviction.relief includes` can name");
    for label in Words::us_ca_doj()?.labels() {
        let _ = writeln!(out, "  \"{label}\"");
    }
    let names: Vec<&str> = Missing::ALL.iter().map(|missing| missing.name()).collect();
    let _ = writeln!(out, "\nWhat can be missing: {}", names.join(", "));
    screen::print(&out)?;
    Ok(ExitCode::SUCCESS)
}
