//! Policies by name or path, and their errors on the screen.

use crate::failure::Failure;
use crate::screen;
use jiff::civil::Date;
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, NamedSource, Report, Severity,
};
use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;
use vacatur_eligibility::{Compiled, VOCABULARY, shelf};
use vacatur_ingest::source::read_whole;
use vacatur_policy::{Diagnostic, Policy, Value, nearest};
use vacatur_statutes::Statutes;

/// The most bytes of a policy document that are read. One of half as many is refused by its check.
const LARGEST: u64 = 2 << 20;

/// The longest line that is shown with what is wrong in it.
const LONGEST_LINE: usize = 2_000;

/// How many errors of a document are shown.
const MOST_SHOWN: usize = 100;

/// A policy's text, from the shelf or from a file.
pub(crate) fn text(policy: &str) -> Result<String, Failure> {
    if let Some(text) = shelf::policy(policy) {
        return Ok(text.to_owned());
    }
    let path = Path::new(policy);
    if path.is_dir() {
        return Err(Failure::said(format_args!(
            "{policy}: this is a folder; name the policy document in it"
        )));
    }
    if path.exists() {
        let bytes =
            read_whole(path, LARGEST).map_err(|error| Failure::said(format_args!("{policy}: {error}")))?;
        return String::from_utf8(bytes).map_err(|error| {
            Failure::said(format_args!(
                "{policy}: byte {} is not UTF-8 text; save the document as UTF-8",
                error.utf8_error().valid_up_to() + 1
            ))
        });
    }
    let names = shelf::POLICIES.iter().map(|shelved| shelved.name);
    Err(Failure::said(match nearest(policy, names) {
        Some(near) => format!(
            "there is no policy `{policy}`, neither by that name nor as a file; did you mean `{near}`?"
        ),
        None => format!(
            "there is no policy `{policy}`, neither by that name nor as a file; `vacatur policy list` shows the names"
        ),
    }))
}

/// Parses a document; its errors are shown.
pub(crate) fn parse(name: &str, text: &str) -> Result<(Policy, Vec<Diagnostic>), Failure> {
    Policy::parse_with(text, &VOCABULARY, &|base| library(name, base)).map_err(|errors| {
        show(name, text, &errors);
        Failure::Shown
    })
}

/// The name of the policy that is meant on a day: `policy` itself, or the one of a family that is in force.
pub(crate) fn in_force(policy: &str, day: Date) -> Result<String, Failure> {
    if shelf::policy(policy).is_some() || Path::new(policy).exists() {
        return Ok(policy.to_owned());
    }
    let mut family = Vec::new();
    for shelved in shelf::POLICIES {
        let (document, _) = parse(shelved.name, shelved.text)?;
        if document.heading.family.as_deref() == Some(policy) {
            family.push((shelved.name, document.heading.effective));
        }
    }
    let mut found = family.iter().filter(|(_, effective)| effective.holds(day));
    match (found.next(), found.next()) {
        (Some((name, _)), None) => Ok((*name).to_owned()),
        (Some(_), Some(_)) => Err(Failure::said(format_args!(
            "more than one policy of `{policy}` is in force on {day}; name one of them"
        ))),
        (None, _) if !family.is_empty() => {
            let known: Vec<String> =
                family.iter().map(|(name, effective)| format!("{name} {effective}")).collect();
            Err(Failure::said(format_args!(
                "no policy of `{policy}` is in force on {day}: {}",
                known.join("; ")
            )))
        }
        (None, _) => Ok(policy.to_owned()),
    }
}

/// A document that the document `name` builds on: from the shelf, or a file beside it.
pub(crate) fn library(name: &str, base: &str) -> Option<String> {
    if let Some(text) = shelf::policy(base) {
        return Some(text.to_owned());
    }
    let folder = Path::new(name).parent()?;
    String::from_utf8(read_whole(&folder.join(base), LARGEST).ok()?).ok()
}

/// Joins a document to the statutes; its errors are shown.
pub(crate) fn compile(
    name: &str,
    policy: impl Into<Arc<Policy>>,
    values: Vec<Value>,
    statutes: &Statutes,
) -> Result<Compiled, Failure> {
    let policy = policy.into();
    let text = policy.text().to_owned();
    Compiled::new(policy, values, statutes).map_err(|errors| {
        show(name, &text, &errors);
        Failure::Shown
    })
}

/// Shows what is wrong with a document, each with its line.
pub(crate) fn show(name: &str, text: &str, diagnostics: &[Diagnostic]) {
    let theme = if std::io::stderr().is_terminal() {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(110);
    for (at, diagnostic) in diagnostics.iter().enumerate() {
        if at == MOST_SHOWN {
            screen::complain(format!("… and {} more\n", diagnostics.len() - at).as_bytes());
            break;
        }
        let (line, column) = diagnostic.line_and_column(text);
        if text.lines().nth(line - 1).is_some_and(|line| line.len() > LONGEST_LINE) {
            let hint = diagnostic.hint.as_ref().map(|hint| format!("\n  help: {hint}")).unwrap_or_default();
            let words = format!("error: {}\n  --> {name}:{line}:{column}{hint}\n", diagnostic.message);
            screen::complain(words.as_bytes());
            continue;
        }
        let severity = match diagnostic.severity {
            vacatur_policy::Severity::Error => Severity::Error,
            vacatur_policy::Severity::Warning => Severity::Warning,
        };
        let mut shown = MietteDiagnostic::new(diagnostic.message.clone()).with_severity(severity);
        if diagnostic.span.end > 0 {
            shown = shown.with_label(LabeledSpan::underline(diagnostic.span.clone()));
        }
        if let Some(hint) = &diagnostic.hint {
            shown = shown.with_help(hint.clone());
        }
        let report = Report::new(shown).with_source_code(NamedSource::new(name, text.to_owned()));
        let mut out = String::new();
        if handler.render_report(&mut out, report.as_ref()).is_ok() {
            screen::complain(format!("{}\n", out.trim_end()).as_bytes());
        } else {
            screen::complain(format!("{}\n", diagnostic.render(name, text)).as_bytes());
        }
    }
}
