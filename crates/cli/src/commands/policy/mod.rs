//! `vacatur policy`: one file for each of its commands that runs a document, the short ones here.

mod check;
mod coverage;
mod diff;
mod doc;
mod mutants;
mod test;

use super::documents;
use crate::args::{Policy, PolicyCommand};
use crate::failure::Failure;
use crate::screen;
use std::fmt::Write as _;
use std::process::ExitCode;
use vacatur_eligibility::{MutationError, Suite, VOCABULARY, shelf};
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
        PolicyCommand::Check { policy } => check::run(policy),
        PolicyCommand::Test { policy, only } => test::run(policy, only.as_deref()),
        PolicyCommand::Coverage { policy, json } => coverage::run(policy, *json),
        PolicyCommand::Mutants { policy, survivors, json } => mutants::run(policy, *survivors, *json),
        PolicyCommand::Diff { one, other, as_of, json } => diff::run(one, other, *as_of, *json),
        PolicyCommand::Doc { policy, out } => doc::run(policy, out.as_deref()),
        PolicyCommand::Facts => facts(),
    }
}

/// The tests of a document; its errors are shown.
fn suite(name: &str, text: &str) -> Result<Suite, Failure> {
    Suite::with(text, &|base| documents::library(name, base), Statutes::us_ca()?).map_err(|errors| {
        documents::show(name, text, &errors);
        Failure::Shown
    })
}

/// Why the tests of a document could not be tried on its mutants.
fn untried(name: &str, text: &str, error: MutationError) -> Failure {
    match error {
        MutationError::Document(errors) => {
            documents::show(name, text, &errors);
            Failure::Shown
        }
        failing => Failure::said(format_args!("{name}: {failing}")),
    }
}

/// As many threads as there are cores.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

fn list() -> Result<ExitCode, Failure> {
    let mut out = String::new();
    for shelved in shelf::POLICIES {
        let (policy, _) = documents::parse(shelved.name, shelved.text)?;
        let _ = writeln!(out, "{}", shelved.name);
        let _ = writeln!(out, "    {}", policy.heading.title);
        let _ = writeln!(
            out,
            "    in force {}; {} rules, {} tests; {}",
            policy.heading.effective,
            policy.rules.len(),
            policy.cases.len(),
            policy.heading.status.word()
        );
    }
    screen::print(&out)?;
    Ok(ExitCode::SUCCESS)
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
